import {
  type OAuthClientInformationFull,
  RegistrationRejectedError,
  registerClient,
} from '@modelcontextprotocol/client';
import { scrubServerText } from '../egress/scrub.ts';
import { managementOf } from './clientManagement.ts';
import { clientMembers } from './clientMetadata.ts';
import { countClientRegistration } from './clientRegistrationRate.ts';
import { keepClient, knownClient, type RegisteredClient } from './clientRegistrationStore.ts';
import { type ConsentDeps, redirectUri } from './consentSettings.ts';
import type { Discovered } from './discovery.ts';
import { DiscoveryError, egressCause } from './discoveryErrors.ts';
import type { ClientAuthMethod } from './types.ts';

/**
 * The client that Switchboard is at a discovered authorization server: its metadata document where the server takes
 * one, the account's kept client, or a new one (RFC 7591).
 * @throws DiscoveryError, ThrottlingException
 */
export async function clientAt(
  discovered: Discovered,
  accountId: string,
  deps: ConsentDeps,
): Promise<Omit<RegisteredClient, 'scopes'>> {
  const { server, issuer, scopes } = discovered;
  const { clientMetadataUrl } = deps.consent;
  if (server.client_id_metadata_document_supported && clientMetadataUrl) {
    return { clientId: clientMetadataUrl, authMethod: 'none' };
  }
  const known = await knownClient(accountId, issuer, scopes, deps);
  return known ?? (await newClient(discovered, accountId, deps));
}

async function newClient(
  discovered: Discovered,
  accountId: string,
  deps: ConsentDeps,
): Promise<RegisteredClient> {
  const { server, scopes, issuer } = discovered;
  if (!server.registration_endpoint) {
    throw new DiscoveryError(
      'CLIENT_REGISTRATION_NOT_OFFERED',
      'the authorization server registers no clients by itself: register one there, and use oAuth3LO.',
    );
  }
  await countClientRegistration(accountId, deps);
  const wanted = authMethodFor(server.token_endpoint_auth_methods_supported);
  const { answer, body } = await ask(discovered, wanted, deps);
  const client = { ...understood(answer, wanted, deps), scopes };
  const terms = {
    secretExpiresAt: answer.client_secret_expires_at ?? 0,
    management: managementOf(body, deps.consent.urlRules),
  };
  return keepClient(accountId, issuer, client, terms, deps);
}

const METHODS: readonly ClientAuthMethod[] = ['client_secret_basic', 'client_secret_post', 'none'];

/** RFC 8414 §2: a server that does not say takes `client_secret_basic`. */
function authMethodFor(supported: readonly string[] = ['client_secret_basic']): ClientAuthMethod {
  const method = METHODS.find(name => supported.includes(name));
  if (method) return method;
  throw new DiscoveryError(
    'CLIENT_REGISTRATION_NOT_OFFERED',
    `the authorization server takes none of ${METHODS.join(', ')} at its token endpoint.`,
  );
}

async function ask(
  { server, issuer, scopes, requests }: Discovered,
  method: ClientAuthMethod,
  deps: ConsentDeps,
): Promise<{ answer: OAuthClientInformationFull; body: string }> {
  const clientMetadata = { ...clientMembers(deps.consent), token_endpoint_auth_method: method };
  const scope = scopes.length > 0 ? { scope: scopes.join(' ') } : {};
  // The SDK leaves out what the client is managed with.
  let whole: Response | undefined;
  const fetchFn: typeof fetch = async (...request) => {
    const response = await requests.fetch(...request);
    whole = response.clone();
    return response;
  };
  try {
    const answer = await registerClient(issuer, { metadata: server, clientMetadata, ...scope, fetchFn });
    return { answer, body: (await whole?.text()) ?? '' };
  } catch (error) {
    if (error instanceof RegistrationRejectedError) throw refused(error.status, error.body);
    const message = egressCause(error)?.message ?? unusableBecause(requests.last.status);
    throw new DiscoveryError('CLIENT_REGISTRATION_INVALID', message);
  }
}

function unusableBecause(status: number | undefined): string {
  return status === undefined
    ? 'the registration endpoint did not answer in time.'
    : 'the answer of the registration endpoint describes no client (RFC 7591 §3.2.1).';
}

/** RFC 7591 §3.2.2; other text is not repeated. */
const KNOWN_ERRORS = [
  'access_denied',
  'invalid_client_metadata',
  'invalid_redirect_uri',
  'invalid_request',
  'invalid_software_statement',
  'invalid_token',
  'unapproved_software_statement',
];

function refused(status: number, body: unknown) {
  const { error, error_description } = jsonObject(body);
  const name = KNOWN_ERRORS.find(known => known === error);
  const words = typeof error_description === 'string' ? scrubServerText(error_description, []) : '';
  const what = `the authorization server refused to register Switchboard (HTTP ${status}${name ? `, ${name}` : ''})`;
  return new DiscoveryError(
    'CLIENT_REGISTRATION_REFUSED',
    `${what}${words && `: ${words}`}. Register a client there yourself, and use oAuth3LO.`,
  );
}

/** The answer, if it is for us: another redirect URI would send our codes to somebody else. */
function understood(
  answer: OAuthClientInformationFull,
  wanted: ClientAuthMethod,
  deps: ConsentDeps,
): Omit<RegisteredClient, 'scopes' | 'registration'> {
  const { client_id: clientId, client_secret: secret, redirect_uris: uris } = answer;
  if (uris.length !== 1 || uris[0] !== redirectUri(deps.consent)) {
    throw new DiscoveryError(
      'CLIENT_REGISTRATION_INVALID',
      'the authorization server answered with a client of other redirect URIs than asked for.',
    );
  }
  // RFC 7591 §2: a server that gives a secret and does not say takes it by Basic.
  const withSecret = wanted === 'none' ? 'client_secret_basic' : wanted;
  const method = answer.token_endpoint_auth_method ?? (secret ? withSecret : 'none');
  const authMethod = METHODS.find(name => name === method);
  const fits = authMethod && (authMethod === 'none' || secret);
  if (!fits || !isText(clientId, 2_048) || (secret && !isText(secret, 4_096))) {
    throw new DiscoveryError(
      'CLIENT_REGISTRATION_INVALID',
      'the authorization server answered with a client that cannot prove itself as it says.',
    );
  }
  return { clientId, ...(authMethod === 'none' ? {} : { clientSecret: secret }), authMethod };
}

/** RFC 6749 appendix A: printable ASCII. */
function isText(text: string, most: number): boolean {
  return /^[ -~]+$/.test(text) && text.length <= most;
}

function jsonObject(body: unknown): Record<string, unknown> {
  try {
    return Object(JSON.parse(String(body))) as Record<string, unknown>;
  } catch {
    return {};
  }
}
