import * as oauth from 'oauth4webapi';
import { CALLBACK, type ConsoleConfig, type OidcConfig } from '../api/config.ts';
import type { Federation } from '../api/session.ts';
import { limit } from './limit.ts';

/** Tokens, and the claims of the id token, which the provider itself gave: its signature is for others to check. */
export interface Tokens extends Federation {
  claims: oauth.IDToken;
}

const redirectUri = ({ publicBaseUrl }: ConsoleConfig) => `${publicBaseUrl}${CALLBACK}`;

const clientOf = ({ clientId }: OidcConfig): oauth.Client => ({ client_id: clientId });

/** The provider's metadata (OpenID Connect Discovery). @throws Error where it gives none for this issuer */
export async function discover({ issuer }: OidcConfig): Promise<oauth.AuthorizationServer> {
  const url = new URL(issuer);
  return oauth.processDiscoveryResponse(url, await oauth.discoveryRequest(url, limit()));
}

/** What makes the answer to a sign-in good here alone. */
export function newSecrets() {
  return {
    state: oauth.generateRandomState(),
    nonce: oauth.generateRandomNonce(),
    codeVerifier: oauth.generateRandomCodeVerifier(),
  };
}

/** Where a person signs in: the authorization code flow with PKCE. */
export async function authorizationUrl(
  server: oauth.AuthorizationServer,
  config: ConsoleConfig,
  oidc: OidcConfig,
  { state, nonce, codeVerifier }: ReturnType<typeof newSecrets>,
): Promise<string> {
  const url = new URL(server.authorization_endpoint ?? '');
  const parameters = {
    client_id: oidc.clientId,
    redirect_uri: redirectUri(config),
    response_type: 'code',
    scope: oidc.scope,
    state,
    nonce,
    code_challenge: await oauth.calculatePKCECodeChallenge(codeVerifier),
    code_challenge_method: 'S256',
    // OpenID Connect Core 11: without it there need not be a refresh token.
    ...(oidc.scope.split(' ').includes('offline_access') && { prompt: 'consent' }),
  };
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return url.href;
}

/**
 * Trades the answer at `CALLBACK` for tokens.
 * @throws Error of oauth4webapi where state, issuer or nonce are others, or the provider refuses
 */
export async function exchange(
  server: oauth.AuthorizationServer,
  config: ConsoleConfig,
  oidc: OidcConfig,
  answer: URL,
  { state, nonce, codeVerifier }: ReturnType<typeof newSecrets>,
): Promise<Tokens> {
  const client = clientOf(oidc);
  const parameters = oauth.validateAuthResponse(server, client, answer, state);
  const response = await oauth.authorizationCodeGrantRequest(
    server,
    client,
    oauth.None(),
    parameters,
    redirectUri(config),
    codeVerifier,
    limit(),
  );
  const tokens = await oauth.processAuthorizationCodeResponse(server, client, response, {
    expectedNonce: nonce,
    requireIdToken: true,
  });
  return tokensOf(tokens);
}

/** New tokens. @throws Error of oauth4webapi where the provider refuses */
export async function refresh(oidc: OidcConfig, refreshToken: string): Promise<Tokens> {
  const server = await discover(oidc);
  const client = clientOf(oidc);
  const response = await oauth.refreshTokenGrantRequest(server, client, oauth.None(), refreshToken, limit());
  const tokens = await oauth.processRefreshTokenResponse(server, client, response);
  return tokensOf({ refresh_token: refreshToken, ...tokens });
}

function tokensOf(response: oauth.TokenEndpointResponse): Tokens {
  const { id_token: idToken, refresh_token: refreshToken } = response;
  if (idToken === undefined) throw new Error('The provider gave no id token.');
  return { idToken, ...(refreshToken && { refreshToken }), claims: claimsOf(idToken) };
}

/** The claims of a token that the provider itself gave. */
export function claimsOf(idToken: string): oauth.IDToken {
  const payload = (idToken.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/');
  const bytes = Uint8Array.from(atob(payload), character => character.charCodeAt(0));
  return JSON.parse(new TextDecoder().decode(bytes)) as oauth.IDToken;
}

/** Where a person's session with the provider ends, if it says so (OpenID Connect RP-Initiated Logout). */
export async function endSessionUrl(
  config: ConsoleConfig,
  oidc: OidcConfig,
  idToken: string,
): Promise<string | undefined> {
  const { end_session_endpoint: endpoint } = await discover(oidc);
  if (endpoint === undefined) return undefined;
  const url = new URL(endpoint);
  const home = `${config.publicBaseUrl}/console/`;
  const parameters = {
    client_id: oidc.clientId,
    id_token_hint: idToken,
    post_logout_redirect_uri: home,
    // Cognito's name for it.
    logout_uri: home,
  };
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return url.href;
}
