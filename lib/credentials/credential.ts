import * as z from 'zod';
import { invalid } from '../api/errors.ts';
import type { MCPServerAuthorizationConfig } from '../api/schemas/authorizationConfig.ts';
import { reservedBecause } from './reservedHeaders.ts';

const ApiKeyCredential = z.strictObject({
  kind: z.literal('api-key'),
  header: z.string(),
  value: z.string(),
  /** Sent before the value, apart by a space. Not a secret. */
  prefix: z.string().optional(),
});

const BearerTokenCredential = z.strictObject({
  kind: z.literal('bearer-token'),
  header: z.string(),
  value: z.string(),
});

const OAuthClientCredential = z.strictObject({
  kind: z.literal('oauth-client-credentials'),
  clientId: z.string(),
  clientSecret: z.string(),
  exchangeUrl: z.string(),
  scopes: z.array(z.string()),
  exchangeParameters: z.record(z.string(), z.string()),
  clientName: z.string().optional(),
  authMethod: z.enum(['client_secret_basic', 'client_secret_post', 'none']).optional(),
});

const OAuthCodeCredential = z.strictObject({
  kind: z.literal('oauth-3lo'),
  clientId: z.string(),
  clientSecret: z.string().optional(),
  authorizationUrl: z.string(),
  exchangeUrl: z.string(),
  scopes: z.array(z.string()),
  exchangeParameters: z.record(z.string(), z.string()),
  supportCodeChallenge: z.boolean(),
  clientName: z.string().optional(),
  authMethod: z.enum(['client_secret_basic', 'client_secret_post', 'none']).optional(),
  /** RFC 8707. */
  resource: z.string().optional(),
  /** The issuer that the callback's `iss` must equal (RFC 9207). */
  issuer: z.string().optional(),
  /** The client was made, or its metadata document used, by authorization discovery. */
  discovered: z.boolean().optional(),
  /** The client's registration, where it can be removed again (RFC 7592): lib/oauth/registeredClient.ts. */
  registration: z.string().optional(),
});

const SigV4Credential = z.strictObject({
  kind: z.literal('sigv4'),
  region: z.string(),
  service: z.string(),
  roleArn: z.string().optional(),
  mcpRoleArn: z.string().optional(),
  customHeaders: z.record(z.string(), z.string()),
});

/** A credential that is sent as it is. */
export type StaticCredential = z.infer<typeof ApiKeyCredential> | z.infer<typeof BearerTokenCredential>;
export type OAuthClientCredential = z.infer<typeof OAuthClientCredential>;
export type OAuthCodeCredential = z.infer<typeof OAuthCodeCredential>;
export type SigV4Credential = z.infer<typeof SigV4Credential>;

/** What it takes to be let in by a server. Never log it. */
export type Credential = StaticCredential | OAuthClientCredential | OAuthCodeCredential | SigV4Credential;

type AuthorizationConfig = z.infer<typeof MCPServerAuthorizationConfig>;
type ApiKeyConfig = NonNullable<AuthorizationConfig['apiKey']>;
type BearerTokenConfig = NonNullable<AuthorizationConfig['bearerToken']>;

const PATH = '/serviceDetails/mcpserver/authorizationConfig';

/** The credential of a registration request that is sent as it is: API key or bearer token. Throws a `ValidationException` that points at the field at fault. */
export function credentialFromConfig(config: AuthorizationConfig): StaticCredential {
  if (config.apiKey) return apiKeyCredential(config.apiKey);
  if (config.bearerToken) return bearerTokenCredential(config.bearerToken);
  throw invalid(PATH, 'one authorization method must be set');
}

function apiKeyCredential({ apiKeyHeader, apiKeyValue, apiKeyPrefix }: ApiKeyConfig): StaticCredential {
  refuseReserved(apiKeyHeader, `${PATH}/apiKey/apiKeyHeader`);
  const prefix = apiKeyPrefix ? { prefix: apiKeyPrefix } : {};
  return { kind: 'api-key', header: apiKeyHeader, value: apiKeyValue, ...prefix };
}

function bearerTokenCredential({ tokenValue, authorizationHeader }: BearerTokenConfig): StaticCredential {
  const header = authorizationHeader ?? 'Authorization';
  refuseReserved(header, `${PATH}/bearerToken/authorizationHeader`);
  // The public contract's pattern lets control and non-ASCII characters pass; HTTP fields do not (RFC 9110 5.5).
  if (!/^[!-~]+$/.test(tokenValue)) {
    throw invalid(`${PATH}/bearerToken/tokenValue`, 'must be printable ASCII without spaces');
  }
  return { kind: 'bearer-token', header, value: tokenValue };
}

function refuseReserved(header: string, path: string): void {
  const reason = reservedBecause(header);
  if (reason) throw invalid(path, `${header} cannot carry a credential: ${reason}`);
}

/** The request headers that carry the credential; names in lower case. */
export function credentialHeaders(credential: StaticCredential): Record<string, string> {
  return { [credential.header.toLowerCase()]: headerValue(credential) };
}

function headerValue(credential: StaticCredential): string {
  switch (credential.kind) {
    case 'api-key':
      return credential.prefix ? `${credential.prefix} ${credential.value}` : credential.value;
    case 'bearer-token':
      return `Bearer ${credential.value}`;
  }
}

/** Version of the JSON inside the vault. */
const v = z.literal(1);
const StoredCredential = z.discriminatedUnion('kind', [
  ApiKeyCredential.extend({ v }),
  BearerTokenCredential.extend({ v }),
  OAuthClientCredential.extend({ v }),
  OAuthCodeCredential.extend({ v }),
  SigV4Credential.extend({ v }),
]);

/** The credential as the text to encrypt. */
export function serializeCredential(credential: Credential): string {
  return JSON.stringify({ v: v.value, ...credential });
}

/** The inverse of {@link serializeCredential}. Its error tells nothing of the text. */
export function parseCredential(text: string): Credential {
  const stored = StoredCredential.safeParse(jsonOf(text));
  if (!stored.success) throw new Error('A stored credential is damaged, or was written by a newer version');
  const { v: _, ...credential } = stored.data;
  return credential;
}

/** JSON.parse quotes its input in errors, so none of them may get out. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
