import { scrubServerText } from '../egress/scrub.ts';
import type { ValidationWarning } from '../mcp/types.ts';
import { sentSecrets } from './tokenRequest.ts';
import type { OAuthClient, TokenSet } from './types.ts';

/** Asks for refresh tokens (OpenID Connect Core §11). */
export const OFFLINE_ACCESS = 'offline_access';

/** They say how tokens are given rather than what they allow, and servers leave them out of what they granted. */
const NOT_COMPARED = new Set([OFFLINE_ACCESS, 'openid']);

/** RFC 6749 §3.3; more than this nobody reads on a consent page. */
const MAX_SCOPES = 100;

/** Scopes that are fit to be asked for. */
export function scopesIn(text: string | readonly string[] | undefined): string[] {
  const words = typeof text === 'string' ? text.split(' ') : (text ?? []);
  const scopes = words.filter(word => /^[!#-[\]-~]{1,128}$/.test(word));
  return [...new Set(scopes)].slice(0, MAX_SCOPES);
}

/** `scopes` and `offline_access`, each once. */
export function withOfflineAccess(scopes: readonly string[]): string[] {
  return [...new Set([...scopes, OFFLINE_ACCESS])];
}

/** What the operator should know of granted scopes that are not those asked for (RFC 6749 §3.3). */
export function scopeWarnings(
  asked: readonly string[],
  tokens: TokenSet,
  secrets: readonly string[],
): ValidationWarning[] {
  // A server that says nothing granted what was asked; where nothing was asked, its default is no surprise.
  if (!tokens.scopes || asked.length === 0) return [];
  const known = [...secrets, tokens.accessToken, tokens.refreshToken ?? ''];
  const missing = beyond(asked, tokens.scopes);
  const added = beyond(tokens.scopes, asked);
  const list = (scopes: string[]) => scrubServerText(scopes.join(' '), known);
  const warnings: ValidationWarning[] = [];
  if (missing.length > 0) {
    const message = `The authorization server did not grant these scopes: ${list(missing)}. Tools that need them will fail.`;
    warnings.push({ code: 'SCOPES_NOT_GRANTED', message });
  }
  if (added.length > 0) {
    const message = `The authorization server granted scopes that were not asked for: ${list(added)}. Check that the client may have them.`;
    warnings.push({ code: 'SCOPES_ADDED', message });
  }
  return warnings;
}

/** The scopes that tokens are for: as granted, or as asked for where the server did not say (RFC 6749 §5.1). */
export function grantedScopes(client: OAuthClient, tokens: TokenSet): string[] {
  const { scopes: asked, clientSecret = '' } = client;
  const own = [clientSecret, tokens.accessToken, tokens.refreshToken ?? ''];
  const told = [...own, ...sentSecrets(client)];
  // A server may have put anything there; what repeats a secret is no scope. A parameter may well be part of one.
  return (tokens.scopes ?? asked).filter(
    scope => scrubServerText(scope, asked.includes(scope) ? own : told) === scope,
  );
}

/** Words that scopes promise changes with, wherever they stand between separators. */
const WRITING = /(^|[^a-z])(write|admin|manage|delete|create|update|modify|full|all)($|[^a-z])|\*/i;

/** Warns of scopes that let agents change things: many an operator only wanted them to look. */
export function writingScopes(scopes: readonly string[]): ValidationWarning[] {
  const writing = scopes.filter(scope => WRITING.test(scope));
  if (writing.length === 0) return [];
  const message = `These scopes promise changes, not only reading: ${scrubServerText(writing.join(' '), [])}. Ask for less if agents need not change anything.`;
  return [{ code: 'SCOPES_PROMISE_WRITES', message }];
}

function beyond(scopes: readonly string[], others: readonly string[]): string[] {
  return scopes.filter(scope => !NOT_COMPARED.has(scope) && !others.includes(scope));
}
