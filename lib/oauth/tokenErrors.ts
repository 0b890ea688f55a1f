import { EgressError, type EgressErrorCode } from '../egress/types.ts';
import { sentence } from '../mcp/explainEgress.ts';
import { failure, McpError } from '../mcp/mcpError.ts';
import type { ValidationCode } from '../mcp/types.ts';

/** What a client asks tokens for. */
export type GrantKind = 'client_credentials' | 'authorization_code' | 'refresh_token';

/** A refusal in OAuth's own form (RFC 6749 §5.2). */
export interface Refusal {
  /** As the server wrote it: show it by {@link refused} only. */
  error: string;
  /** Scrubbed. */
  description: string;
}

/** The errors of RFC 6749 §5.2, RFC 8707 and OpenID Connect; others are not repeated, since a server may put anything there. */
const CODE_OF_ERROR: Readonly<Record<string, ValidationCode>> = {
  invalid_client: 'TOKEN_CLIENT_REJECTED',
  unauthorized_client: 'TOKEN_CLIENT_REJECTED',
  invalid_scope: 'TOKEN_SCOPE_REJECTED',
  insufficient_scope: 'TOKEN_SCOPE_REJECTED',
  invalid_grant: 'TOKEN_REQUEST_REJECTED',
  invalid_request: 'TOKEN_REQUEST_REJECTED',
  invalid_target: 'TOKEN_REQUEST_REJECTED',
  unsupported_grant_type: 'TOKEN_REQUEST_REJECTED',
  access_denied: 'TOKEN_REQUEST_REJECTED',
  interaction_required: 'TOKEN_REQUEST_REJECTED',
  login_required: 'TOKEN_REQUEST_REJECTED',
  consent_required: 'TOKEN_REQUEST_REJECTED',
  temporarily_unavailable: 'TOKEN_ENDPOINT_UNREACHABLE',
  server_error: 'TOKEN_ENDPOINT_UNREACHABLE',
};

/** What ends a consent for good. Only a person can bring it back. */
const ENDS_CONSENT = new Set(['invalid_grant', 'interaction_required', 'login_required', 'consent_required']);

/** The failure of a token request that the authorization server refused. */
export function refused({ error, description }: Refusal, kind: GrantKind): McpError {
  const known = CODE_OF_ERROR[error];
  const name = known ? error : 'an error that OAuth does not name';
  const what = sentence(
    `The authorization server refused the token request (${name})${description && `: ${description}`}`,
  );
  if (kind === 'refresh_token' && ENDS_CONSENT.has(error)) return failure('CONSENT_REQUIRED', what);
  if (kind === 'authorization_code' && error === 'invalid_grant') {
    return new McpError(
      'TOKEN_REQUEST_REJECTED',
      `${what} Codes work once and for a short time: start the consent again.`,
    );
  }
  if (known === 'TOKEN_ENDPOINT_UNREACHABLE') return notNow(what);
  return failure(known ?? 'TOKEN_REQUEST_REJECTED', what);
}

/** An answer without a refusal that OAuth would understand. */
export function unusableStatus(status: number): McpError {
  const what = `The token endpoint answered HTTP ${status} without an OAuth error.`;
  if (status === 401) return failure('TOKEN_CLIENT_REJECTED', what);
  if (status === 429 || status >= 500) return notNow(`The token endpoint answered HTTP ${status}.`);
  return unusable(what);
}

/** An answer that is not one of a token endpoint. */
export function unusable(what: string): McpError {
  return failure('TOKEN_ENDPOINT_ANSWER_INVALID', what);
}

/** Trying again may help, and nothing else would. */
function notNow(what: string): McpError {
  return new McpError(
    'TOKEN_ENDPOINT_UNREACHABLE',
    `${what} Try again, once the authorization server is healthy.`,
  );
}

/** Egress's failures that come after the endpoint was found to answer. */
const ANSWERED: ReadonlySet<EgressErrorCode> = new Set([
  'REDIRECT_REFUSED',
  'TOO_MANY_REDIRECTS',
  'RESPONSE_TOO_LARGE',
  'HEADERS_TOO_LARGE',
]);

/** Any error of a token request as the typed one. Nothing of an error that is not understood is shown. */
export function explainTokenFailure(error: unknown): McpError {
  if (error instanceof McpError) return error;
  if (error instanceof EgressError) return ofEgress(error);
  return failure('TOKEN_ENDPOINT_UNREACHABLE', 'The token request could not be made.');
}

function ofEgress(error: EgressError): McpError {
  const code = ANSWERED.has(error.code) ? 'TOKEN_ENDPOINT_ANSWER_INVALID' : 'TOKEN_ENDPOINT_UNREACHABLE';
  const what = `Token endpoint: ${sentence(error.message)}`;
  // Many of egress's messages end in a remedy of their own, after a colon.
  return /: [a-z]/.test(error.message) ? new McpError(code, what) : failure(code, what);
}

/** The token request took too long, or its caller gave up. */
export function interrupted(callers: AbortSignal | undefined, timeoutMs: number): McpError {
  if (!callers?.aborted) {
    const what = `The token endpoint did not answer within ${timeoutMs / 1000} s.`;
    return failure('TOKEN_ENDPOINT_UNREACHABLE', what);
  }
  const timedOut = Object(callers.reason).name === 'TimeoutError';
  const what = timedOut ? 'The time ran out' : 'The check was called off';
  return failure('TOKEN_ENDPOINT_UNREACHABLE', `${what} while waiting for the token endpoint.`);
}
