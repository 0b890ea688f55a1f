import type * as z from 'zod';
import type { MCPServerAuthorizationConfig } from '../api/schemas/authorizationConfig.ts';
import type { UpdateServiceDetails } from '../api/schemas/serviceDetails.ts';
import {
  type Credential,
  credentialFromConfig,
  type OAuthClientCredential,
  type OAuthCodeCredential,
} from '../credentials/credential.ts';
import type { StepResult, ValidationCode } from '../mcp/types.ts';
import { refuseReservedParameters } from '../oauth/reservedParameters.ts';
import { sigv4CredentialFromConfig } from '../sigv4/sigv4Credential.ts';

type AuthorizationConfig = z.output<typeof MCPServerAuthorizationConfig>;
type ClientCredentialsConfig = NonNullable<AuthorizationConfig['oAuthClientCredentials']>;
type CodeConfig = NonNullable<AuthorizationConfig['oAuth3LO']>;
type Details = z.output<typeof UpdateServiceDetails>;

/** How a request wants Switchboard to be let in by a server. */
export type Authorization =
  | { kind: 'direct'; credential: Credential }
  /** A person has to consent first. */
  | { kind: 'consent'; credential: OAuthCodeCredential; returnTo: string }
  /** A person has to consent, and the server says whom to ask. */
  | { kind: 'discovery'; returnTo: string };

/** What decides whether an authorization can be had here. */
export interface AuthorizationRules {
  accountId: string;
  /** Whether the process's own AWS credentials may sign for servers without a role. */
  ownCredentials: boolean;
}

/** An authorization, and where in the request a failed step belongs. */
export interface ReadAuthorization {
  authorization: Authorization;
  pathOf: (step: StepResult) => string;
}

/** JSON Pointer of the authorization of a server that is not SigV4-signed. */
export const AUTHORIZATION_PATH = '/serviceDetails/mcpserver/authorizationConfig';

/**
 * Understands the `authorizationConfig` of a registration or an update, of either kind of server.
 * @throws ValidationException that points at the member at fault
 */
export function readAuthorization(details: Details, rules: AuthorizationRules): ReadAuthorization {
  const { mcpserver, mcpserversigv4 } = details;
  if (mcpserversigv4) {
    const path = '/serviceDetails/mcpserversigv4';
    const config = mcpserversigv4.authorizationConfig;
    const credential = sigv4CredentialFromConfig(config, `${path}/authorizationConfig`, rules);
    const role = config.mcpRoleArn || !config.roleArn ? 'mcpRoleArn' : 'roleArn';
    return {
      authorization: { kind: 'direct', credential },
      pathOf: placed(path, step => (step.code === 'SIGNING_FAILED' ? `/${role}` : '')),
    };
  }
  const config = mcpserver?.authorizationConfig ?? {};
  return {
    authorization: mcpServerAuthorization(config),
    pathOf: placed('/serviceDetails/mcpserver', step => memberOf(config, step)),
  };
}

/** A failed credential belongs to the authorization, everything else to the endpoint. */
function placed(path: string, member: (step: StepResult) => string): ReadAuthorization['pathOf'] {
  return step =>
    step.step === 'credential' ? `${path}/authorizationConfig${member(step)}` : `${path}/endpoint`;
}

function mcpServerAuthorization(config: AuthorizationConfig): Authorization {
  const { oAuthClientCredentials, oAuth3LO, authorizationDiscovery } = config;
  if (oAuthClientCredentials) return { kind: 'direct', credential: clientCredential(oAuthClientCredentials) };
  if (oAuth3LO) {
    return { kind: 'consent', credential: codeCredential(oAuth3LO), returnTo: oAuth3LO.returnToEndpoint };
  }
  if (authorizationDiscovery) return { kind: 'discovery', returnTo: authorizationDiscovery.returnToEndpoint };
  return { kind: 'direct', credential: credentialFromConfig(config) };
}

function clientCredential(config: ClientCredentialsConfig): OAuthClientCredential {
  return {
    kind: 'oauth-client-credentials',
    ...clientMembers(config, 'oAuthClientCredentials'),
    clientSecret: config.clientSecret,
  };
}

function codeCredential(config: CodeConfig): OAuthCodeCredential {
  const { clientSecret, authorizationUrl, supportCodeChallenge } = config;
  return {
    kind: 'oauth-3lo',
    ...clientMembers(config, 'oAuth3LO'),
    ...(clientSecret ? { clientSecret } : {}),
    authorizationUrl,
    // Without a secret, PKCE is all that ties the code to this client (RFC 9700 §2.1.1); servers without it pass by it.
    supportCodeChallenge: supportCodeChallenge === true || !clientSecret,
  };
}

/** What both OAuth methods are configured with. */
function clientMembers(config: ClientCredentialsConfig | CodeConfig, method: string) {
  const { clientId, clientName, exchangeUrl, scopes = [], exchangeParameters = {} } = config;
  refuseReservedParameters(exchangeParameters, `${AUTHORIZATION_PATH}/${method}/exchangeParameters`);
  return {
    clientId,
    exchangeUrl,
    scopes,
    exchangeParameters,
    ...(clientName === undefined ? {} : { clientName }),
  };
}

/** Members of an OAuth configuration that a failed token request is about; the secret where none is named. */
const MEMBER_OF_CODE: Partial<Record<ValidationCode, string>> = {
  TOKEN_ENDPOINT_UNREACHABLE: 'exchangeUrl',
  TOKEN_ENDPOINT_ANSWER_INVALID: 'exchangeUrl',
  TOKEN_SCOPE_REJECTED: 'scopes',
  TOKEN_REQUEST_REJECTED: 'exchangeParameters',
};

function memberOf(config: AuthorizationConfig, { code }: StepResult): string {
  if (config.apiKey) return '/apiKey/apiKeyValue';
  if (config.bearerToken) return '/bearerToken/tokenValue';
  if (config.authorizationDiscovery) return '/authorizationDiscovery';
  const method = config.oAuth3LO ? 'oAuth3LO' : 'oAuthClientCredentials';
  const member =
    (code && MEMBER_OF_CODE[code]) ??
    (config.oAuth3LO?.clientSecret === undefined && config.oAuth3LO ? 'clientId' : 'clientSecret');
  return `/${method}/${member}`;
}
