import type { RequestAuthorizer } from '../mcp/authorizer.ts';
import type { TokenHolder, TokenSet } from './types.ts';

/**
 * Sends a holder's current token (RFC 6750 §2.1), and after a 401 another where there is one. One for each
 * connection: `renew` is about the token that this very authorizer sent last.
 */
export function bearerAuthorizer(holder: TokenHolder): RequestAuthorizer {
  let sent: TokenSet | undefined;
  let failed: { error: unknown } | undefined;
  return {
    headerNames: ['authorization'],
    async authorize() {
      const failure = failed;
      failed = undefined;
      if (failure) throw failure.error;
      sent = await holder.current();
      return { authorization: `Bearer ${sent.accessToken}` };
    },
    async renew() {
      if (!sent) return false;
      try {
        return await holder.replace(sent);
      } catch (error) {
        // Told when the request is tried again: failures of `authorize` are the ones that reach the caller whole.
        failed = { error };
        return true;
      }
    },
    async forbidden(refusal) {
      // Rare, and its module brings the MCP client in.
      const { scopesDemanded } = await import('./scopesDemanded.ts');
      const scopes = scopesDemanded(refusal);
      if (!sent || scopes.length === 0) return false;
      // The refusal stands, whether or not it could be acted on.
      return (await holder.lacks?.(sent, scopes).catch(() => false)) === true;
    },
    secrets: () => holder.secrets(),
  };
}
