import { afterAll, beforeAll, expect, it } from 'vitest';
import { freePort } from '../support/freePort.ts';
import { type AuthorizationServer, startAuthorizationServer } from '../support/oauth/authorizationServer.ts';
import { CLIENTS } from '../support/oauth/clients.ts';
import { newPerson, type Person } from '../support/oauth/person.ts';
import { type ProtectedPeer, startProtectedServer } from '../support/oauth/protectedServer.ts';
import { newDataDir, type RunningServer, removeDataDir, startServer } from '../support/serverProcess.ts';
import { lookedUp, signedCall } from '../support/signedClient.ts';

const dataDir = newDataDir();
let provider: AuthorizationServer;
let peer: ProtectedPeer;
let server: RunningServer;
let console: string;

beforeAll(async () => {
  const port = await freePort();
  console = `http://127.0.0.1:${port}`;
  provider = await startAuthorizationServer({ redirectUris: [`${console}/v1/register/mcpserver/callback`] });
  peer = await startProtectedServer({
    authorizationServer: provider,
    checksAudience: false,
    scopes: ['mcp:read'],
  });
  server = await startServer(dataDir, { PORT: String(port) });
});

afterAll(async () => {
  await server?.end();
  await Promise.all([peer?.close(), provider?.close()]);
  removeDataDir(dataDir);
});

function threeLegged(more: object = {}) {
  return {
    oAuth3LO: {
      ...CLIENTS.confidential,
      authorizationUrl: provider.authorizationUrl,
      exchangeUrl: provider.tokenUrl,
      scopes: ['mcp:read'],
      supportCodeChallenge: true,
      returnToEndpoint: `${console}/console/`,
      ...more,
    },
  };
}

function registration(name: string, authorizationConfig: object) {
  return {
    service: 'mcpserver',
    serviceDetails: { mcpserver: { name, endpoint: peer.url, authorizationConfig } },
  };
}

async function begun(name: string, authorizationConfig: object): Promise<string> {
  const answer = await signedCall(server.port, 'RegisterService', registration(name, authorizationConfig));
  expect(answer).toMatchObject({ status: 201 });
  expect(answer.body.serviceId).toBeUndefined();
  return answer.body.additionalStep.oauth.authorizationUrl;
}

interface Journey {
  person: Person;
  callback: URL;
  /** Where the browser is in the end. */
  landed: URL;
}

async function consentInBrowser(authorizationUrl: string): Promise<Journey> {
  const person = newPerson();
  const callback = await person.consent(authorizationUrl, provider);
  return { person, callback, landed: new URL((await person.get(callback)).location) };
}

it('registers by oAuth3LO once a person has consented, and works with the tokens', async () => {
  const { landed, callback, person } = await consentInBrowser(await begun('three', threeLegged()));
  const serviceId = landed.searchParams.get('serviceId') ?? '';
  expect(`${landed.origin}${landed.pathname}`).toBe(`${console}/console/`);
  expect(serviceId).toMatch(/^mcpserver-/);
  const { service } = (await signedCall(server.port, 'GetService', { serviceId })).body;
  expect(service).toMatchObject({
    additionalServiceDetails: { mcpserver: { authorizationMethod: 'oauth-3lo' } },
  });
  const { report } = (await signedCall(server.port, 'ValidateService', { serviceId })).body;
  expect(report).toMatchObject({ valid: true });

  // A reload tells the same and does nothing anew.
  expect((await person.get(callback)).location).toBe(landed.href);
  const { services } = (await signedCall(server.port, 'ListServices')).body;
  expect(services).toHaveLength(1);
  const trail = JSON.stringify(await lookedUp(server.port));
  for (const name of ['code', 'state']) expect(trail).not.toContain(callback.searchParams.get(name));
  expect(trail).not.toContain(CLIENTS.confidential.clientSecret);
  expect(server.stdout() + server.stderr()).not.toContain(callback.searchParams.get('code'));
});

it('tells the granted scopes afterwards, and warns of those that promise writes', async () => {
  const config = threeLegged({ scopes: ['mcp:read', 'mcp:write'] });
  const { landed } = await consentInBrowser(await begun('writing', config));
  const serviceId = landed.searchParams.get('serviceId') ?? '';
  const { service } = (await signedCall(server.port, 'GetService', { serviceId })).body;
  expect(service.additionalServiceDetails.mcpserver.grantedScopes.sort()).toEqual([
    'mcp:read',
    'mcp:write',
    'offline_access',
  ]);
  const { report } = (await signedCall(server.port, 'ValidateService', { serviceId })).body;
  expect(report.warnings).toMatchObject([
    { code: 'SCOPES_PROMISE_WRITES', message: expect.stringContaining('mcp:write') },
    { code: 'TOOL_READ_ONLY_HINT_MISSING' },
  ]);
});

it('registers by authorization discovery, as a client that it registered itself', async () => {
  const discovery = { authorizationDiscovery: { returnToEndpoint: `${console}/console/` } };
  const { landed } = await consentInBrowser(await begun('discovered', discovery));
  const serviceId = landed.searchParams.get('serviceId') ?? '';
  const { report } = (await signedCall(server.port, 'ValidateService', { serviceId })).body;
  expect(report).toMatchObject({ valid: true });
  expect(provider.requests.filter(({ path }) => path === '/reg')).toHaveLength(1);
});

it('keeps nothing when the person declines, and tells the browser no more than that', async () => {
  provider.setPerson('denies');
  const { landed } = await consentInBrowser(await begun('declined', threeLegged()));
  provider.setPerson('consents');
  expect(landed.searchParams.get('error')).toBe('access_denied');
  const { services } = (await signedCall(server.port, 'ListServices')).body;
  expect(services.map((service: { name: string }) => service.name)).not.toContain('declined');
});

it('refuses a way back to a foreign console', async () => {
  const foreign = threeLegged({ returnToEndpoint: 'https://console.example.com/' });
  const answer = await signedCall(server.port, 'RegisterService', registration('foreign', foreign));
  expect(answer).toMatchObject({ status: 400, error: 'ValidationException' });
  expect(answer.body.fieldList[0].path).toBe(
    '/serviceDetails/mcpserver/authorizationConfig/oAuth3LO/returnToEndpoint',
  );
});

it('swaps a credential for a consent on completion, and changes nothing when it is abandoned', async () => {
  const { landed } = await consentInBrowser(await begun('swapped', threeLegged()));
  const serviceId = landed.searchParams.get('serviceId') ?? '';
  const serviceDetails = { mcpserver: { authorizationConfig: threeLegged({ scopes: ['mcp:write'] }) } };
  const update = () =>
    signedCall(server.port, 'UpdateService', { serviceId, serviceDetails, description: 'new' });
  const abandoned = await update();
  expect(abandoned).toMatchObject({ status: 200, body: { additionalStep: { oauth: {} } } });
  const read = async () => (await signedCall(server.port, 'GetService', { serviceId })).body.service;
  expect((await read()).additionalServiceDetails.mcpserver.description).toBeUndefined();

  const given = await update();
  const done = await consentInBrowser(given.body.additionalStep.oauth.authorizationUrl);
  expect(done.landed.searchParams.get('serviceId')).toBe(serviceId);
  expect((await read()).additionalServiceDetails.mcpserver.description).toBe('new');
});

it('does not swap a credential where the service was changed while the person consented', async () => {
  const { landed } = await consentInBrowser(await begun('changed', threeLegged()));
  const serviceId = landed.searchParams.get('serviceId') ?? '';
  const serviceDetails = { mcpserver: { authorizationConfig: threeLegged() } };
  const update = { serviceId, serviceDetails, description: 'of the consent' };
  const { body } = await signedCall(server.port, 'UpdateService', update);
  await signedCall(server.port, 'UpdateService', { serviceId, description: 'of the other' });
  const late = await consentInBrowser(body.additionalStep.oauth.authorizationUrl);
  expect(late.landed.searchParams.get('error')).toBe('conflict');
  const { service } = (await signedCall(server.port, 'GetService', { serviceId })).body;
  expect(service.additionalServiceDetails.mcpserver.description).toBe('of the other');
});

it.each([undefined, false])(
  'uses PKCE for a client without a secret (supportCodeChallenge %s)',
  async asked => {
    const { clientId } = CLIENTS.public;
    const config = threeLegged({ clientId, clientSecret: undefined, supportCodeChallenge: asked });
    const url = await begun(`public-${asked}`, config);
    const provider = await newPerson().goOn(url);
    expect(provider.searchParams.get('code_challenge_method')).toBe('S256');
    const { landed } = await consentInBrowser(url);
    expect(landed.searchParams.get('serviceId')).toMatch(/^mcpserver-/);
  },
);

it('leaves PKCE out for a confidential client that does not ask for it', async () => {
  const url = await begun('no-pkce', threeLegged({ supportCodeChallenge: false }));
  expect((await newPerson().goOn(url)).searchParams.has('code_challenge')).toBe(false);
});

it('refuses parameters of the protocol among the exchangeParameters', async () => {
  const config = threeLegged({ exchangeParameters: { redirect_uri: 'https://evil.example.com/' } });
  const answer = await signedCall(server.port, 'RegisterService', registration('reserved', config));
  expect(answer.body.fieldList[0].path).toBe(
    '/serviceDetails/mcpserver/authorizationConfig/oAuth3LO/exchangeParameters/redirect_uri',
  );
});

it('checks a registration as far as it goes without a consent', async () => {
  const registered = provider.requests.filter(({ path }) => path === '/reg').length;
  for (const config of [
    threeLegged(),
    { authorizationDiscovery: { returnToEndpoint: `${console}/console/` } },
  ]) {
    const answer = await signedCall(server.port, 'ValidateRegistration', registration('checked', config));
    const { report } = answer.body;
    expect(report.valid).toBe(true);
    const step = report.steps.find((one: { step: string }) => one.step === 'credential');
    expect(step).toMatchObject({
      status: 'skipped',
      message: expect.stringContaining('has to consent first'),
    });
  }
  expect(provider.requests.filter(({ path }) => path === '/reg')).toHaveLength(registered);
});
