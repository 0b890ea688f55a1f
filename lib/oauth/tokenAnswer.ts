import { scrubServerText } from '../egress/scrub.ts';
import { type Refusal, unusable, unusableStatus } from './tokenErrors.ts';
import type { TokenSet } from './types.ts';

/** Characters of a token: servers take 8 to 16 KB of headers, and JWTs with large claims reach some KB. */
const MAX_TOKEN = 16_384;
/** Characters of the granted scopes: beyond this nobody reads them. */
const MAX_SCOPES = 4_096;
/** Seconds a token is believed to live: no server means longer, and times stay in the range of dates. */
const MAX_LIFETIME_S = 366 * 86_400;

export type TokenAnswer = { tokens: TokenSet } | { refusal: Refusal };

/**
 * Understands the answer of a token endpoint (RFC 6749 §5.1 and §5.2), refusals with any status among them.
 * `sentAt` is when the request left, epoch milliseconds: from then on a token's life is counted, so that it never
 * seems longer than it is.
 * @throws McpError that repeats nothing of an answer which is neither
 */
export function readTokenAnswer(
  status: number,
  body: string,
  sentAt: number,
  secrets: readonly string[],
): TokenAnswer {
  if (status === 429) throw unusableStatus(status);
  const answer = jsonObject(body);
  if (typeof answer?.error === 'string' && !answer.access_token) {
    const described = typeof answer.error_description === 'string' ? answer.error_description : '';
    return { refusal: { error: answer.error, description: scrubServerText(described, secrets) } };
  }
  if (status !== 200) throw unusableStatus(status);
  if (!answer) throw unusable('The token endpoint did not answer with a JSON object.');
  return { tokens: tokenSet(answer, sentAt) };
}

function tokenSet(answer: Record<string, unknown>, sentAt: number): TokenSet {
  if (String(answer.token_type).toLowerCase() !== 'bearer') {
    throw unusable('The token endpoint granted a token of another type than Bearer.');
  }
  const lifetime = lifetimeMs(answer.expires_in);
  const scopes = grantedScopes(answer.scope);
  return {
    accessToken: token(answer.access_token, 'access token'),
    ...(lifetime === undefined ? {} : { expiresAt: sentAt + lifetime }),
    ...(isLeftOut(answer.refresh_token)
      ? {}
      : { refreshToken: token(answer.refresh_token, 'refresh token') }),
    ...(scopes ? { scopes } : {}),
  };
}

/** Printable ASCII without spaces: what a header holds (RFC 6750 §2.1 allows less still), and no line can be added. */
function token(value: unknown, name: string): string {
  if (isLeftOut(value)) throw unusable(`The answer of the token endpoint holds no ${name}.`);
  if (typeof value !== 'string' || !/^[!-~]+$/.test(value)) {
    throw unusable(`The ${name} that the token endpoint granted holds characters that tokens cannot have.`);
  }
  if (value.length > MAX_TOKEN) {
    throw unusable(`The ${name} that the token endpoint granted is longer than ${MAX_TOKEN} characters.`);
  }
  return value;
}

/** Some servers write the number as text, and 0 for a token that does not expire. */
function lifetimeMs(value: unknown): number | undefined {
  if (isLeftOut(value)) return undefined;
  const seconds = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value;
  if (typeof seconds !== 'number' || !(seconds >= 0)) {
    throw unusable('expires_in in the answer of the token endpoint is not a number of seconds.');
  }
  return seconds === 0 ? undefined : Math.min(seconds, MAX_LIFETIME_S) * 1000;
}

/** RFC 6749 §3.3; what has another form is taken as not said. */
function grantedScopes(value: unknown): string[] | undefined {
  if (typeof value !== 'string' || value.length > MAX_SCOPES || !/^[!-~ ]+$/.test(value)) return undefined;
  const scopes = value.split(' ').filter(Boolean);
  return scopes.length > 0 ? scopes : undefined;
}

function isLeftOut(value: unknown): boolean {
  return value === undefined || value === null || value === '';
}

function jsonObject(body: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
