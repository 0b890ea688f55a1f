import { createHash, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TrustingFetch, trustingFetch } from '../../support/mcp/trustingFetch.ts';
import {
  type AuthorizationServer,
  startAuthorizationServer,
} from '../../support/oauth/authorizationServer.ts';
import { CLIENTS, REDIRECT_URI, type TestClient } from '../../support/oauth/clients.ts';
import { type ProtectedPeer, startProtectedServer } from '../../support/oauth/protectedServer.ts';

let server: AuthorizationServer;
let mcp: ProtectedPeer;
let client: TrustingFetch;

beforeAll(async () => {
  server = await startAuthorizationServer();
  mcp = await startProtectedServer({ authorizationServer: server, scopes: ['mcp:read'] });
  client = trustingFetch(server.caPem);
});

afterAll(async () => {
  await Promise.all([client.close(), mcp.close(), server.close()]);
});

async function ask(form: Record<string, string>, { clientId, clientSecret }: TestClient) {
  const post = { ...form, client_id: clientId, ...(clientSecret ? { client_secret: clientSecret } : {}) };
  const response = await client.fetch(server.tokenUrl, {
    method: 'POST',
    body: new URLSearchParams(post).toString(),
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  });
  return { status: response.status, body: (await response.json()) as Record<string, string> };
}

/** A code by PKCE for the MCP server, and the verifier that it takes. */
async function code(clientId: string) {
  const verifier = randomBytes(32).toString('base64url');
  const url = new URL(server.authorizationUrl);
  url.search = new URLSearchParams({
    client_id: clientId,
    response_type: 'code',
    redirect_uri: REDIRECT_URI,
    scope: 'mcp:read offline_access',
    prompt: 'consent',
    state: 'state',
    resource: mcp.resource,
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  }).toString();
  const back = await server.consent(url);
  return { back, verifier, code: back.searchParams.get('code') ?? '' };
}

function call(accessToken: string) {
  return client.fetch(mcp.url, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${accessToken}`,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} }),
  });
}

describe('the authorization server of the tests', () => {
  it('grants client credentials, refuses offline_access to a limited client', async () => {
    const good = await ask({ grant_type: 'client_credentials', scope: 'mcp:read' }, CLIENTS.confidential);
    expect(good).toMatchObject({ status: 200, body: { token_type: 'Bearer', scope: 'mcp:read' } });
    const bad = await ask({ grant_type: 'client_credentials', scope: 'offline_access' }, CLIENTS.limited);
    expect(bad).toMatchObject({ status: 400, body: { error: 'invalid_scope' } });
  });

  it.each([CLIENTS.public, CLIENTS.confidential])(
    'lets $clientId through consent by PKCE, rotates, and revokes the family on reuse',
    async test => {
      const revokedBefore = server.counts.revoked;
      const granted = await code(test.clientId);
      expect(granted.back.origin + granted.back.pathname).toBe(REDIRECT_URI);
      const { body } = await ask(
        {
          grant_type: 'authorization_code',
          code: granted.code,
          code_verifier: granted.verifier,
          redirect_uri: REDIRECT_URI,
        },
        test,
      );
      expect(body.refresh_token).toBeTruthy();
      expect((await call(body.access_token ?? '')).status).not.toBe(401);
      const refresh = () =>
        ask({ grant_type: 'refresh_token', refresh_token: body.refresh_token ?? '' }, test);
      const second = await refresh();
      expect(second.body.refresh_token).not.toBe(body.refresh_token);
      expect((await call(second.body.access_token ?? '')).status).not.toBe(401);
      expect(await refresh()).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
      expect(server.counts.revoked).toBeGreaterThan(revokedBefore);
      expect((await call(second.body.access_token ?? '')).status).toBe(401);
    },
  );

  it('sends a person who denies back with the error', async () => {
    server.setPerson('denies');
    const { back } = await code(CLIENTS.public.clientId).finally(() => server.setPerson('consents'));
    expect(back.searchParams.get('error')).toBe('access_denied');
    expect(back.searchParams.get('iss')).toBe(server.issuer);
  });

  it('protects the MCP server: the token must be for it, and the challenge names the metadata', async () => {
    const { body } = await ask({ grant_type: 'client_credentials' }, CLIENTS.confidential);
    expect(body.access_token).toBeTruthy();
    const refused = await call(body.access_token ?? '');
    expect(refused.status).toBe(401);
    expect(refused.headers.get('www-authenticate')).toContain(mcp.metadataUrl);
    const metadata = await (await client.fetch(mcp.metadataUrl)).json();
    expect(metadata).toMatchObject({ resource: mcp.url, authorization_servers: [server.issuer] });
    const aimed = await ask({ grant_type: 'client_credentials', resource: mcp.url }, CLIENTS.confidential);
    expect((await call(aimed.body.access_token ?? '')).status).not.toBe(401);
  });

  it('registers clients, answers for them and forgets them (RFC 7591, RFC 7592)', async () => {
    const answer = await client.fetch(server.registrationUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ redirect_uris: [REDIRECT_URI], token_endpoint_auth_method: 'none' }),
    });
    expect(answer.status).toBe(201);
    const made = (await answer.json()) as Record<string, string>;
    const headers = { authorization: `Bearer ${made.registration_access_token}` };
    const uri = made.registration_client_uri ?? '';
    expect((await client.fetch(uri, { headers })).status).toBe(200);
    expect((await client.fetch(uri, { method: 'DELETE', headers })).status).toBe(204);
    expect((await client.fetch(uri, { headers })).status).toBe(401);
  });

  it('has a fault for as many requests as asked', async () => {
    server.setFault('invalidGrant', 1);
    const form = { grant_type: 'client_credentials' };
    expect(await ask(form, CLIENTS.confidential)).toMatchObject({ body: { error: 'invalid_grant' } });
    expect(await ask(form, CLIENTS.confidential)).toMatchObject({ status: 200 });
  });
});
