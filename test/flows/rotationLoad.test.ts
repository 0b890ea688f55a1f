import { afterAll, beforeAll, expect, it } from 'vitest';
import type { OperationName } from '../../lib/api/operations.ts';
import { keys } from '../../lib/store/keys.ts';
import { getItem } from '../../lib/store/read.ts';
import { ACCOUNT, type Answer, type App, apiKeyRegistration, startApp } from '../support/app.ts';
import { modernListener } from '../support/mcp/modern.ts';
import { type Peer, startTlsServer } from '../support/mcp/tlsServer.ts';
import { trustingFetch } from '../support/mcp/trustingFetch.ts';
import { type AuthorizationServer, startAuthorizationServer } from '../support/oauth/authorizationServer.ts';
import { expectSound, readState } from './state.ts';

/** A hundred in all. */
const KEY_SWAPS = 70;
const CLIENT_SWAPS = 30;
/** Milliseconds: other tests have the machine, too. */
const TIMEOUT = 300_000;
const CALLERS = 3;

let app: App;
let provider: AuthorizationServer;
beforeAll(async () => {
  [app, provider] = await Promise.all([startApp(), startAuthorizationServer()]);
});
afterAll(async () => {
  await Promise.all([app.stop(), provider.close()]);
});

/** A server that takes whatever `isGood` says of a request's credential at that moment. */
async function guarded(header: string, isGood: (value: string) => boolean | Promise<boolean>) {
  const counts = { accepted: 0, refused: 0 };
  const { listener } = modernListener();
  const peer: Peer = await startTlsServer(async (request, response) => {
    if (await isGood(String(request.headers[header]))) {
      counts.accepted++;
      return listener(request, response);
    }
    counts.refused++;
    request.resume();
    response.writeHead(401, { 'www-authenticate': 'Bearer error="invalid_token"' }).end();
  });
  return { peer, counts };
}

interface Journal {
  /** What went wrong. */
  failures: string[];
  done: Partial<Record<OperationName, number>>;
  /** Calls under way. */
  flying: Set<Promise<unknown>>;
}

/** Puts associations, validates and reads, one call after the other, until told to stop; notes what fails. */
async function use(serviceId: string, agentSpaceId: string, isOver: () => boolean, journal: Journal) {
  const configuration = { mcpserver: { tools: ['echo'] } };
  const turns: [OperationName, object][] = [
    ['AssociateService', { agentSpaceId, serviceId, configuration }],
    ['ListServiceTools', { serviceId }],
    ['ValidateService', { serviceId }],
    ['GetService', { serviceId }],
  ];
  for (let turn = 0; !isOver(); turn++) {
    const [name, input] = turns[turn % turns.length] as [OperationName, object];
    const call = app.call(name, input);
    journal.flying.add(call);
    const answer = await call;
    journal.flying.delete(call);
    journal.done[name] = (journal.done[name] ?? 0) + 1;
    const failure = failureOf(name, answer);
    if (failure) journal.failures.push(failure);
  }
}

function failureOf(name: OperationName, { status, error, body }: Answer): string | undefined {
  if (error) return `${name} ${status} ${error}: ${body.message}`;
  if (name === 'ValidateService' && !body.report.valid) return `${name}: ${JSON.stringify(body.report)}`;
  if (name === 'ListServiceTools' && !body.tools.length) return `${name}: no tools`;
  return undefined;
}

/**
 * Swaps the credential `times` times while callers use the service. The old one is retired once the calls that
 * began before the swap have ended, and not a moment later.
 */
async function swapUnderLoad(
  times: number,
  registration: object,
  rotate: (n: number) => Promise<{ authorizationConfig: object; retireOld(): Promise<void> | void }>,
): Promise<string> {
  const { serviceId } = (await app.call('RegisterService', registration)).body;
  const spaces: string[] = [];
  for (let n = 0; n < CALLERS; n++) {
    const space = await app.call('CreateAgentSpace', { name: `${serviceId.slice(-8)}-${n}` });
    spaces.push(space.body.agentSpace.agentSpaceId);
  }
  const journal: Journal = { failures: [], done: {}, flying: new Set() };
  let over = false;
  const callers = Promise.all(spaces.map(space => use(serviceId, space, () => over, journal)));
  const swaps: Answer[] = [];
  try {
    for (let n = 1; n <= times; n++) {
      const { authorizationConfig, retireOld } = await rotate(n);
      const serviceDetails = { mcpserver: { authorizationConfig } };
      swaps.push(await app.call('UpdateService', { serviceId, serviceDetails }));
      await Promise.all(journal.flying);
      await retireOld();
    }
  } finally {
    over = true;
    await callers;
  }
  expect(swaps.flatMap(({ error, body }) => (error ? [`${error}: ${body.message}`] : []))).toEqual([]);
  expect(journal.failures).toEqual([]);
  // Every kind of call met many swaps.
  for (const name of ['AssociateService', 'ListServiceTools', 'ValidateService'] as const) {
    expect(journal.done[name]).toBeGreaterThan(times / 2);
  }
  await expectKept(times, serviceId, spaces);
  return serviceId;
}

async function expectKept(times: number, serviceId: string, spaces: readonly string[]): Promise<void> {
  const { associations } = (await app.call('ListServiceAssociations', { serviceId })).body;
  const users = associations.map(({ agentSpaceId }: { agentSpaceId: string }) => agentSpaceId);
  expect(users.sort()).toEqual([...spaces].sort());
  const stored = await getItem(app.deps, keys.service(ACCOUNT, serviceId));
  expect(stored).toMatchObject({ version: 1 + times, validationStatus: 'valid' });
  const state = await readState(app);
  expect(state.uses.get(serviceId)).toBe(CALLERS);
  expectSound(state);
  const updates = (await app.events()).filter(
    event => event.eventName === 'UpdateService' && event.requestParameters?.serviceId === serviceId,
  );
  expect(updates.map(event => event.errorCode)).toEqual(Array(times).fill(undefined));
}

it(`swaps an API key ${KEY_SWAPS} times under load, and no call fails`, { timeout: TIMEOUT }, async () => {
  const good = new Set(['key-0']);
  const { peer, counts } = await guarded('x-api-key', key => good.has(key));
  const serviceId = await swapUnderLoad(
    KEY_SWAPS,
    apiKeyRegistration('swapped-keys', peer.url, 'key-0'),
    async n => {
      good.add(`key-${n}`);
      const { authorizationConfig } = apiKeyRegistration('', peer.url, `key-${n}`).serviceDetails.mcpserver;
      return { authorizationConfig, retireOld: () => void good.delete(`key-${n - 1}`) };
    },
  );
  expect([...good]).toEqual([`key-${KEY_SWAPS}`]);
  expect(counts.refused).toBe(0);
  good.clear();
  expect((await app.call('ValidateService', { serviceId })).body.report).toMatchObject({ valid: false });
  await peer.close();
});

it(`swaps client credentials ${CLIENT_SWAPS} times under load, and no call fails`, {
  timeout: TIMEOUT,
}, async () => {
  const clients = await clientRegistrar();
  const good = new Set<string>();
  // A client that was retired takes its tokens with it: those that are still in memory are refused.
  const { peer, counts } = await guarded('authorization', async value => {
    const found = await provider.provider.ClientCredentials.find(value.slice('Bearer '.length));
    return found?.clientId !== undefined && good.has(found.clientId);
  });
  const make = async () => {
    const client = await clients.make();
    good.add(client.clientId);
    const retire = async () => {
      good.delete(client.clientId);
      await client.remove();
    };
    const { clientId, clientSecret } = client;
    const configured = { clientId, clientSecret, exchangeUrl: provider.tokenUrl, scopes: ['mcp:read'] };
    return { authorizationConfig: { oAuthClientCredentials: configured }, retire };
  };
  let current = await make();
  const { authorizationConfig } = current;
  const details = { name: 'swapped-clients', endpoint: peer.url, authorizationConfig };
  const registration = { service: 'mcpserver', serviceDetails: { mcpserver: details } };
  await swapUnderLoad(CLIENT_SWAPS, registration, async () => {
    const old = current;
    current = await make();
    return { authorizationConfig: current.authorizationConfig, retireOld: old.retire };
  });
  expect(good.size).toBe(1);
  // One token for each credential, whatever the load; and memory was caught with old ones.
  expect(provider.counts.granted.client_credentials).toBe(1 + CLIENT_SWAPS);
  expect(provider.counts.refused).toEqual({});
  expect(counts.refused).toBeGreaterThan(0);
  await Promise.all([peer.close(), clients.close()]);
});

/** Registers clients at the provider, as its administrator would, and removes them. */
async function clientRegistrar() {
  const { fetch, close } = trustingFetch(provider.caPem);
  const make = async () => {
    const body = JSON.stringify({
      grant_types: ['client_credentials'],
      response_types: [],
      redirect_uris: [],
      scope: 'mcp:read offline_access',
    });
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(provider.registrationUrl, { method: 'POST', headers, body });
    const made = (await answer.json()) as Record<string, string>;
    if (answer.status !== 201) throw new Error(JSON.stringify(made));
    const authorization = `Bearer ${made.registration_access_token}`;
    return {
      clientId: String(made.client_id),
      clientSecret: String(made.client_secret),
      remove: async () => {
        const gone = await fetch(String(made.registration_client_uri), {
          method: 'DELETE',
          headers: { authorization },
        });
        expect(gone.status).toBe(204);
      },
    };
  };
  return { make, close };
}
