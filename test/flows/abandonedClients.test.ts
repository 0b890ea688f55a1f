import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { serverDeps } from '../../lib/deps/server.ts';
import { ABANDONED_MS } from '../../lib/oauth/registeredClient.ts';
import { removeAbandonedClients } from '../../lib/oauth/removeAbandonedClients.ts';
import { inScope } from '../../lib/scope.ts';
import { type Switchboard, startSwitchboard } from '../conformance/switchboard.ts';
import { caFile } from '../support/caFile.ts';
import { type AuthorizationServer, startAuthorizationServer } from '../support/oauth/authorizationServer.ts';
import { CLIENTS } from '../support/oauth/clients.ts';
import { newPerson } from '../support/oauth/person.ts';
import { type ProtectedPeer, startProtectedServer } from '../support/oauth/protectedServer.ts';
import { scan } from '../support/oauth/tableDump.ts';

let switchboard: Switchboard;
let provider: AuthorizationServer;
let peer: ProtectedPeer;
/** Removed by the test that made them. */
let services: string[] = [];
/** Clients that Switchboard registered. */
const made = new Set<string>();

beforeAll(async () => {
  switchboard = await startSwitchboard({ EGRESS_CA_FILE: await caFile() });
  provider = await startAuthorizationServer();
  provider.provider.on('registration_create.success', (_ctx, { clientId }) => void made.add(clientId));
  peer = await startProtectedServer({ authorizationServer: provider, scopes: ['mcp:read'] });
});
afterEach(async () => {
  for (const serviceId of services) await switchboard.call('DeregisterService', { serviceId });
  services = [];
  await sweep(ABANDONED_MS + 1);
  expect(await known()).toEqual([]);
});
afterAll(async () => {
  await switchboard?.stop();
  await Promise.all([peer?.close(), provider?.close()]);
});

/** Looks for abandoned clients as if `ms` had passed. */
function sweep(ms: number): Promise<number> {
  const scope = { functionName: 'removeAbandonedClients', requestId: 'sweep' };
  return inScope(scope, () => removeAbandonedClients({ ...serverDeps(), now: () => Date.now() + ms }));
}

const discovery = () => ({ authorizationDiscovery: { returnToEndpoint: switchboard.console } });

async function begin(name: string): Promise<string> {
  const details = { mcpserver: { name, endpoint: peer.url, authorizationConfig: discovery() } };
  const { additionalStep } = await switchboard.call('RegisterService', {
    service: 'mcpserver',
    serviceDetails: details,
  });
  return additionalStep.oauth.authorizationUrl;
}

async function consent(authorizationUrl: string): Promise<string> {
  const person = newPerson();
  const landed = new URL((await person.get(await person.consent(authorizationUrl, provider))).location);
  expect(landed.searchParams.get('error')).toBeNull();
  return landed.searchParams.get('serviceId') ?? '';
}

async function registered(name: string): Promise<string> {
  const serviceId = await consent(await begin(name));
  services.push(serviceId);
  return serviceId;
}

/** Clients of ours that the provider knows. */
async function known(): Promise<string[]> {
  const found = await Promise.all([...made].map(id => provider.provider.Client.find(id)));
  return found.flatMap(client => (client ? [client.clientId] : []));
}

it('removes a client whose consent nobody gave, an hour after', async () => {
  await begin('never');
  expect(await known()).toHaveLength(1);
  expect(await sweep(ABANDONED_MS - 60_000)).toBe(0);
  expect(await known()).toHaveLength(1);
  expect(await sweep(ABANDONED_MS + 1)).toBe(1);
  expect(await known()).toEqual([]);
  // Nothing is left of it, and the next consent makes another.
  expect(await scan(serverDeps())).not.toMatch(/#OAC#|SYSTEM#CLIENTS/);
  await registered('after-never');
});

it('keeps a client for as long as a service uses it, and removes it after the last', async () => {
  const first = await registered('first');
  const second = await registered('second');
  expect(await known()).toHaveLength(1);
  await sweep(ABANDONED_MS + 1);
  await switchboard.call('DeregisterService', { serviceId: first });
  await sweep(ABANDONED_MS + 1);
  expect(await known()).toHaveLength(1);
  const { report } = await switchboard.call('ValidateService', { serviceId: second });
  expect(report).toMatchObject({ valid: true });
  await switchboard.call('DeregisterService', { serviceId: second });
  services = [];
  await sweep(ABANDONED_MS + 1);
  expect(await known()).toEqual([]);
});

it('removes a client when its last service goes over to another credential, not when it is renewed', async () => {
  const serviceId = await registered('renewed');
  const update = (authorizationConfig: object) =>
    switchboard.call('UpdateService', { serviceId, serviceDetails: { mcpserver: { authorizationConfig } } });
  const renewed = await update(discovery());
  await consent(renewed.additionalStep.oauth.authorizationUrl);
  await sweep(ABANDONED_MS + 1);
  expect(await known()).toHaveLength(1);
  const direct = {
    ...CLIENTS.confidential,
    exchangeUrl: provider.tokenUrl,
    exchangeParameters: { audience: 'x' },
  };
  const open = await startProtectedServer({ authorizationServer: provider, checksAudience: false });
  const serviceDetails = {
    mcpserver: { endpoint: open.url, authorizationConfig: { oAuthClientCredentials: direct } },
  };
  await switchboard.call('UpdateService', { serviceId, serviceDetails });
  await sweep(ABANDONED_MS + 1);
  expect(await known()).toEqual([]);
  await open.close();
});
