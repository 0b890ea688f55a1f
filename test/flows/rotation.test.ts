import { afterAll, beforeAll, expect, it } from 'vitest';
import { type App, apiKeyRegistration, startApp } from '../support/app.ts';
import { startModern } from '../support/mcp/modern.ts';

const OLD = 'key-before-the-rotation';
const NEW = 'key-after-the-rotation';
let app: App;
/** One server that changes its key: two peers on one registration's way. */
let before: Awaited<ReturnType<typeof startModern>>;
let after: Awaited<ReturnType<typeof startModern>>;

beforeAll(async () => {
  [app, before, after] = await Promise.all([
    startApp(),
    startModern({ auth: { header: 'x-api-key', value: OLD } }),
    startModern({ auth: { header: 'authorization', value: `Bearer ${NEW}` } }),
  ]);
});

afterAll(async () => {
  await Promise.all([app.stop(), before.close(), after.close()]);
});

async function registered(name: string): Promise<string> {
  return (await app.call('RegisterService', apiKeyRegistration(name, before.url, OLD))).body.serviceId;
}

const bearer = (tokenValue: string) => ({ bearerToken: { tokenName: 'token', tokenValue } });

it('replaces credential, method and endpoint in place and keeps the associations', async () => {
  const serviceId = await registered('rotated');
  const { agentSpaceId } = (await app.call('CreateAgentSpace', { name: 'team' })).body.agentSpace;
  const configuration = { mcpserver: { tools: ['echo'] } };
  await app.call('AssociateService', { agentSpaceId, serviceId, configuration });

  const updated = await app.call('UpdateService', {
    serviceId,
    serviceDetails: { mcpserver: { endpoint: after.url, authorizationConfig: bearer(NEW) } },
  });
  expect(updated).toMatchObject({ status: 200 });
  const details = updated.body.service.additionalServiceDetails.mcpserver;
  expect(details).toEqual({ name: 'rotated', endpoint: after.url, authorizationMethod: 'bearer-token' });

  const { report } = (await app.call('ValidateService', { serviceId })).body;
  expect(report).toMatchObject({ valid: true });
  expect(after.requests.at(-1)?.credentials.authorization).toBe(`Bearer ${NEW}`);
  const { associations } = (await app.call('ListServiceAssociations', { serviceId })).body;
  expect(associations).toMatchObject([{ agentSpaceId }]);
  const events = (await app.events()).filter(event => event.eventName === 'UpdateService');
  expect(events).toHaveLength(1);
  expect(JSON.stringify(events)).not.toContain(NEW);
});

it('keeps the old credential when the new one does not work', async () => {
  const serviceId = await registered('kept');
  const refused = await app.call('UpdateService', {
    serviceId,
    serviceDetails: {
      mcpserver: {
        authorizationConfig: {
          apiKey: { apiKeyName: 'key', apiKeyHeader: 'x-api-key', apiKeyValue: 'wrong' },
        },
      },
    },
  });
  expect(refused).toMatchObject({ status: 400, error: 'ValidationException' });
  expect(refused.body.fieldList[0].path).toBe(
    '/serviceDetails/mcpserver/authorizationConfig/apiKey/apiKeyValue',
  );
  expect((await app.call('ValidateService', { serviceId })).body.report).toMatchObject({ valid: true });
  expect(before.requests.at(-1)?.credentials['x-api-key']).toBe(OLD);
});

it('refuses one of two updates that were decided on the same state', async () => {
  const serviceId = await registered('contended');
  const update = (description: string) => app.call('UpdateService', { serviceId, description });
  const answers = await Promise.all([update('one'), update('two'), update('three')]);
  const errors = answers.flatMap(answer => answer.error ?? []);
  expect(answers.some(answer => answer.status === 200)).toBe(true);
  expect(new Set(errors)).toEqual(new Set(errors.length > 0 ? ['ConflictException'] : []));
  const events = (await app.events()).filter(event => event.requestParameters?.serviceId === serviceId);
  expect(events.filter(event => event.eventName === 'UpdateService')).toHaveLength(3);
});

it('refuses details of the other kind of server, and an endpoint without a credential', async () => {
  const serviceId = await registered('kinds');
  const sigv4 = { authorizationConfig: { region: 'us-east-1', service: 'execute-api' } };
  const other = await app.call('UpdateService', { serviceId, serviceDetails: { mcpserversigv4: sigv4 } });
  expect(other.body.fieldList).toMatchObject([{ path: '/serviceDetails' }]);
  const bare = await app.call('UpdateService', {
    serviceId,
    serviceDetails: { mcpserver: { endpoint: after.url } },
  });
  expect(bare.body.fieldList).toMatchObject([
    { path: '/serviceDetails/mcpserver/authorizationConfig', message: 'is required' },
  ]);
});
