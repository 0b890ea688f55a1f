import { scopeWarnings } from './scopes.ts';
import { clientSecrets, granted, withTokenEndpoint } from './tokenRequest.ts';
import type { Grant, OAuthClient, TokenDeps } from './types.ts';

/** What came back from a consent, and what it was begun with. */
export interface CodeExchange {
  code: string;
  /** The very redirect URI of the authorization request (RFC 6749 §4.1.3). */
  redirectUri: string;
  /** PKCE (RFC 7636). */
  codeVerifier?: string | undefined;
}

/**
 * Exchanges an authorization code for tokens (RFC 6749 §4.1.3).
 * @throws McpError of step `credential`; a code that is refused is `TOKEN_REQUEST_REJECTED`
 */
export function exchangeCode(client: OAuthClient, exchange: CodeExchange, deps: TokenDeps): Promise<Grant> {
  const { code, redirectUri, codeVerifier } = exchange;
  const parameters = {
    code,
    redirect_uri: redirectUri,
    ...(codeVerifier === undefined ? {} : { code_verifier: codeVerifier }),
  };
  const secrets = [code, ...(codeVerifier === undefined ? [] : [codeVerifier])];
  return withTokenEndpoint(client, deps, async ask => {
    const answer = await ask({ kind: 'authorization_code', parameters, secrets });
    const tokens = granted(answer, 'authorization_code');
    const warnings = scopeWarnings(client.scopes, tokens, [...clientSecrets(client), ...secrets]);
    return { tokens, authMethod: answer.authMethod, warnings };
  });
}
