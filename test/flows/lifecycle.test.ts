import { afterAll, beforeAll, expect, it } from 'vitest';
import { type App, apiKeyRegistration, startApp } from '../support/app.ts';
import { startModern } from '../support/mcp/modern.ts';

const KEY = 'key-for-the-lifecycle';
let app: App;
let peer: Awaited<ReturnType<typeof startModern>>;

beforeAll(async () => {
  [app, peer] = await Promise.all([startApp(), startModern({ auth: { header: 'x-api-key', value: KEY } })]);
});

afterAll(async () => {
  await Promise.all([app.stop(), peer.close()]);
});

it('registers, connects, is refused deletion, disconnects, deletes, and audits all of it', async () => {
  const registered = await app.call('RegisterService', apiKeyRegistration('notes', peer.url, KEY));
  expect(registered).toMatchObject({
    status: 201,
    body: { serviceId: expect.stringMatching(/^mcpserver-/) },
  });
  const { serviceId } = registered.body;
  const created = await app.call('CreateAgentSpace', { name: 'team' });
  const { agentSpaceId } = created.body.agentSpace;
  const associated = await app.call('AssociateService', {
    agentSpaceId,
    serviceId,
    configuration: { mcpserver: { tools: ['echo', 'add'] } },
  });
  expect(associated).toMatchObject({ status: 201, body: { association: { status: 'valid', serviceId } } });
  const { associationId } = associated.body.association;

  const early = await app.call('DeregisterService', { serviceId });
  expect(early).toMatchObject({ status: 409, error: 'ConflictException' });
  expect(early.body.message).toContain(agentSpaceId);

  expect(await app.call('DisassociateService', { agentSpaceId, associationId })).toMatchObject({
    status: 204,
  });
  expect(await app.call('DeregisterService', { serviceId })).toMatchObject({ status: 200, body: {} });
  expect(await app.call('GetService', { serviceId })).toMatchObject({ error: 'ResourceNotFoundException' });
  expect(await app.call('DeleteAgentSpace', { agentSpaceId })).toMatchObject({ status: 204 });

  const events = await app.events();
  expect(events.map(event => [event.eventName, event.errorCode ?? ''])).toEqual([
    ['RegisterService', ''],
    ['CreateAgentSpace', ''],
    ['AssociateService', ''],
    ['DeregisterService', 'ConflictException'],
    ['DisassociateService', ''],
    ['DeregisterService', ''],
    ['GetService', 'ResourceNotFoundException'],
    ['DeleteAgentSpace', ''],
  ]);
  const urls = events.filter(event => JSON.stringify(event).includes(peer.url)).map(event => event.eventName);
  expect(urls).toEqual([
    'RegisterService',
    'AssociateService',
    'DeregisterService',
    'DisassociateService',
    'DeregisterService',
  ]);
  expect(JSON.stringify(events)).not.toContain(KEY);
});
