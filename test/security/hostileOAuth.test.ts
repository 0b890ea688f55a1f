import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { testClient } from '../support/engine.ts';
import { freePort } from '../support/freePort.ts';
import { startTlsServer } from '../support/mcp/tlsServer.ts';
import { type AuthorizationServer, startAuthorizationServer } from '../support/oauth/authorizationServer.ts';
import { CLIENT_SECRET, CLIENTS } from '../support/oauth/clients.ts';
import { newPerson, type Person } from '../support/oauth/person.ts';
import { type ProtectedPeer, startProtectedServer } from '../support/oauth/protectedServer.ts';
import { FAULTY_TOKEN, type TokenFaultName } from '../support/oauth/tokenFaults.ts';
import { newDataDir, type RunningServer, removeDataDir, startServer } from '../support/serverProcess.ts';
import { lookedUp, signedCall } from '../support/signedClient.ts';
import { allItems, type StoredItem } from '../support/table.ts';

/** What a token endpoint may do to a registration, and the words that tell the operator. */
const FAULTS = [
  ['hangs', 'TOKEN_ENDPOINT_UNREACHABLE', /did not answer within 10 s/],
  ['redirects', 'TOKEN_ENDPOINT_ANSWER_INVALID', /redirect/],
  ['redirectsAway', 'TOKEN_ENDPOINT_ANSWER_INVALID', /redirect/],
  ['html', 'TOKEN_ENDPOINT_ANSWER_INVALID', /JSON/],
  ['twoMegabytes', 'TOKEN_ENDPOINT_ANSWER_INVALID', /65536 bytes/],
  ['typeMac', 'TOKEN_ENDPOINT_ANSWER_INVALID', /Bearer/],
  ['tokenWithNewline', 'TOKEN_ENDPOINT_ANSWER_INVALID', /characters/],
] as const satisfies [TokenFaultName, string, RegExp][];

const CONFIG = '/serviceDetails/mcpserver/authorizationConfig';

const dataDir = newDataDir();
let provider: AuthorizationServer;
let peer: ProtectedPeer;
let server: RunningServer;
let base: string;

beforeAll(async () => {
  const port = await freePort();
  base = `http://127.0.0.1:${port}`;
  provider = await startAuthorizationServer({ redirectUris: [`${base}/v1/register/mcpserver/callback`] });
  peer = await startProtectedServer({ authorizationServer: provider, checksAudience: false });
  server = await startServer(dataDir, { PORT: String(port) });
});
afterEach(() => provider.setFault(undefined));
afterAll(async () => {
  await server?.end();
  await Promise.all([peer?.close(), provider?.close()]);
  removeDataDir(dataDir);
});

function register(name: string, authorizationConfig: object, endpoint = peer.url) {
  const serviceDetails = { mcpserver: { name, endpoint, authorizationConfig } };
  return signedCall(server.port, 'RegisterService', { service: 'mcpserver', serviceDetails });
}

const clientCredentials = () => ({
  oAuthClientCredentials: { ...CLIENTS.confidential, exchangeUrl: provider.tokenUrl, scopes: ['mcp:read'] },
});

const threeLegged = () => ({
  oAuth3LO: {
    ...CLIENTS.confidential,
    authorizationUrl: provider.authorizationUrl,
    exchangeUrl: provider.tokenUrl,
    scopes: ['mcp:read'],
    supportCodeChallenge: true,
    returnToEndpoint: `${base}/console/`,
  },
});

const discovery = () => ({ authorizationDiscovery: { returnToEndpoint: `${base}/console/` } });

/** No registration, and of those that were refused nothing at all but events and what expires by itself. */
async function expectNothingStored(): Promise<void> {
  expect((await signedCall(server.port, 'ListServices')).body).toEqual({ services: [] });
  const items = await allItems(testClient(server.databaseEndpoint));
  // A count stays at zero once there was something to count; a check that is due finds no server.
  const isLeft = ({ pk, used }: StoredItem) =>
    !/#(AUD|AUR|RATE|X)#|#(HOURS|ARCHIVE|HEALTH)$/.test(pk) && used !== 0;
  const left = items.filter(isLeft).map(({ pk, sk }) => `${pk} ${sk}`);
  expect(left).toEqual([]);
  const pending = items.filter(({ pk, status }) => pk.includes('#X#') && status !== undefined);
  for (const { status, ciphertext } of pending) {
    expect({ status, ciphertext }).toEqual({ status: 'failed', ciphertext: undefined });
  }
}

/** A name that nothing half-registered holds: it can be registered, which is undone again. */
async function expectFree(name: string): Promise<void> {
  const { status, body } = await register(name, clientCredentials());
  expect(status).toBe(201);
  expect((await signedCall(server.port, 'DeregisterService', { serviceId: body.serviceId })).status).toBe(
    200,
  );
}

async function lastEvent() {
  const ofRegistrations = [{ AttributeKey: 'EventName', AttributeValue: 'RegisterService' }];
  return (await lookedUp(server.port, { LookupAttributes: ofRegistrations }))[0];
}

function expectNoSecret(text: string): void {
  for (const secret of [CLIENT_SECRET, FAULTY_TOKEN]) {
    for (const spelling of [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)]) {
      expect(text).not.toContain(spelling);
    }
  }
}

describe('a token endpoint of client credentials that misbehaves', () => {
  it.each(FAULTS)('%s: is refused with %s at exchangeUrl, and nothing stays', async (fault, code, words) => {
    provider.setFault(fault);
    const answer = await register('direct', clientCredentials());
    expect(answer).toMatchObject({ status: 400, error: 'ValidationException' });
    const [field, ...others] = answer.body.fieldList;
    expect(others).toEqual([]);
    expect(field.path).toBe(`${CONFIG}/oAuthClientCredentials/exchangeUrl`);
    expect(field.message).toMatch(new RegExp(`^${code}: `));
    expect(field.message).toMatch(words);
    expectNoSecret(answer.raw);
    const event = await lastEvent();
    expect(event).toMatchObject({ eventName: 'RegisterService', errorCode: 'ValidationException' });
    expect(event?.errorMessage).toContain(code);
    expectNoSecret(JSON.stringify(event));
    await expectNothingStored();
  });

  it('leaves the name free', () => expectFree('direct'));
});

describe('a token endpoint of a consent that misbehaves', () => {
  it.each(FAULTS)(
    '%s: is told vaguely to the browser, with %s to the operator',
    async (fault, code, words) => {
      const { person, callback } = await consented('consented', threeLegged());
      provider.setFault(fault);
      const { location, status } = await person.get(callback);
      expect({ status, location }).toEqual({
        status: 303,
        location: `${base}/console/?error=exchange_failed`,
      });
      const event = await lastEvent();
      expect(event).toMatchObject({ eventName: 'RegisterService', errorCode: 'ValidationException' });
      expect(event?.errorMessage).toMatch(new RegExp(`^${code}: `));
      expect(event?.errorMessage).toMatch(words);
      const text = JSON.stringify(event);
      expectNoSecret(text);
      for (const name of ['code', 'state']) expect(text).not.toContain(callback.searchParams.get(name));
      await expectNothingStored();
      // A healthy endpoint comes too late: codes work once.
      provider.setFault(undefined);
      expect((await person.get(callback)).location).toBe(location);
      await expectNothingStored();
    },
  );

  it('leaves the name free', () => expectFree('consented'));
});

/** A consent that went as far as the callback, which is not visited yet. */
async function consented(name: string, config: object): Promise<{ person: Person; callback: URL }> {
  const begun = await register(name, config);
  expect(begun.status).toBe(201);
  const person = newPerson();
  return {
    person,
    callback: await person.consent(begun.body.additionalStep.oauth.authorizationUrl, provider),
  };
}

describe('discovery of a server that lies', () => {
  const METADATA = '/.well-known/oauth-authorization-server';

  /** An MCP server that is its own authorization server, as far as its documents go. */
  async function liar(documents: (origin: string) => Record<string, [status: number, body: object]>) {
    let origin = '';
    const liar = await startTlsServer((request, response) => {
      request.resume();
      const [status, body] = documents(origin)[request.url ?? ''] ?? [401, {}];
      const challenge = `Bearer resource_metadata="${origin}/resource"`;
      response.writeHead(status, {
        'content-type': 'application/json',
        ...(status === 401 ? { 'www-authenticate': challenge } : {}),
      });
      response.end(JSON.stringify(body));
    });
    origin = new URL(liar.url).origin;
    return liar;
  }

  const resource = (origin: string, more: object = {}): [number, object] => [
    200,
    { resource: `${origin}/mcp`, authorization_servers: [origin], ...more },
  ];
  const metadata = (origin: string, more: object = {}): [number, object] => [
    200,
    {
      issuer: origin,
      authorization_endpoint: `${origin}/authorize`,
      token_endpoint: `${origin}/token`,
      registration_endpoint: `${origin}/register`,
      response_types_supported: ['code'],
      code_challenge_methods_supported: ['S256'],
      ...more,
    },
  ];
  const client = (redirectUri: string): [number, object] => [
    201,
    { client_id: 'somebody', client_secret: CLIENT_SECRET, redirect_uris: [redirectUri] },
  ];

  it.each<[string, string, RegExp, (at: string) => Record<string, [number, object]>]>([
    [
      'names a private authorization server',
      'DISCOVERY',
      /private address/,
      at => ({ '/resource': resource(at, { authorization_servers: ['https://10.0.0.1'] }) }),
    ],
    [
      'is described by another issuer',
      'DISCOVERY',
      /ISSUER_MISMATCH/,
      at => ({ '/resource': resource(at), [METADATA]: metadata(at, { issuer: 'https://evil.example.com' }) }),
    ],
    [
      'has a private token endpoint',
      'DISCOVERY',
      /private address/,
      at => ({
        '/resource': resource(at),
        [METADATA]: metadata(at, { token_endpoint: 'https://192.168.0.1/token' }),
      }),
    ],
    [
      'registers a client of somebody else',
      'CLIENT_REGISTRATION',
      /redirect/,
      at => ({
        '/resource': resource(at),
        [METADATA]: metadata(at),
        '/register': client('https://evil.example.com/callback'),
      }),
    ],
    [
      'refuses to register',
      'CLIENT_REGISTRATION',
      /invalid_client_metadata/,
      at => ({
        '/resource': resource(at),
        [METADATA]: metadata(at),
        '/register': [400, { error: 'invalid_client_metadata', error_description: 'no' }],
      }),
    ],
  ])('%s: is refused with %s, and nothing stays', async (_name, code, words, documents) => {
    const peer = await liar(documents);
    const answer = await register('discovered', discovery(), peer.url);
    await peer.close();
    expect(answer).toMatchObject({ status: 400, error: 'ValidationException' });
    const [field] = answer.body.fieldList;
    expect(field.path).toBe(`${CONFIG}/authorizationDiscovery`);
    expect(field.message).toMatch(new RegExp(`^${code}_[A-Z_]+: `));
    expect(field.message).toMatch(words);
    expectNoSecret(answer.raw);
    expectNoSecret(JSON.stringify(await lookedUp(server.port)));
    await expectNothingStored();
  });

  it('leaves the name free', () => expectFree('discovered'));
});

it('leaves the process quiet and well', async () => {
  expect(server.stderr()).toBe('');
  expectNoSecret(server.stdout());
});
