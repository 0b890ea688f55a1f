import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { apiKeyRegistration } from '../support/app.ts';
import { startModern } from '../support/mcp/modern.ts';
import { manyTools, type WireTool } from '../support/mcp/toolShelf.ts';
import { startPausingServer } from './pausingServer.ts';
import {
  eventOf,
  expectError,
  fresh,
  KEY,
  ok,
  proveForeign,
  register,
  resource,
  resourcesOf,
  scan,
  startWorld,
} from './support.ts';

const world = startWorld();
const AUTH = { header: 'x-api-key', value: KEY };

const toolNames = async (serviceId: string): Promise<string[]> => {
  const { tools } = ok(await world.app.call('ListServiceTools', { serviceId }));
  return tools.map((tool: { name: string }) => tool.name);
};

/** Definitions that no compression makes small: several chunks of a catalogue. */
const BULKY: WireTool[] = manyTools(3).map(tool => ({
  ...tool,
  description: randomBytes(300_000).toString('base64'),
}));

it('checks again, keeps the outcome and the fresh list, and leaves one event', async () => {
  const serviceId = await register(world);
  world.peer.setTools([{ name: 'other', inputSchema: { type: 'object' } }]);
  const answer = await world.app.call('ValidateService', { serviceId });
  expect(answer).toMatchObject({ status: 200, body: { report: { valid: true, toolCount: 1 } } });
  const { service } = ok(await world.app.call('GetService', { serviceId }));
  expect(service).toMatchObject({ validationStatus: 'valid', toolCount: 1 });
  expect(service.lastValidatedAt > service.createdAt).toBe(true);
  expect(service.updatedAt).toBe(service.createdAt);
  expect(await toolNames(serviceId)).toEqual(['other']);
  const event = await eventOf(world.app, 'ValidateService', answer);
  expect(resourcesOf(event)).toEqual([resource.service(serviceId)]);
  expect(event).toMatchObject({
    requestParameters: { serviceId },
    additionalEventData: { endpoint: world.peer.url },
    responseElements: { report: { valid: true } },
  });
});

it('reports a server that went away, marks the service, keeps its tools; and recovers', async () => {
  const peer = await startModern({ auth: AUTH });
  const { serviceId } = ok(
    await world.app.call('RegisterService', apiKeyRegistration(fresh('gone'), peer.url, KEY)),
  );
  await peer.close();
  const answer = await world.app.call('ValidateService', { serviceId });
  expect(answer).toMatchObject({ status: 200, body: { report: { valid: false } } });
  const failed = answer.body.report.steps.find((step: { status: string }) => step.status === 'failed');
  expect(failed).toMatchObject({ step: 'address', code: 'ENDPOINT_UNREACHABLE' });
  const { service: away, validationReport } = ok(await world.app.call('GetService', { serviceId }));
  expect(away).toMatchObject({ validationStatus: 'invalid', toolCount: 3 });
  const { warnings: _, ...kept } = answer.body.report;
  expect(validationReport).toEqual(kept);
  expect(await toolNames(serviceId)).toHaveLength(3);
  await eventOf(world.app, 'ValidateService', answer);
  const back = await startModern({ auth: AUTH, port: peer.port });
  try {
    ok(await world.app.call('ValidateService', { serviceId }));
    expect(ok(await world.app.call('GetService', { serviceId }))).toMatchObject({
      service: { validationStatus: 'valid' },
      validationReport: { valid: true },
    });
  } finally {
    await back.close();
  }
});

it('refuses services that are not there or foreign', async () => {
  const serviceId = await register(world);
  await proveForeign(world, 'ValidateService', { serviceId });
  const unknown = await world.app.call('ValidateService', { serviceId: 'mcpserver-none' });
  expectError(unknown, 'ResourceNotFoundException', 404);
  await eventOf(world.app, 'ValidateService', unknown);
});

describe('while something else changes the service', () => {
  async function registerPausing() {
    const server = await startPausingServer(manyTools(1));
    const request = apiKeyRegistration(fresh('p'), server.peer.url, KEY);
    const { serviceId } = ok(await world.app.call('RegisterService', request));
    return { ...server, serviceId: String(serviceId) };
  }

  it('leaves one whole catalogue when two validations end in the other order', async () => {
    const { peer, pauseNext, setTools, serviceId } = await registerPausing();
    try {
      setTools(manyTools(2));
      const pause = pauseNext();
      const slow = world.app.call('ValidateService', { serviceId });
      await pause.seen;
      setTools(BULKY);
      ok(await world.app.call('ValidateService', { serviceId }));
      const chunks = (await scan(world.app)).filter(
        item => item.pk.endsWith(serviceId) && /^CAT#/.test(item.sk),
      );
      expect(chunks.length).toBeGreaterThan(2);
      pause.release();
      ok(await slow);
      // The list that was asked for later is the newer one.
      expect(await toolNames(serviceId)).toEqual(['tool_001', 'tool_002', 'tool_003']);
      setTools(manyTools(2));
      ok(await world.app.call('ValidateService', { serviceId }));
      expect(await toolNames(serviceId)).toEqual(['tool_001', 'tool_002']);
      ok(await world.app.call('DeregisterService', { serviceId }));
      expect((await scan(world.app)).filter(item => item.pk.endsWith(serviceId))).toEqual([]);
    } finally {
      await peer.close();
    }
  });

  it('judges what a registration became that was changed meanwhile', async () => {
    const { peer, pauseNext, setTools, serviceId } = await registerPausing();
    try {
      setTools(manyTools(2));
      const pause = pauseNext();
      const slow = world.app.call('ValidateService', { serviceId });
      await pause.seen;
      ok(await world.app.call('UpdateService', { serviceId, state: 'DISABLED' }));
      setTools(manyTools(3));
      pause.release();
      const answer = await slow;
      expect(ok(answer).report).toMatchObject({ valid: true, toolCount: 3 });
      expect(await toolNames(serviceId)).toEqual(['tool_001', 'tool_002', 'tool_003']);
      await eventOf(world.app, 'ValidateService', answer);
    } finally {
      await peer.close();
    }
  });

  it('judges nothing where the registration keeps changing', async () => {
    const { peer, pauseNext, setTools, serviceId } = await registerPausing();
    try {
      setTools(manyTools(2));
      let pause = pauseNext();
      const slow = world.app.call('ValidateService', { serviceId });
      for (let change = 1; change <= 3; change++) {
        await pause.seen;
        ok(await world.app.call('UpdateService', { serviceId, description: `change ${change}` }));
        const { release } = pause;
        if (change < 3) pause = pauseNext();
        release();
      }
      expectError(await slow, 'ConflictException', 409, /changed while/);
      expect(await toolNames(serviceId)).toEqual(['tool_001']);
    } finally {
      await peer.close();
    }
  });

  it('does not bring back a service that was deregistered meanwhile', async () => {
    const { peer, pauseNext, setTools, serviceId } = await registerPausing();
    try {
      setTools(manyTools(2));
      const pause = pauseNext();
      const slow = world.app.call('ValidateService', { serviceId });
      await pause.seen;
      ok(await world.app.call('DeregisterService', { serviceId }));
      pause.release();
      expectError(await slow, 'ResourceNotFoundException', 404);
      expect((await scan(world.app)).filter(item => item.pk.endsWith(serviceId))).toEqual([]);
    } finally {
      await peer.close();
    }
  });
});
