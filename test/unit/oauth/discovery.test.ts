import type { IncomingMessage, ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ApiError } from '../../../lib/api/errors.ts';
import { CLIENT_REGISTRATIONS_PER_HOUR } from '../../../lib/oauth/clientRegistrationRate.ts';
import { forgetClient } from '../../../lib/oauth/clientRegistrationStore.ts';
import type { ConsentDeps } from '../../../lib/oauth/consentSettings.ts';
import { discoverAuthorization } from '../../../lib/oauth/discoverAuthorization.ts';
import { type Peer, startTlsServer } from '../../support/mcp/tlsServer.ts';
import {
  type AuthorizationServer,
  startAuthorizationServer,
} from '../../support/oauth/authorizationServer.ts';
import { type ConsentApp, startConsentApp } from '../../support/oauth/consentApp.ts';
import { type ProtectedOptions, startProtectedServer } from '../../support/oauth/protectedServer.ts';
import { scan } from '../../support/oauth/tableDump.ts';

const PATH = '/serviceDetails/mcpserver/authorizationConfig/authorizationDiscovery';

let app: ConsentApp;
let server: AuthorizationServer;
let account = 100000000000;
const peers: { close(): Promise<void> }[] = [];

beforeAll(async () => {
  app = await startConsentApp();
  server = await startAuthorizationServer();
});

afterEach(async () => {
  await Promise.all(peers.splice(0).map(peer => peer.close()));
});

afterAll(async () => {
  await Promise.all([server.close(), app.stop()]);
});

/** Discovery for an account of its own, so that no client is kept from another test. */
function discover(endpoint: string, accountId = String(++account), deps: ConsentDeps = app.deps) {
  return discoverAuthorization(endpoint, PATH, [], app.context({ accountId }), deps);
}

async function protectedBy(options: Partial<ProtectedOptions> = {}) {
  const peer = await startProtectedServer({ authorizationServer: server, ...options });
  peers.push(peer);
  return peer;
}

/** What discovery was refused with: its one field. */
async function refusal(endpoint: string, accountId?: string, deps?: ConsentDeps) {
  const outcome = await discover(endpoint, accountId, deps).then(
    value => new Error(`not refused: ${JSON.stringify(value)}`),
    (error: unknown) => error,
  );
  if (!(outcome instanceof ApiError) || outcome.failure.code !== 'ValidationException') throw outcome;
  const [field] = outcome.failure.fieldList;
  return field;
}

type Documents = Record<string, unknown>;
type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** A server that is endpoint and authorization server in one; `documents` by path: JSON, or an answer by hand. */
async function handMade(documents: (origin: string) => Documents) {
  let origin = '';
  const peer: Peer = await startTlsServer((request, response) => {
    const document = documents(origin)[request.url ?? ''];
    if (typeof document === 'function') return (document as Answer)(request, response);
    request.resume();
    if (request.url === '/mcp') {
      const metadata = `${origin}/.well-known/oauth-protected-resource/mcp`;
      response.writeHead(401, { 'www-authenticate': `Bearer resource_metadata="${metadata}"` });
      return void response.end();
    }
    response.writeHead(document ? 200 : 404, { 'content-type': 'application/json' });
    response.end(document ? JSON.stringify(document) : '{}');
  });
  origin = new URL(peer.url).origin;
  peers.push(peer);
  return { endpoint: peer.url, origin, requests: peer.requests };
}

const RESOURCE = '/.well-known/oauth-protected-resource/mcp';
const METADATA = '/.well-known/oauth-authorization-server';

const resourceOf = (origin: string, more: object = {}) => ({
  resource: `${origin}/mcp`,
  authorization_servers: [origin],
  ...more,
});

const metadataOf = (origin: string, more: object = {}) => ({
  issuer: origin,
  authorization_endpoint: `${origin}/authorize`,
  token_endpoint: `${origin}/token`,
  registration_endpoint: `${origin}/register`,
  response_types_supported: ['code'],
  code_challenge_methods_supported: ['S256'],
  token_endpoint_auth_methods_supported: ['none'],
  ...more,
});

/** Registers whoever asks, `more` being the server's own idea of the client. */
const registers =
  (more: object = {}, status = 201): Answer =>
  async (request, response) => {
    const asked = (await json(request)) as object;
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ ...asked, client_id: 'made-client', ...more }));
  };

const send =
  (status: number, body: string, headers: Record<string, string> = {}): Answer =>
  (request, response) => {
    request.resume();
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(body);
  };

describe('discovery', () => {
  it('finds a real authorization server and becomes its client', async () => {
    const peer = await protectedBy({ scopes: ['mcp:read'] });
    const { credential, issRequired } = await discover(peer.url);
    expect(credential).toMatchObject({
      kind: 'oauth-3lo',
      discovered: true,
      issuer: server.issuer,
      resource: peer.resource,
      authorizationUrl: server.authorizationUrl,
      exchangeUrl: server.tokenUrl,
      scopes: ['mcp:read', 'offline_access'],
      supportCodeChallenge: true,
      authMethod: 'client_secret_basic',
    });
    expect(credential.clientSecret).toBeTruthy();
    expect(issRequired).toBe(true);
    expect(JSON.stringify(peer.requests)).not.toContain('authorization');
  });

  it('finds it at the well-known place where the challenge does not say', async () => {
    const peer = await protectedBy({ withoutChallenge: true });
    expect((await discover(peer.url)).credential).toMatchObject({ issuer: server.issuer, scopes: [] });
  });

  it('takes the scopes of the challenge before those of the resource', async () => {
    const peer = await protectedBy({ scopes: ['mcp:read'], metadata: { scopes_supported: ['mcp:write'] } });
    expect((await discover(peer.url)).credential.scopes).toEqual(['mcp:read', 'offline_access']);
    const silent = await protectedBy({ withoutChallenge: true, scopes: ['mcp:write', 'bad scope', 'a"b'] });
    expect((await discover(silent.url)).credential.scopes).toEqual(['mcp:write', 'offline_access']);
  });

  it('leaves offline_access out where it is not offered', async () => {
    const { endpoint } = await handMade(origin => ({
      [RESOURCE]: resourceOf(origin, { scopes_supported: ['a'] }),
      [METADATA]: metadataOf(origin, { scopes_supported: ['a'] }),
      '/register': registers(),
    }));
    expect((await discover(endpoint)).credential).toMatchObject({ scopes: ['a'], authMethod: 'none' });
  });

  it('takes a path in the issuer, and OpenID metadata behind it', async () => {
    const { endpoint, origin } = await handMade(at => ({
      [RESOURCE]: resourceOf(at, { authorization_servers: [`${at}/tenant`] }),
      '/tenant/.well-known/openid-configuration': {
        ...metadataOf(at, { issuer: `${at}/tenant` }),
        jwks_uri: `${at}/jwks`,
        subject_types_supported: ['public'],
        id_token_signing_alg_values_supported: ['ES256'],
      },
      '/register': registers(),
    }));
    expect((await discover(endpoint)).credential.issuer).toBe(`${origin}/tenant`);
  });

  it('takes servers from before RFC 9728 as their own authorization server', async () => {
    const old = await handMade(origin => ({
      [METADATA]: metadataOf(origin, { issuer: `${origin}/oauth` }),
      '/mcp': send(401, ''),
      '/register': registers(),
    }));
    expect((await discover(old.endpoint)).credential).toMatchObject({ issuer: `${old.origin}/oauth` });
    const older = await handMade(() => ({ '/mcp': send(401, ''), '/register': registers() }));
    const { credential } = await discover(older.endpoint);
    expect(credential).toMatchObject({
      authorizationUrl: `${older.origin}/authorize`,
      exchangeUrl: `${older.origin}/token`,
    });
    expect(credential.resource).toBeUndefined();
  });

  it('uses the client metadata document where the server takes it and Switchboard is public', async () => {
    const { endpoint, requests } = await handMade(origin => ({
      [RESOURCE]: resourceOf(origin),
      [METADATA]: metadataOf(origin, { client_id_metadata_document_supported: true }),
    }));
    const clientMetadataUrl = 'https://switchboard.example.com/v1/register/mcpserver/client-metadata.json';
    const deps = { ...app.deps, consent: { ...app.deps.consent, clientMetadataUrl } };
    const { credential } = await discover(endpoint, undefined, deps);
    expect(credential).toMatchObject({ clientId: clientMetadataUrl, authMethod: 'none' });
    expect(requests.map(({ path }) => path)).not.toContain('/register');
  });

  it('serves that document', async () => {
    const answer = await fetch(`${app.base}/v1/register/mcpserver/client-metadata.json`);
    expect(await answer.json()).toMatchObject({
      client_id: `${app.base}/v1/register/mcpserver/client-metadata.json`,
      redirect_uris: [`${app.base}/v1/register/mcpserver/callback`],
      token_endpoint_auth_method: 'none',
    });
  });
});

describe('discovery refuses', () => {
  const metadata = (more: object) => (origin: string) => ({
    [RESOURCE]: resourceOf(origin),
    [METADATA]: metadataOf(origin, more),
    '/register': registers(),
  });
  const resource = (more: object) => (origin: string) => ({
    [RESOURCE]: resourceOf(origin, more),
    [METADATA]: metadataOf(origin),
    '/register': registers(),
  });
  const big = JSON.stringify({ padding: 'x'.repeat(2_000_000) });

  it.each<[string, (origin: string) => Documents, string]>([
    ['another resource', resource({ resource: 'https://other.example.com/mcp' }), 'RESOURCE_MISMATCH'],
    ['a resource beside the endpoint', at => resource({ resource: `${at}/mcp2` })(at), 'RESOURCE_MISMATCH'],
    ['another issuer', metadata({ issuer: 'https://other.example.com' }), 'ISSUER_MISMATCH'],
    ['an issuer of another path', at => metadata({ issuer: `${at}/x` })(at), 'ISSUER_MISMATCH'],
    ['a private authorization server', resource({ authorization_servers: ['https://10.0.0.1'] }), 'private'],
    [
      'cloud metadata',
      resource({ authorization_servers: ['https://169.254.169.254'] }),
      'cloud metadata service',
    ],
    ['plain HTTP', resource({ authorization_servers: ['http://auth.example.com'] }), 'Plain http://'],
    [
      'Switchboard itself',
      resource({ authorization_servers: ['https://SELF'] }),
      'is this Switchboard itself',
    ],
    ['no authorization server', resource({ authorization_servers: [] }), 'NOT_OFFERED'],
    [
      'a private authorization endpoint',
      metadata({ authorization_endpoint: 'https://10.0.0.1/a' }),
      'private',
    ],
    ['a private token endpoint', metadata({ token_endpoint: 'https://192.168.0.1/t' }), 'private'],
    [
      'a private registration endpoint',
      metadata({ registration_endpoint: 'https://[fd00::1]/r' }),
      'private',
    ],
    [
      'a plain HTTP token endpoint',
      metadata({ token_endpoint: 'http://auth.example.com/t' }),
      'Plain http://',
    ],
    [
      'an authorization endpoint that brings its own request',
      metadata({ authorization_endpoint: 'https://auth.example.com/a?request_uri=urn:x' }),
      'must not carry request_uri',
    ],
    [
      'an issuer of another origin for a server that is its own',
      at => ({ '/mcp': send(401, ''), [METADATA]: metadataOf(at, { issuer: 'https://other.example.com' }) }),
      'ISSUER_MISMATCH',
    ],
    ['a script as authorization endpoint', metadata({ authorization_endpoint: 'javascript:1' }), 'no such'],
    ['no S256', metadata({ code_challenge_methods_supported: ['plain'] }), 'PKCE_UNSUPPORTED'],
    ['silence on PKCE', metadata({ code_challenge_methods_supported: undefined }), 'PKCE_UNSUPPORTED'],
    ['no code flow', metadata({ response_types_supported: ['token'] }), 'authorization codes are not'],
    ['resource metadata of 2 MB', () => ({ [RESOURCE]: send(200, big) }), 'more than 131072 bytes'],
    ['resource metadata in HTML', () => ({ [RESOURCE]: send(200, '<html>') }), 'no such metadata'],
    ['resource metadata elsewhere', () => ({ [RESOURCE]: send(302, '', { location: '/x' }) }), 'redirects'],
    ['no resource metadata where named', () => ({ '/register': registers() }), 'answered HTTP 404'],
    ['metadata of 2 MB', at => ({ ...resource({})(at), [METADATA]: send(200, big) }), 'more than 131072'],
    [
      'metadata in HTML',
      at => ({ ...resource({})(at), [METADATA]: send(200, '<html>') }),
      'no such metadata',
    ],
    [
      'metadata elsewhere',
      at => ({ ...resource({})(at), [METADATA]: send(307, '', { location: 'https://127.0.0.1:1/' }) }),
      'redirects',
    ],
    ['a failing server', at => ({ ...resource({})(at), [METADATA]: send(500, 'boom') }), 'answered HTTP 500'],
    ['no metadata', at => ({ [RESOURCE]: resourceOf(at) }), 'offers none'],
  ])('%s', async (_name, documents, words) => {
    const self = new URL(app.base).host;
    const { endpoint, requests } = await handMade(at => withSelf(documents(at), self));
    const field = await refusal(endpoint);
    expect(field?.path).toBe(PATH);
    expect(field?.message).toContain(words);
    expect(field?.message).toMatch(/^(DISCOVERY|CLIENT_REGISTRATION)_[A-Z_]+: /);
    expect(requests.map(({ path }) => path)).not.toContain('/register');
  });

  /** Functions among the documents stay; JSON gets the server's own name. */
  function withSelf(documents: Documents, self: string): Documents {
    return Object.fromEntries(
      Object.entries(documents).map(([path, document]) => [
        path,
        typeof document === 'function'
          ? document
          : JSON.parse(JSON.stringify(document).replaceAll('SELF', self)),
      ]),
    );
  }

  it('an endpoint that is private, does not answer, or asks for nothing', async () => {
    const endpoint = '/serviceDetails/mcpserver/endpoint';
    expect(await refusal('https://10.0.0.1/mcp')).toMatchObject({ path: endpoint });
    expect(await refusal('https://127.0.0.1:1/mcp')).toMatchObject({ path: endpoint });
    const open = await handMade(() => ({ '/mcp': send(200, '{}') }));
    expect(await refusal(open.endpoint)).toMatchObject({
      path: PATH,
      message: expect.stringContaining('NOT_OFFERED'),
    });
    const far = await handMade(() => ({
      '/mcp': send(401, '', { 'www-authenticate': 'Bearer resource_metadata="https://10.0.0.1/x"' }),
    }));
    expect((await refusal(far.endpoint))?.message).toContain('private address');
  });
});

describe('client registration', () => {
  const registering = (register: Answer, more: object = {}) =>
    handMade(origin => ({
      [RESOURCE]: resourceOf(origin),
      [METADATA]: metadataOf(origin, more),
      '/register': register,
    }));

  it.each<[string, object]>([
    ['somebody else', { redirect_uris: ['https://evil.example.com/callback'] }],
    ['us and somebody else', { redirect_uris: ['http://SELF/x', 'https://evil.example.com/callback'] }],
    ['nobody', { redirect_uris: [] }],
    ['a client without redirect URIs', { redirect_uris: undefined }],
    ['a client without an id', { client_id: undefined }],
    ['an id with a line break', { client_id: 'a\r\nb' }],
    ['a method that is not known', { token_endpoint_auth_method: 'private_key_jwt' }],
    ['a secret that is missing', { token_endpoint_auth_method: 'client_secret_post' }],
    [
      'a secret with a line break',
      { token_endpoint_auth_method: 'client_secret_post', client_secret: 'a\nb' },
    ],
  ])('refuses an answer for %s, and keeps nothing', async (_name, more) => {
    const { endpoint, requests } = await registering(registers(more));
    const accountId = String(++account);
    for (const attempt of [1, 2]) {
      expect((await refusal(endpoint, accountId))?.message).toContain('CLIENT_REGISTRATION_INVALID');
      expect(requests.filter(({ path }) => path === '/register')).toHaveLength(attempt);
    }
  });

  it.each<[string, Answer, string]>([
    ['refused', send(403, '{"error":"access_denied","error_description":"ask <b>us</b>"}'), 'access_denied'],
    ['refused in other words', send(400, '{"error":"made up"}'), '(HTTP 400)'],
    ['refused in HTML', send(401, '<html>no</html>'), '(HTTP 401)'],
  ])('is reported as refused when it is %s', async (_name, register, words) => {
    const { endpoint } = await registering(register);
    const field = await refusal(endpoint);
    expect(field).toMatchObject({ path: PATH });
    expect(field?.message).toContain('CLIENT_REGISTRATION_REFUSED');
    expect(field?.message).toContain(words);
    expect(field?.message).not.toContain('html');
  });

  it.each<[string, Answer]>([
    ['HTML', send(201, '<html>')],
    ['2 MB', send(201, JSON.stringify({ padding: 'x'.repeat(2_000_000) }))],
    ['a redirect', send(307, '', { location: '/elsewhere' })],
  ])('does not take %s for an answer', async (_name, register) => {
    const { endpoint } = await registering(register);
    expect((await refusal(endpoint))?.message).toContain('CLIENT_REGISTRATION_INVALID');
  });

  it('says so where none is offered', async () => {
    const none = await registering(registers(), { registration_endpoint: undefined });
    expect((await refusal(none.endpoint))?.message).toContain('CLIENT_REGISTRATION_NOT_OFFERED');
    const jwt = await registering(registers(), {
      token_endpoint_auth_methods_supported: ['private_key_jwt'],
    });
    expect((await refusal(jwt.endpoint))?.message).toContain('CLIENT_REGISTRATION_NOT_OFFERED');
  });

  it.each([
    [['client_secret_post', 'none'], { client_secret: 's'.repeat(30) }, 'client_secret_post'],
    [['none'], {}, 'none'],
    [undefined, { client_secret: 's'.repeat(30) }, 'client_secret_basic'],
    [['client_secret_basic', 'none'], { token_endpoint_auth_method: 'none' }, 'none'],
  ])('proves itself as the server says (%j)', async (supported, more, authMethod) => {
    const { endpoint } = await registering(registers(more), {
      token_endpoint_auth_methods_supported: supported,
    });
    expect((await discover(endpoint)).credential.authMethod).toBe(authMethod);
  });

  it('keeps the client of an account, encrypted, until it is forgotten', async () => {
    const canary = 'registered-canary-9d27f3';
    const { endpoint, requests } = await registering(
      registers({ token_endpoint_auth_method: 'client_secret_post', client_secret: canary }),
    );
    const count = () => requests.filter(({ path }) => path === '/register').length;
    const accountId = String(++account);
    const { credential } = await discover(endpoint, accountId);
    expect((await discover(endpoint, accountId)).credential).toEqual(credential);
    expect(count()).toBe(1);
    await discover(endpoint);
    expect(count()).toBe(2);
    expect(await scan(app.deps)).not.toContain(canary);
    await forgetClient(credential, accountId, app.deps);
    await discover(endpoint, accountId);
    expect(count()).toBe(3);
  });

  it('registers another client where the kept one may not ask for the scopes', async () => {
    let scope = 'mcp:read';
    const { endpoint, requests } = await handMade(origin => ({
      [RESOURCE]: resourceOf(origin, { scopes_supported: scope.split(' ') }),
      [METADATA]: metadataOf(origin),
      '/register': registers(),
    }));
    const accountId = String(++account);
    const count = () => requests.filter(({ path }) => path === '/register').length;
    await discover(endpoint, accountId);
    scope = 'mcp:read mcp:write';
    expect((await discover(endpoint, accountId)).credential.scopes).toEqual(['mcp:read', 'mcp:write']);
    expect(count()).toBe(2);
    scope = 'mcp:write';
    await discover(endpoint, accountId);
    expect(count()).toBe(2);
  });

  it('does not begin with a client whose secret is about to expire', async () => {
    const soon = Math.floor(Date.now() / 1000) + 600;
    const { endpoint, requests } = await registering(
      registers({
        token_endpoint_auth_method: 'client_secret_post',
        client_secret: 's'.repeat(30),
        client_secret_expires_at: soon,
      }),
    );
    const accountId = String(++account);
    await discover(endpoint, accountId);
    await discover(endpoint, accountId);
    expect(requests.filter(({ path }) => path === '/register')).toHaveLength(2);
  });

  it('is bounded for each account', async () => {
    const { endpoint, requests } = await registering(registers({ redirect_uris: [] }));
    const accountId = String(++account);
    for (let n = 0; n < CLIENT_REGISTRATIONS_PER_HOUR; n++) await refusal(endpoint, accountId);
    await expect(discover(endpoint, accountId)).rejects.toMatchObject({
      failure: { code: 'ThrottlingException' },
    });
    expect(requests.filter(({ path }) => path === '/register')).toHaveLength(CLIENT_REGISTRATIONS_PER_HOUR);
  });
});
