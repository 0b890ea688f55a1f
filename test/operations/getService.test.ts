import { expect, it } from 'vitest';
import { apiKeyRegistration } from '../support/app.ts';
import {
  arnOf,
  eventOf,
  expectError,
  expectInvalid,
  KEY,
  ok,
  proveForeign,
  register,
  resource,
  resourcesOf,
  startWorld,
} from './support.ts';
import { expectWire } from './wire.ts';

const world = startWorld();
const STEPS = ['url', 'address', 'tls', 'http', 'transport', 'credential', 'handshake', 'tools'];

it('describes a registration without its credential', async () => {
  const input = apiKeyRegistration('notes', world.peer.url, KEY, { name: 'Team notes', tags: { a: 'b' } });
  Object.assign(input.serviceDetails.mcpserver, { description: 'About it' });
  const { serviceId } = ok(await world.app.call('RegisterService', input));
  const answer = await world.app.call('GetService', { serviceId });
  expect(answer.status).toBe(200);
  expectWire('GetService', answer.body);
  const { createdAt } = answer.body.service;
  expect(answer.body).toEqual({
    service: {
      serviceId,
      serviceType: 'mcpserver',
      name: 'Team notes',
      additionalServiceDetails: {
        mcpserver: {
          name: 'notes',
          endpoint: world.peer.url,
          authorizationMethod: 'api-key',
          description: 'About it',
          apiKeyHeader: 'x-api-key',
        },
      },
      createdAt,
      updatedAt: createdAt,
      state: 'ENABLED',
      validationStatus: 'valid',
      lastValidatedAt: createdAt,
      toolCount: 3,
    },
    tags: { a: 'b' },
    arn: arnOf.service(serviceId),
    validationReport: {
      valid: true,
      steps: STEPS.map(step => ({ step, status: 'passed', durationMs: expect.any(Number) })),
      durationMs: expect.any(Number),
      protocolVersion: '2026-07-28',
      serverName: expect.any(String),
      serverVersion: expect.any(String),
      toolCount: 3,
    },
  });
  const event = await eventOf(world.app, 'GetService', answer);
  expect(resourcesOf(event)).toEqual([resource.service(serviceId)]);
  expect(event).toMatchObject({ requestParameters: { serviceId }, responseElements: null });
  expect(JSON.stringify(answer)).not.toContain(KEY);
});

it('shows the name of the server where no other was given', async () => {
  const serviceId = await register(world, 'plain');
  const { service, tags } = ok(await world.app.call('GetService', { serviceId }));
  expect(service.name).toBe('plain');
  expect(tags).toEqual({});
});

it('refuses ids that are not there, foreign, or no ids', async () => {
  await proveForeign(world, 'GetService', { serviceId: await register(world) });
  for (const serviceId of [`mcpserver-${crypto.randomUUID()}`, 'x', '-', '_', 'a'.repeat(255)]) {
    const answer = await world.app.call('GetService', { serviceId });
    expectError(answer, 'ResourceNotFoundException', 404, /ListServices/);
    await eventOf(world.app, 'GetService', answer);
  }
  for (const serviceId of ['a'.repeat(256), 'a b', 'ä', 'a#b']) {
    expectInvalid(await world.app.call('GetService', { serviceId }), ['/serviceId']);
  }
});
