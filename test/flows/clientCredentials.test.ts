import { afterAll, beforeAll, expect, it } from 'vitest';
import { RESERVED_PARAMETERS } from '../../lib/oauth/reservedParameters.ts';
import { keys } from '../../lib/store/keys.ts';
import { getItem } from '../../lib/store/read.ts';
import { ACCOUNT, type App, startApp } from '../support/app.ts';
import { startModern } from '../support/mcp/modern.ts';
import { type AuthorizationServer, startAuthorizationServer } from '../support/oauth/authorizationServer.ts';
import { CLIENTS } from '../support/oauth/clients.ts';
import { type ProtectedPeer, startProtectedServer } from '../support/oauth/protectedServer.ts';

let app: App;
let authorizationServer: AuthorizationServer;
let peer: ProtectedPeer;
/** The token that was granted last. */
let newest = '';

beforeAll(async () => {
  authorizationServer = await startAuthorizationServer();
  authorizationServer.provider.on('client_credentials.saved', ({ jti }) => {
    newest = jti;
  });
  [app, peer] = await Promise.all([
    startApp(),
    startProtectedServer({ authorizationServer, checksAudience: false }),
  ]);
});

afterAll(async () => {
  await Promise.all([app.stop(), peer.close(), authorizationServer.close()]);
});

const { clientId, clientSecret } = CLIENTS.confidential;

function registration(name: string, more: object = {}) {
  const oAuthClientCredentials = {
    clientId,
    clientSecret,
    exchangeUrl: authorizationServer.tokenUrl,
    scopes: ['mcp:read'],
    ...more,
  };
  return {
    service: 'mcpserver',
    serviceDetails: {
      mcpserver: { name, endpoint: peer.url, authorizationConfig: { oAuthClientCredentials } },
    },
  };
}

it('registers with a token of the client, keeps it, and uses it again', async () => {
  const registered = await app.call('RegisterService', registration('cc'));
  expect(registered).toMatchObject({ status: 201, body: { serviceId: expect.any(String) } });
  const { serviceId } = registered.body;
  const asked = authorizationServer.counts.granted.client_credentials;
  expect(asked).toBeGreaterThan(0);
  const { service } = (await app.call('GetService', { serviceId })).body;
  expect(service.additionalServiceDetails.mcpserver).toMatchObject({
    authorizationMethod: 'oauth-client-credentials',
  });
  expect((await app.call('ValidateService', { serviceId })).body.report).toMatchObject({ valid: true });
  expect(authorizationServer.counts.granted.client_credentials).toBe(asked);
  expect(JSON.stringify(await app.events())).not.toContain(clientSecret);
});

it('rotates the client secret in place, and refuses one that does not work', async () => {
  const { serviceId } = (await app.call('RegisterService', registration('rotated'))).body;
  const update = (more: object) => {
    const { authorizationConfig } = registration('rotated', more).serviceDetails.mcpserver;
    return app.call('UpdateService', { serviceId, serviceDetails: { mcpserver: { authorizationConfig } } });
  };
  const refused = await update({ clientSecret: 'not-the-secret' });
  expect(refused).toMatchObject({ status: 400, error: 'ValidationException' });
  expect(refused.body.fieldList[0].path).toBe(
    '/serviceDetails/mcpserver/authorizationConfig/oAuthClientCredentials/clientSecret',
  );
  const { clientId: id, clientSecret: secret } = CLIENTS.limited;
  expect(await update({ clientId: id, clientSecret: secret })).toMatchObject({ status: 200 });
  expect((await app.call('ValidateService', { serviceId })).body.report).toMatchObject({ valid: true });
  expect(await app.call('DeregisterService', { serviceId })).toMatchObject({ status: 200 });
});

it('keeps how the client proved itself, for the tokens to come', async () => {
  authorizationServer.setFault('refusesBasic');
  const { serviceId } = (await app.call('RegisterService', registration('by-post'))).body;
  const before = authorizationServer.tokenRequests().length;
  peer.refuse(newest);
  expect((await app.call('ValidateService', { serviceId })).body.report).toMatchObject({ valid: true });
  authorizationServer.setFault(undefined);
  expect(authorizationServer.tokenRequests()).toHaveLength(before + 1);
});

it('leaves no token behind when it goes over to another method, and none when it goes', async () => {
  const { serviceId } = (await app.call('RegisterService', registration('leaving'))).body;
  const token = () => getItem(app.deps, keys.token(ACCOUNT, serviceId));
  expect(await token()).toBeDefined();
  const other = await startModern({ auth: { header: 'x-api-key', value: 'other' } });
  const apiKey = { apiKeyName: 'key', apiKeyHeader: 'x-api-key', apiKeyValue: 'other' };
  const update = (endpoint: string, authorizationConfig: object) =>
    app.call('UpdateService', {
      serviceId,
      serviceDetails: { mcpserver: { endpoint, authorizationConfig } },
    });
  expect(await update(other.url, { apiKey })).toMatchObject({ status: 200 });
  expect(await token()).toBeUndefined();
  const { authorizationConfig } = registration('leaving').serviceDetails.mcpserver;
  const back = await update(peer.url, authorizationConfig);
  expect(back.body.service.additionalServiceDetails.mcpserver).not.toHaveProperty('apiKeyHeader');
  expect(await token()).toBeDefined();
  expect(await app.call('DeregisterService', { serviceId })).toMatchObject({ status: 200 });
  expect(await token()).toBeUndefined();
  await other.close();
});

it('warns of scopes that promise writes, and of those that were not granted', async () => {
  const writing = registration('writing', { scopes: ['mcp:read', 'mcp:write'] });
  const { warnings } = (await app.call('RegisterService', writing)).body;
  expect(warnings).toMatchObject([
    { code: 'SCOPES_PROMISE_WRITES', message: expect.stringContaining('mcp:write') },
    { code: 'TOOL_READ_ONLY_HINT_MISSING' },
  ]);
});

it.each([...RESERVED_PARAMETERS])('refuses %s among the exchangeParameters', async name => {
  const refused = await app.call(
    'RegisterService',
    registration('refused', { exchangeParameters: { [name]: 'x' } }),
  );
  expect(refused).toMatchObject({ status: 400, error: 'ValidationException' });
  expect(refused.body.fieldList).toEqual([
    {
      path: `/serviceDetails/mcpserver/authorizationConfig/oAuthClientCredentials/exchangeParameters/${name}`,
      message: expect.stringContaining('is set by the protocol itself'),
    },
  ]);
});
