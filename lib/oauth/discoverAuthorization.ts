import type { RequestContext } from '../context.ts';
import type { OAuthCodeCredential } from '../credentials/credential.ts';
import { clientAt } from './clientRegistration.ts';
import type { ConsentDeps } from './consentSettings.ts';
import { findAuthorizationServer } from './discovery.ts';
import { DiscoveryError, discoveryRefusal } from './discoveryErrors.ts';

/** A credential by discovery, ready for the consent. */
export interface DiscoveredCredential {
  credential: OAuthCodeCredential;
  /** For `startConsent`: the server always sends `iss` (RFC 9207). */
  issRequired: boolean;
}

/**
 * Authorization discovery: finds the authorization server of an endpoint and becomes its client. Takes up to
 * 20 seconds, and counts against the account's client registrations when it makes one. `path` is the JSON Pointer
 * of the member that asks for it; `further` scopes are asked for beside those that the server names.
 * @throws ValidationException at `path` or the endpoint; ThrottlingException
 */
export async function discoverAuthorization(
  endpoint: string,
  path: string,
  further: readonly string[],
  ctx: RequestContext,
  deps: ConsentDeps,
): Promise<DiscoveredCredential> {
  try {
    return await discover(endpoint, further, ctx.caller.accountId, deps);
  } catch (error) {
    throw error instanceof DiscoveryError ? discoveryRefusal(error, path) : error;
  }
}

async function discover(
  endpoint: string,
  further: readonly string[],
  accountId: string,
  deps: ConsentDeps,
): Promise<DiscoveredCredential> {
  const { egress, consent } = deps;
  const found = await findAuthorizationServer(endpoint, { accountId, egress, urlRules: consent.urlRules });
  const { server, issuer, resource } = found;
  const scopes = [...new Set([...found.scopes, ...further])];
  const client = await clientAt({ ...found, scopes }, accountId, deps);
  return {
    credential: {
      kind: 'oauth-3lo',
      clientId: client.clientId,
      ...(client.clientSecret === undefined ? {} : { clientSecret: client.clientSecret }),
      authorizationUrl: server.authorization_endpoint,
      exchangeUrl: server.token_endpoint,
      scopes,
      exchangeParameters: {},
      supportCodeChallenge: true,
      authMethod: client.authMethod,
      ...(resource === undefined ? {} : { resource }),
      issuer,
      discovered: true,
      ...(client.registration === undefined ? {} : { registration: client.registration }),
    },
    issRequired: server.authorization_response_iss_parameter_supported === true,
  };
}
