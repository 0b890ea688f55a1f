import { expect, it } from 'vitest';
import { apiKeyRegistration } from '../support/app.ts';
import { manyTools } from '../support/mcp/toolShelf.ts';
import { afterNext } from './meanwhile.ts';
import { startPausingServer } from './pausingServer.ts';
import {
  arnOf,
  contents,
  eventOf,
  expectError,
  expectInvalid,
  HIDDEN,
  KEY,
  ok,
  proveForeign,
  register,
  resource,
  resourcesOf,
  startWorld,
} from './support.ts';

const world = startWorld();

it('changes the description and the state, one at a time or both, and keeps the rest', async () => {
  const serviceId = await register(world, undefined, { tags: { a: 'b' } });
  const before = ok(await world.app.call('GetService', { serviceId }));
  const answer = await world.app.call('UpdateService', { serviceId, description: 'canary words' });
  expect(answer.status).toBe(200);
  const { service } = answer.body;
  expect(service.additionalServiceDetails.mcpserver).toEqual({
    ...before.service.additionalServiceDetails.mcpserver,
    description: 'canary words',
  });
  const event = await eventOf(world.app, 'UpdateService', answer);
  expect(resourcesOf(event)).toEqual([resource.service(serviceId)]);
  expect(event).toMatchObject({
    requestParameters: { serviceId, description: HIDDEN },
    additionalEventData: { endpoint: world.peer.url },
  });
  expect(JSON.stringify(event)).not.toContain('canary');

  const off = ok(await world.app.call('UpdateService', { serviceId, state: 'DISABLED' })).service;
  expect(off).toEqual({ ...service, state: 'DISABLED', updatedAt: off.updatedAt });
  const on = ok(
    await world.app.call('UpdateService', { serviceId, state: 'ENABLED', description: '' }),
  ).service;
  expect(on).toEqual({ ...before.service, updatedAt: on.updatedAt });
  const arn = arnOf.service(serviceId);
  expect(ok(await world.app.call('GetService', { serviceId }))).toEqual({
    service: on,
    tags: { a: 'b' },
    arn,
    validationReport: before.validationReport,
  });
});

it('loses no change among many at once: each is there, or was refused as a conflict', async () => {
  const serviceId = await register(world);
  const answers = await Promise.all(
    Array.from({ length: 8 }, (_, n) => world.app.call('UpdateService', { serviceId, description: `d${n}` })),
  );
  const won = answers.filter(answer => !answer.error).map(answer => answer.body.service);
  for (const lost of answers.filter(answer => answer.error)) expectError(lost, 'ConflictException', 409);
  expect(won).toContainEqual(ok(await world.app.call('GetService', { serviceId })).service);
});

it.each([
  ['a state', () => ({ state: 'DISABLED' })],
  [
    'a credential',
    () => {
      const { authorizationConfig } = apiKeyRegistration('x', world.peer.url, KEY).serviceDetails.mcpserver;
      return { serviceDetails: { mcpserver: { authorizationConfig } } };
    },
  ],
])('refuses %s that was decided on what another call changed at the same moment', async (_, change) => {
  const serviceId = await register(world);
  const changed = afterNext(world.app, 'GetItemCommand', async () => {
    ok(await world.app.call('UpdateService', { serviceId, description: 'first' }));
  });
  const answer = await world.app.call('UpdateService', { serviceId, ...change() });
  await changed;
  expectError(answer, 'ConflictException', 409, /changed at the same time/);
  await eventOf(world.app, 'UpdateService', answer);
  const { service } = ok(await world.app.call('GetService', { serviceId }));
  expect(service).toMatchObject({
    state: 'ENABLED',
    additionalServiceDetails: { mcpserver: { description: 'first' } },
  });
});

it('refuses a credential that was proven for what the service no longer is', async () => {
  const server = await startPausingServer(manyTools(1));
  const registration = apiKeyRegistration('stale', server.peer.url, KEY);
  const { serviceId } = ok(await world.app.call('RegisterService', registration));
  const { authorizationConfig } = registration.serviceDetails.mcpserver;
  const { seen, release } = server.pauseNext();
  const serviceDetails = { mcpserver: { authorizationConfig } };
  const stale = world.app.call('UpdateService', { serviceId, serviceDetails, description: 'stale' });
  await seen;
  ok(await world.app.call('UpdateService', { serviceId, description: 'newer' }));
  release();
  expectError(await stale, 'ConflictException', 409, /was changed at the same time/);
  const { service } = ok(await world.app.call('GetService', { serviceId }));
  expect(service.additionalServiceDetails.mcpserver.description).toBe('newer');
  await server.peer.close();
});

it('refuses nothing to change, wrong values, and services that are not there or foreign', async () => {
  const serviceId = await register(world);
  await proveForeign(world, 'UpdateService', { serviceId, state: 'DISABLED' });
  const before = await contents(world.app);
  const nothing = await world.app.call('UpdateService', { serviceId });
  expectInvalid(nothing, ['', /nothing to change/]);
  await eventOf(world.app, 'UpdateService', nothing);
  expectInvalid(await world.app.call('UpdateService', { serviceId, state: 'OFF' }), ['/state']);
  expectInvalid(await world.app.call('UpdateService', { serviceId, name: 'new' }), ['/name']);
  const long = await world.app.call('UpdateService', { serviceId, description: 'a'.repeat(501) });
  expectInvalid(long, ['/description']);
  const unknown = await world.app.call('UpdateService', { serviceId: 'mcpserver-none', state: 'DISABLED' });
  expectError(unknown, 'ResourceNotFoundException', 404);
  expect(await contents(world.app)).toEqual(before);
});
