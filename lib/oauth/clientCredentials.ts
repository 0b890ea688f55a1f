import type { ValidationWarning } from '../mcp/types.ts';
import { OFFLINE_ACCESS, scopeWarnings, withOfflineAccess } from './scopes.ts';
import { type AskForTokens, clientSecrets, granted, withTokenEndpoint } from './tokenRequest.ts';
import type { Grant, OAuthClient, TokenDeps } from './types.ts';

/**
 * Gets a token for the client itself (RFC 6749 §4.4). `offline_access` is asked for beside the client's scopes, and
 * left out where that is refused as `invalid_scope`, with a warning. A refresh token is not kept: the client can
 * always ask anew.
 * @throws McpError of step `credential`
 */
export function clientCredentialsGrant(client: OAuthClient, deps: TokenDeps): Promise<Grant> {
  return withTokenEndpoint(client, deps, async ask => {
    const { answer, warnings } = await askForScopes(client, ask);
    const { refreshToken: _, ...tokens } = granted(answer, 'client_credentials');
    const ofScopes = scopeWarnings(client.scopes, tokens, clientSecrets(client));
    return { tokens, authMethod: answer.authMethod, warnings: [...warnings, ...ofScopes] };
  });
}

async function askForScopes(client: OAuthClient, ask: AskForTokens) {
  const first = await ask(request(withOfflineAccess(client.scopes)));
  if (!('refusal' in first) || first.refusal.error !== 'invalid_scope')
    return { answer: first, warnings: [] };
  const answer = await ask(request(client.scopes.filter(scope => scope !== OFFLINE_ACCESS)));
  return { answer, warnings: [offlineAccessRefused] };
}

const offlineAccessRefused: ValidationWarning = {
  code: 'OFFLINE_ACCESS_REFUSED',
  message:
    'The authorization server refuses the scope offline_access to this client; the token was asked for without it.',
};

function request(scopes: readonly string[]) {
  return {
    kind: 'client_credentials' as const,
    parameters: scopes.length > 0 ? { scope: scopes.join(' ') } : {},
    secrets: [],
  };
}
