import { expect, it } from 'vitest';
import { apiKeyRegistration } from '../support/app.ts';
import { startBroken } from '../support/mcp/broken.ts';
import {
  contents,
  eventOf,
  expectInvalid,
  fresh,
  HINT_MISSING,
  KEY,
  ok,
  register,
  resourcesOf,
  startWorld,
} from './support.ts';

const world = startWorld();

const request = (endpoint = world.peer.url, key = KEY) => apiKeyRegistration(fresh('server'), endpoint, key);

it('reports every step of a good server, stores nothing, and leaves one event', async () => {
  const before = await contents(world.app);
  const answer = await world.app.call('ValidateRegistration', request());
  expect(answer.status).toBe(200);
  const { report } = answer.body;
  expect(report).toMatchObject({
    valid: true,
    warnings: [HINT_MISSING],
    toolCount: 3,
    protocolVersion: '2026-07-28',
    serverName: 'modern-test-server',
    serverVersion: '2.0.0',
  });
  expect(report.steps.map((step: { step: string; status: string }) => `${step.step} ${step.status}`)).toEqual(
    [
      'url passed',
      'address passed',
      'tls passed',
      'http passed',
      'transport passed',
      'credential passed',
      'handshake passed',
      'tools passed',
    ],
  );
  for (const { durationMs } of report.steps) expect(durationMs).toBeGreaterThanOrEqual(0);
  expect(await contents(world.app)).toEqual(before);
  const event = await eventOf(world.app, 'ValidateRegistration', answer);
  expect(resourcesOf(event)).toEqual([]);
  expect(event.requestParameters.serviceDetails.mcpserver.endpoint).toBe(world.peer.url);
  expect(JSON.stringify([event, answer])).not.toContain(KEY);
});

it('reports the step that failed and the member that it is about; later steps are skipped', async () => {
  const wrong = ok(
    await world.app.call('ValidateRegistration', request(undefined, 'a-wrong-key-altogether')),
  );
  expect(wrong.report.valid).toBe(false);
  const at = wrong.report.steps.findIndex((step: { status: string }) => step.status === 'failed');
  expect(wrong.report.steps[at]).toMatchObject({
    step: 'credential',
    code: 'CREDENTIAL_REJECTED',
    path: '/serviceDetails/mcpserver/authorizationConfig/apiKey/apiKeyValue',
    message: expect.any(String),
  });
  const later = wrong.report.steps.slice(at + 1).map((step: { status: string }) => step.status);
  expect(new Set(later)).toEqual(new Set(['skipped']));

  const peer = await startBroken('sseOnly');
  try {
    const { report } = ok(await world.app.call('ValidateRegistration', request(peer.url)));
    const failed = report.steps.find((step: { status: string }) => step.status === 'failed');
    expect(failed).toMatchObject({ code: 'TRANSPORT_SSE_ONLY', path: '/serviceDetails/mcpserver/endpoint' });
  } finally {
    await peer.close();
  }
});

it('checks a name that is taken all the same, and refuses requests as RegisterService does', async () => {
  const name = fresh('taken');
  await register(world, name);
  const taken = apiKeyRegistration(name, world.peer.url, KEY);
  expect(ok(await world.app.call('ValidateRegistration', taken)).report.valid).toBe(true);
  const other = await world.app.call('ValidateRegistration', { ...request(), service: 'gitlab' });
  expectInvalid(other, ['/service', /gitlab/]);
  await eventOf(world.app, 'ValidateRegistration', other);
  const none = await world.app.call('ValidateRegistration', { service: 'mcpserver' });
  expectInvalid(none, ['/serviceDetails']);
});
