import { createHash, randomBytes } from 'node:crypto';
import { type CodeExchange, exchangeCode } from '../../../lib/oauth/codeExchange.ts';
import type { Grant, OAuthClient, TokenDeps } from '../../../lib/oauth/types.ts';
import type { AuthorizationServer } from './authorizationServer.ts';
import { REDIRECT_URI, type TestClient } from './clients.ts';

/** What token requests of a test client are made with. */
export function oauthClient(
  server: AuthorizationServer,
  client: TestClient,
  more: Partial<OAuthClient> = {},
): OAuthClient {
  return { ...client, exchangeUrl: server.tokenUrl, scopes: [], exchangeParameters: {}, ...more };
}

/** Has the person of a test server consent; answers with what the code can be exchanged by. */
export async function consentedCode(server: AuthorizationServer, client: OAuthClient): Promise<CodeExchange> {
  const codeVerifier = randomBytes(32).toString('base64url');
  const url = new URL(server.authorizationUrl);
  url.search = new URLSearchParams({
    client_id: client.clientId,
    response_type: 'code',
    redirect_uri: REDIRECT_URI,
    scope: [...client.scopes, 'offline_access'].join(' '),
    prompt: 'consent',
    state: 'state',
    code_challenge: createHash('sha256').update(codeVerifier).digest('base64url'),
    code_challenge_method: 'S256',
    ...(client.resource ? { resource: client.resource } : {}),
  }).toString();
  const back = await server.consent(url);
  const code = back.searchParams.get('code');
  if (!code) throw new Error(`No code came back: ${back.searchParams.get('error')}`);
  return { code, redirectUri: REDIRECT_URI, codeVerifier };
}

/** The tokens of a consent. */
export async function consentedGrant(
  server: AuthorizationServer,
  client: OAuthClient,
  deps: TokenDeps,
): Promise<Grant> {
  return exchangeCode(client, await consentedCode(server, client), deps);
}
