import { cpSync, rmSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { advance } from '../support/clock.ts';
import { freePort } from '../support/freePort.ts';
import { type AuthorizationServer, startAuthorizationServer } from '../support/oauth/authorizationServer.ts';
import { CLIENTS } from '../support/oauth/clients.ts';
import { newPerson, type Person } from '../support/oauth/person.ts';
import { type ProtectedPeer, startProtectedServer } from '../support/oauth/protectedServer.ts';
import {
  clockAhead,
  newDataDir,
  type RunningServer,
  removeDataDir,
  startServer,
} from '../support/serverProcess.ts';
import { lookedUp, signedCall } from '../support/signedClient.ts';

const DAY_S = 86_400;
/** Later than any first health check is due. */
const DUE_MS = 70 * 60_000;

const dataDir = newDataDir();
const backup = `${dataDir}-backup`;
let port: string;
let provider: AuthorizationServer;
let peer: ProtectedPeer;
let server: RunningServer;
/** When the backup was put back. */
let restoredAt: string;
const services: Record<string, string> = {};

beforeAll(async () => {
  port = String(await freePort());
  // Tokens that are good for long: nothing but the restore keeps them from being used.
  provider = await startAuthorizationServer({
    accessTokenSeconds: DAY_S,
    redirectUris: [`${consoleUrl()}/v1/register/mcpserver/callback`],
  });
  peer = await startProtectedServer({
    authorizationServer: provider,
    checksAudience: false,
    scopes: ['mcp:read'],
  });
  server = await startServer(dataDir, { PORT: port });
});

afterAll(async () => {
  await server?.end();
  await Promise.all([peer?.close(), provider?.close()]);
  for (const folder of [dataDir, backup]) removeDataDir(folder);
});

const consoleUrl = () => `http://127.0.0.1:${port}`;

function threeLegged() {
  const { authorizationUrl, tokenUrl: exchangeUrl } = provider;
  const returnToEndpoint = `${consoleUrl()}/console/`;
  const oAuth3LO = { ...CLIENTS.confidential, authorizationUrl, exchangeUrl, returnToEndpoint };
  return { oAuth3LO: { ...oAuth3LO, scopes: ['mcp:read'], supportCodeChallenge: true } };
}

const call = async (...[name, input]: [Parameters<typeof signedCall>[1], object?]) => {
  const answer = await signedCall(server.port, name, input);
  if (answer.status >= 300) throw new Error(`${name}: ${JSON.stringify(answer.body)}`);
  return answer.body;
};

const register = (name: string, authorizationConfig: object) =>
  call('RegisterService', {
    service: 'mcpserver',
    serviceDetails: { mcpserver: { name, endpoint: peer.url, authorizationConfig } },
  });

/** As far as the provider's answer, which the browser has not delivered yet. */
async function consenting(begun: { additionalStep: { oauth: { authorizationUrl: string } } }) {
  const person = newPerson();
  const callback = await person.consent(begun.additionalStep.oauth.authorizationUrl, provider);
  return { person, callback };
}

async function landed({ person, callback }: { person: Person; callback: URL }): Promise<URLSearchParams> {
  return new URL((await person.get(callback)).location).searchParams;
}

const consented = async (begun: Parameters<typeof consenting>[0]) =>
  (await landed(await consenting(begun))).get('serviceId') ?? '';

const statusOf = async (name: string) =>
  (await call('GetService', { serviceId: services[name] })).service.validationStatus;

const lostOf = async (name: string) =>
  (await lookedUp(server.port))
    .filter(({ eventName }) => eventName === 'RefreshAccessToken')
    .filter(({ requestParameters }) => requestParameters.serviceId === services[name]);

const refreshes = () => {
  const { granted, refused } = provider.counts;
  return (granted.refresh_token ?? 0) + (refused.refresh_token ?? 0);
};

let late: { person: Person; callback: URL };

it('a backup holds what consents and clients were granted', async () => {
  services.consented = await consented(await register('consented', threeLegged()));
  const returnToEndpoint = `${consoleUrl()}/console/`;
  const discovery = { authorizationDiscovery: { returnToEndpoint } };
  services.discovered = await consented(await register('discovered', discovery));
  services.off = await consented(await register('off', threeLegged()));
  await call('UpdateService', { serviceId: services.off, state: 'DISABLED' });
  const { clientId, clientSecret } = CLIENTS.confidential;
  const client = { clientId, clientSecret, exchangeUrl: provider.tokenUrl, scopes: ['mcp:read'] };
  services.client = (await register('client', { oAuthClientCredentials: client })).serviceId;
  late = await consenting(await register('late', threeLegged()));
  await server.stop();
  cpSync(dataDir, backup, { recursive: true });

  // Without an epoch all of it is good again, whatever happened meanwhile.
  server = await startServer(dataDir, { PORT: port });
  for (const serviceId of Object.values(services)) {
    expect((await call('ValidateService', { serviceId })).report).toMatchObject({ valid: true });
  }
  await server.stop();
});

it('once it is put back, a consent of before is not used, and has to be given again', async () => {
  rmSync(dataDir, { recursive: true });
  cpSync(backup, dataDir, { recursive: true });
  restoredAt = new Date().toISOString();
  server = await startServer(dataDir, { PORT: port, TOKENS_VALID_FROM: restoredAt });
  const serviceId = services.consented;
  const [accepted, asked] = [peer.counts.accepted, refreshes()];
  for (let time = 0; time < 2; time++) {
    const { report } = await call('ValidateService', { serviceId });
    const failed = report.steps.filter(({ status }: { status: string }) => status === 'failed');
    expect(failed).toMatchObject([{ step: 'credential', code: 'CONSENT_REQUIRED' }]);
  }
  expect(peer.counts.accepted).toBe(accepted);
  expect(refreshes()).toBe(asked);
  expect(await statusOf('consented')).toBe('invalid');
  const events = await lostOf('consented');
  expect(events).toHaveLength(1);
  expect(events[0]).toMatchObject({
    errorCode: 'CONSENT_REQUIRED',
    errorMessage: expect.stringContaining('TOKENS_VALID_FROM'),
    additionalEventData: { endpoint: peer.url },
  });

  const serviceDetails = { mcpserver: { authorizationConfig: threeLegged() } };
  expect(await consented(await call('UpdateService', { serviceId, serviceDetails }))).toBe(serviceId);
  expect((await call('ValidateService', { serviceId })).report).toMatchObject({ valid: true });
});

it('a consent that was under way then ends without a request to the provider', async () => {
  const asked = provider.tokenRequests().length;
  expect((await landed(late)).get('error')).toBe('consent_expired');
  expect(provider.tokenRequests()).toHaveLength(asked);
});

it('client credentials get another token', async () => {
  const granted = provider.counts.granted.client_credentials ?? 0;
  const validated = await call('ValidateService', { serviceId: services.client });
  expect(validated.report).toMatchObject({ valid: true });
  expect(provider.counts.granted.client_credentials).toBe(granted + 1);
});

it('the health check finds every lost consent, and nothing but those', async () => {
  await server.stop();
  const before = Date.now();
  advance(DUE_MS);
  server = await startServer(dataDir, {
    PORT: port,
    TOKENS_VALID_FROM: restoredAt,
    ...clockAhead(DUE_MS),
  });
  // Nobody asks a server that is disabled: the tokens' own time tells.
  for (const name of ['discovered', 'off']) {
    await expect.poll(() => statusOf(name), { timeout: 30_000 }).toBe('invalid');
    expect(await lostOf(name)).toHaveLength(1);
  }
  const checked = async (name: string) => {
    const { service } = await call('GetService', { serviceId: services[name] });
    return [Date.parse(service.lastValidatedAt) > before + DUE_MS, service.validationStatus];
  };
  for (const name of ['consented', 'client']) {
    await expect.poll(() => checked(name), { timeout: 30_000 }).toEqual([true, 'valid']);
  }
});
