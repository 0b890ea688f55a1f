import { McpError } from '../mcp/mcpError.ts';
import { withoutReserved } from './reservedParameters.ts';
import { readTokenAnswer, type TokenAnswer } from './tokenAnswer.ts';
import { explainTokenFailure, type GrantKind, interrupted, refused } from './tokenErrors.ts';
import type { ClientAuthMethod, OAuthClient, TokenDeps, TokenSet } from './types.ts';

/**
 * Milliseconds for getting a token, negotiation included. Half of a validation's budget, so that the server itself
 * can still be checked. A refresh lease lasts longer.
 */
export const TOKEN_REQUEST_TIMEOUT_MS = 10_000;

/** Bytes of one answer: three tokens of 16 KB (an id token may be among them) and some words. */
const MAX_ANSWER_BYTES = 65_536;

/** What one grant sends beside the client's own parameters. */
export interface GrantRequest {
  kind: GrantKind;
  /** Parameters of the grant, `grant_type` left out. */
  parameters: Readonly<Record<string, string>>;
  /** Values among them that must not be shown. */
  secrets: readonly string[];
}

/** Asks a token endpoint, once or in the other way to prove who asks. */
export type AskForTokens = (request: GrantRequest) => Promise<TokenAnswer & { authMethod: ClientAuthMethod }>;

/**
 * Runs one grant within {@link TOKEN_REQUEST_TIMEOUT_MS} in all, however many requests it takes.
 * @throws McpError
 */
export async function withTokenEndpoint<T>(
  client: OAuthClient,
  deps: TokenDeps,
  grant: (ask: AskForTokens) => Promise<T>,
): Promise<T> {
  const deadline = AbortSignal.timeout(TOKEN_REQUEST_TIMEOUT_MS);
  const signal = deps.signal ? AbortSignal.any([deps.signal, deadline]) : deadline;
  try {
    return await grant(request => negotiate(client, request, { ...deps, signal }));
  } catch (error) {
    if (signal.aborted && !(error instanceof McpError)) {
      throw interrupted(deps.signal, TOKEN_REQUEST_TIMEOUT_MS);
    }
    throw explainTokenFailure(error);
  }
}

/** The tokens of an answer. @throws McpError where it was refused */
export function granted(answer: TokenAnswer, kind: GrantKind): TokenSet {
  if ('refusal' in answer) throw refused(answer.refusal, kind);
  return answer.tokens;
}

/** What must not be shown of a client, in the forms that it is sent in. */
export function clientSecrets(client: OAuthClient): string[] {
  return [client.clientId, ...sentSecrets(client)];
}

/** The same without the client id, which scopes may rightly hold (`api://<client id>/read`). */
export function sentSecrets({ clientId, clientSecret, exchangeParameters }: OAuthClient): string[] {
  const parameters = Object.values(exchangeParameters).flatMap(value => [value, formEncoded(value)]);
  if (!clientSecret) return parameters;
  const pair = `${formEncoded(clientId)}:${formEncoded(clientSecret)}`;
  return [clientSecret, formEncoded(clientSecret), pair, ...parameters];
}

/** A server that does not see the client's proof may say so in either of these words. */
const TRY_OTHER_METHOD = new Set(['invalid_client', 'invalid_request']);

async function negotiate(
  client: OAuthClient,
  request: GrantRequest,
  deps: TokenDeps & { signal: AbortSignal },
) {
  let first: (TokenAnswer & { authMethod: ClientAuthMethod }) | undefined;
  let failed: McpError | undefined;
  for (const authMethod of methodsOf(client)) {
    try {
      const answer = { ...(await post(client, request, authMethod, deps)), authMethod };
      if (!('refusal' in answer) || !TRY_OTHER_METHOD.has(answer.refusal.error)) return answer;
      first ??= answer;
    } catch (error) {
      // A bare 401.
      if (!(error instanceof McpError) || error.code !== 'TOKEN_CLIENT_REJECTED') throw error;
      failed ??= error;
    }
  }
  if (first) return first;
  throw failed;
}

function methodsOf({ authMethod, clientSecret }: OAuthClient): ClientAuthMethod[] {
  if (authMethod) return [authMethod];
  return clientSecret ? ['client_secret_basic', 'client_secret_post'] : ['none'];
}

async function post(
  client: OAuthClient,
  request: GrantRequest,
  authMethod: ClientAuthMethod,
  { accountId, egress, now, signal }: TokenDeps & { signal: AbortSignal },
): Promise<TokenAnswer> {
  const door = egress.fetchFor({
    accountId,
    redirects: 'none',
    maxResponseBytes: MAX_ANSWER_BYTES,
    headersTimeoutMs: TOKEN_REQUEST_TIMEOUT_MS,
    signal,
  });
  const sentAt = now();
  const response = await door(client.exchangeUrl, {
    method: 'POST',
    headers: {
      accept: 'application/json',
      'content-type': 'application/x-www-form-urlencoded',
      ...(authMethod === 'client_secret_basic' ? { authorization: basic(client) } : {}),
    },
    body: body(client, request, authMethod),
  });
  const text = await response.text();
  return readTokenAnswer(response.status, text, sentAt, [...clientSecrets(client), ...request.secrets]);
}

function body(client: OAuthClient, request: GrantRequest, authMethod: ClientAuthMethod): string {
  const { clientId, clientSecret = '', resource } = client;
  return new URLSearchParams({
    ...withoutReserved(client.exchangeParameters),
    ...request.parameters,
    grant_type: request.kind,
    ...(resource === undefined ? {} : { resource }),
    ...(authMethod === 'client_secret_basic' ? {} : { client_id: clientId }),
    ...(authMethod === 'client_secret_post' ? { client_secret: clientSecret } : {}),
  }).toString();
}

/** RFC 6749 §2.3.1: both parts are form-urlencoded first, so that the colon between them is the only one. */
function basic({ clientId, clientSecret = '' }: OAuthClient): string {
  return `Basic ${Buffer.from(`${formEncoded(clientId)}:${formEncoded(clientSecret)}`).toString('base64')}`;
}

function formEncoded(text: string): string {
  return new URLSearchParams([['', text]]).toString().slice(1);
}
