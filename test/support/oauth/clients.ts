import type { ClientMetadata } from 'oidc-provider';

/** Where static clients may be sent back to, beside what a test adds. */
export const REDIRECT_URI = 'https://localhost/v1/register/mcpserver/callback';

/** Found nowhere else; URL-encoding, base64 and JSON each spell it differently. */
export const CLIENT_SECRET = 'client-canary-7b1e"+/%:&=9c';

const GRANTS = ['client_credentials', 'authorization_code', 'refresh_token'];

/** A client of a test server. */
export interface TestClient {
  clientId: string;
  clientSecret?: string;
}

export const CLIENTS = {
  /** With a secret, for every grant and scope. The id, too, needs encoding (RFC 6749 §2.3.1). */
  confidential: { clientId: 'confidential:1%', clientSecret: CLIENT_SECRET },
  /** With a secret; `invalid_scope` where it asks for more than `mcp:read`. */
  limited: { clientId: 'limited', clientSecret: CLIENT_SECRET },
  /** Without a secret: PKCE is required of it. */
  public: { clientId: 'public' },
} satisfies Record<string, TestClient>;

/** A public client of pages of an origin: the console, with paths of its own. */
export interface BrowserClient extends TestClient {
  origin: string;
}

/** As a provider wants it that lets it ask from its pages, and that people sign out of. */
export function browserClientMetadata({ clientId, origin }: BrowserClient): ClientMetadata {
  return {
    client_id: clientId,
    redirect_uris: [`${origin}/console/signed-in`],
    post_logout_redirect_uris: [`${origin}/console/`],
    grant_types: GRANTS.slice(1),
    token_endpoint_auth_method: 'none',
  };
}

/** The static clients as the provider wants them. */
export function clientMetadata(redirectUris: readonly string[]): ClientMetadata[] {
  const uris = { redirect_uris: [REDIRECT_URI, ...redirectUris] };
  const secret = { client_secret: CLIENT_SECRET };
  return [
    { client_id: CLIENTS.confidential.clientId, ...secret, ...uris, grant_types: GRANTS },
    { client_id: CLIENTS.limited.clientId, ...secret, ...uris, grant_types: GRANTS, scope: 'mcp:read' },
    {
      client_id: CLIENTS.public.clientId,
      ...uris,
      grant_types: GRANTS.slice(1),
      token_endpoint_auth_method: 'none',
    },
  ];
}
