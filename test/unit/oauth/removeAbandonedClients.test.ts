import type { IncomingMessage, ServerResponse } from 'node:http';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { managementOf } from '../../../lib/oauth/clientManagement.ts';
import { keepClient, knownClient } from '../../../lib/oauth/clientRegistrationStore.ts';
import { loadConsentSettings } from '../../../lib/oauth/consentSettings.ts';
import {
  ABANDONED_MS,
  beginWithClient,
  clientUse,
  type Registration,
  rememberClient,
} from '../../../lib/oauth/registeredClient.ts';
import { removeAbandonedClients } from '../../../lib/oauth/removeAbandonedClients.ts';
import type { ServerDeps } from '../../../lib/services/serverDeps.ts';
import { transact } from '../../../lib/store/transact.ts';
import { type App, startApp } from '../../support/app.ts';
import { type Peer, startTlsServer } from '../../support/mcp/tlsServer.ts';
import { scan } from '../../support/oauth/tableDump.ts';

const HOUR = 3_600_000;
const TOKEN = 'management-canary-8c11f0';

let app: App;
let server: Peer;
let answer: (request: IncomingMessage, response: ServerResponse) => void;
let clock: number;
let logged: object[] = [];
let made = 0;
let deps: ServerDeps;

beforeAll(async () => {
  app = await startApp();
  server = await startTlsServer((request, response) => answer(request, response));
  deps = {
    ...app.deps,
    now: () => clock,
    log: (event, fields) => void logged.push({ event, ...fields }),
  };
});
afterEach(async () => {
  // Whatever a test left ends, for the next to begin with nothing.
  answers(204);
  clock += 100 * HOUR;
  await removeAbandonedClients(deps);
  expect(/#OAC#|SYSTEM#CLIENTS/.test(await scan(deps))).toBe(false);
  server.requests.length = 0;
  logged = [];
});
afterAll(async () => {
  await Promise.all([app.stop(), server.close()]);
});

const answers = (status: number, headers: Record<string, string> = {}) => {
  answer = (_request, response) => void response.writeHead(status, headers).end();
};

/** A client at the server, remembered; no pointer for new consents. */
async function remembered(uri = new URL('/reg/client', server.url).href): Promise<Registration> {
  clock ??= Date.now();
  const registration = { accountId: '111122223333', registration: `hash.client-${++made}` };
  await transact(app.deps.store, await rememberClient(registration, { uri, token: TOKEN }, deps), deps);
  return registration;
}

async function sweepAfter(ms: number): Promise<number> {
  clock += ms;
  return removeAbandonedClients(deps);
}

/** How many further sweeps, an hour between them, it takes. */
async function untilGivenUp(): Promise<number> {
  for (let sweeps = 1; sweeps < 100; sweeps++) {
    if ((await sweepAfter(HOUR + 1)) === 1) return sweeps;
  }
  throw new Error('Never given up');
}

const use = async (registration: Registration, change: { before?: string; after?: string }) =>
  transact(deps.store, clientUse(registration.accountId, change, clock, deps), deps);

describe('an abandoned client', () => {
  it('is removed with the token that it is managed with, which is stored encrypted and not logged', async () => {
    answers(204);
    await remembered();
    expect(await scan(deps)).not.toContain(TOKEN);
    expect(await sweepAfter(ABANDONED_MS - 1_000)).toBe(0);
    expect(await sweepAfter(2_000)).toBe(1);
    const [request, ...others] = server.requests;
    expect(others).toHaveLength(0);
    expect(request).toMatchObject({ method: 'DELETE', path: '/reg/client' });
    expect(request?.credentials.authorization).toBe(`Bearer ${TOKEN}`);
    expect(logged).toEqual([expect.objectContaining({ status: 204 })]);
    expect(JSON.stringify(logged)).not.toContain(TOKEN);
  });

  it.each([401, 403, 404, 405, 410])('that the server answers HTTP %i for is given up', async status => {
    answers(status);
    await remembered();
    expect(await sweepAfter(ABANDONED_MS + 1)).toBe(1);
    expect(await sweepAfter(48 * HOUR)).toBe(0);
    expect(server.requests).toHaveLength(1);
  });

  it.each<[string, () => void]>([
    ['HTTP 500', () => answers(500)],
    ['HTTP 429', () => answers(429)],
    ['a redirect, which is not followed', () => answers(307, { location: '/elsewhere' })],
    ['a lost connection', () => (answer = (_request, response) => void response.destroy())],
  ])('is tried again an hour after %s, and not for ever', async (_name, fail) => {
    fail();
    await remembered();
    expect(await sweepAfter(ABANDONED_MS + 1)).toBe(0);
    expect(await sweepAfter(HOUR / 2)).toBe(0);
    expect(server.requests).toHaveLength(1);
    expect(await untilGivenUp()).toBe(24);
    expect(server.requests).toHaveLength(25);
    expect(server.requests.map(({ path }) => path)).not.toContain('/elsewhere');
  });

  it('at a private address is not reached for', async () => {
    await remembered('https://10.0.0.1/reg');
    expect(await sweepAfter(ABANDONED_MS + 1)).toBe(0);
    expect(logged).toEqual([expect.objectContaining({ error: 'EgressError' })]);
    await untilGivenUp();
  });

  it('is removed once, however many processes look', async () => {
    answers(204);
    await remembered();
    clock += ABANDONED_MS + 1;
    await Promise.all(Array.from({ length: 5 }, () => removeAbandonedClients(deps)));
    expect(server.requests).toHaveLength(1);
  });

  it('is neither begun with nor taken by a service any more', async () => {
    answers(500);
    const client = await remembered();
    expect(await sweepAfter(ABANDONED_MS + 1)).toBe(0);
    expect(await beginWithClient(client, deps)).toBe(false);
    await expect(use(client, { after: client.registration })).rejects.toMatchObject({
      failures: [{ name: 'client' }],
    });
  });
});

describe('a client', () => {
  it('with which a consent was begun anew is not abandoned before its time', async () => {
    answers(204);
    const client = await remembered();
    clock += ABANDONED_MS - 60_000;
    expect(await beginWithClient(client, deps)).toBe(true);
    expect(await sweepAfter(ABANDONED_MS - 1_000)).toBe(0);
    expect(server.requests).toHaveLength(0);
    expect(await sweepAfter(2_000)).toBe(1);
  });

  it('that a service took while it was looked at stays', async () => {
    answers(204);
    const client = await remembered();
    await use(client, { after: client.registration });
    expect(await sweepAfter(ABANDONED_MS + 1)).toBe(0);
    // Whoever leaves it leaves the next look behind.
    expect(await scan(deps)).not.toContain('SYSTEM#CLIENTS');
    expect(await sweepAfter(48 * HOUR)).toBe(0);
    expect(server.requests).toHaveLength(0);
    await use(client, { before: client.registration });
    expect(await sweepAfter(1)).toBe(1);
  });

  it('that a service takes between the look and the removal stays', async () => {
    answers(204);
    const client = await remembered();
    clock += ABANDONED_MS + 1;
    let isTaken = false;
    const store = Object.create(deps.store, {
      send: {
        value: async (command: unknown) => {
          if (command instanceof UpdateCommand && !isTaken) {
            isTaken = true;
            await use(client, { after: client.registration });
          }
          return deps.store.send(command as never);
        },
      },
    });
    expect(await removeAbandonedClients({ ...deps, store })).toBe(0);
    expect(isTaken).toBe(true);
    expect(server.requests).toHaveLength(0);
    await use(client, { before: client.registration });
    expect(await sweepAfter(1)).toBe(1);
  });

  it('that is being removed is not the one for new consents', async () => {
    answers(500);
    clock ??= Date.now();
    const consent = loadConsentSettings({ PUBLIC_BASE_URL: 'https://switchboard.example.com' });
    const all = { ...deps, consent };
    const management = { uri: new URL('/reg/client', server.url).href, token: TOKEN };
    const own = { clientId: 'c', authMethod: 'none' as const, scopes: [] };
    await keepClient('111122223333', 'https://i', own, { secretExpiresAt: 0, management }, all);
    const known = () => knownClient('111122223333', 'https://i', [], all);
    expect(await known()).toMatchObject(own);
    expect(await sweepAfter(ABANDONED_MS + 1)).toBe(0);
    expect(await known()).toBeUndefined();
    answers(204);
    expect(await sweepAfter(HOUR + 1)).toBe(1);
  });

  it('is left alone by a service that keeps it', async () => {
    const client = await remembered();
    const { registration } = client;
    expect(clientUse(client.accountId, { before: registration, after: registration }, clock, deps)).toEqual(
      [],
    );
  });
});

describe('what a client is managed with', () => {
  const rules = { allowInsecureHttp: false, ownHosts: ['switchboard.example.com'], opened: [] };
  const good = {
    registration_client_uri: 'https://auth.example.com/reg/1',
    registration_access_token: 'token',
  };
  const read = (more: object) => managementOf(JSON.stringify({ ...good, ...more }), rules);

  it('is taken where both parts are fit', () => {
    expect(read({ client_id: 'x' })).toEqual({ uri: good.registration_client_uri, token: 'token' });
  });

  it.each<[string, object]>([
    ['no address', { registration_client_uri: undefined }],
    ['no token', { registration_access_token: undefined }],
    ['a token with a line break', { registration_access_token: 'a\r\nx-injected: 1' }],
    ['a token that is too long', { registration_access_token: 'x'.repeat(4_097) }],
    ['plain http://', { registration_client_uri: 'http://auth.example.com/reg/1' }],
    ['a private address', { registration_client_uri: 'https://169.254.169.254/reg/1' }],
    ['a user name', { registration_client_uri: 'https://user@auth.example.com/reg/1' }],
    ['Switchboard itself', { registration_client_uri: 'https://switchboard.example.com/v1/services/1' }],
  ])('is not taken with %s', (_name, more) => {
    expect(read(more)).toBeUndefined();
  });

  it.each(['', 'null', '<html>', '[]'])('is not found in %j', body => {
    expect(managementOf(body, rules)).toBeUndefined();
  });
});
