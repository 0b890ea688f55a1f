import { extractWWWAuthenticateParams } from '@modelcontextprotocol/client';
import { MAX_DEMANDED } from './demandedScopes.ts';
import { scopesIn } from './scopes.ts';

/** Scopes that a refusal with 403 asks for (RFC 6750 §3.1 `insufficient_scope`; MCP authorization, "Step-Up"). */
export function scopesDemanded(refusal: Response): string[] {
  const { error, scope } = extractWWWAuthenticateParams(refusal);
  return error === 'insufficient_scope' ? scopesIn(scope).slice(0, MAX_DEMANDED) : [];
}
