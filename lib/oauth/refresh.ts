import { failure, type McpError } from '../mcp/mcpError.ts';
import { granted, withTokenEndpoint } from './tokenRequest.ts';
import type { Grant, OAuthClient, TokenDeps, TokenSet } from './types.ts';

/**
 * Gets new tokens for a refresh token (RFC 6749 §6). A rotated refresh token takes the place of the old one; where
 * none comes back, the old one goes on. What was granted goes on too, unless the server says otherwise.
 * @throws McpError `CONSENT_REQUIRED` where there is no refresh token or it is no longer good
 */
export async function refreshTokens(client: OAuthClient, tokens: TokenSet, deps: TokenDeps): Promise<Grant> {
  const { refreshToken } = tokens;
  if (refreshToken === undefined) throw notRefreshable();
  const secrets = [refreshToken, tokens.accessToken];
  return withTokenEndpoint(client, deps, async ask => {
    const parameters = { refresh_token: refreshToken };
    const answer = await ask({ kind: 'refresh_token', parameters, secrets });
    const fresh = granted(answer, 'refresh_token');
    const kept = tokens.scopes ? { scopes: tokens.scopes } : {};
    return {
      tokens: { refreshToken, ...kept, ...fresh },
      authMethod: answer.authMethod,
      warnings: [],
    };
  });
}

/** Why a consent ends with its access token. */
export function notRefreshable(): McpError {
  return failure(
    'CONSENT_REQUIRED',
    'The authorization server gave no refresh token, and the access token is no longer good.',
  );
}
