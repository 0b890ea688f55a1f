import { afterEach, beforeEach, expect, it } from 'vitest';
import { measureFrom } from '../../lib/deps/measure.ts';
import { associate, createSpace, register, startWorld } from '../operations/support.ts';
import { collectMetrics, type MetricLine } from '../support/writtenMetrics.ts';

const world = startWorld({ EMIT_METRICS: 'true' });

let metrics: { lines: MetricLine[]; stop(): void };
beforeEach(() => {
  metrics = collectMetrics({});
});
afterEach(() => metrics.stop());

const valuesOf = (name: string) =>
  metrics.lines.filter(line => line.metrics.some(metric => metric.name === name)).map(({ values }) => values);

it('counts each call by operation, with its outcome', async () => {
  await world.app.call('ListServices');
  await world.app.call('GetService', { serviceId: 'mcpserver-none' });
  expect(valuesOf('Calls')).toMatchObject([
    {
      operation: 'ListServices',
      access: 'read',
      Calls: 1,
      Errors: 0,
      ClientErrors: 0,
      requestId: expect.any(String),
    },
    { operation: 'GetService', access: 'read', Calls: 1, Errors: 0, ClientErrors: 1 },
  ]);
  for (const { Latency } of valuesOf('Calls')) expect(Latency).toBeGreaterThanOrEqual(0);
});

it('counts validations and the drift that they find', async () => {
  const serviceId = await register(world);
  const agentSpaceId = await createSpace(world);
  await associate(world, agentSpaceId, serviceId);
  world.peer.setTools([{ name: 'echo', description: 'changed', inputSchema: { type: 'object' } }]);
  await world.app.call('ValidateService', { serviceId });
  expect(valuesOf('Validations').at(-1)).toMatchObject({
    source: 'request',
    Validations: 1,
    ValidationFailures: 0,
  });
  expect(valuesOf('DriftEvents')).toMatchObject([
    { event: 'ToolDefinitionChanged', DriftEvents: 1, DriftedTools: 1 },
  ]);
  await world.peer.close();
  await world.app.call('ValidateService', { serviceId });
  expect(valuesOf('ValidationFailures').at(-1)).toMatchObject({ ValidationFailures: 1 });
});

it('writes on Lambda, elsewhere only when asked', () => {
  const tell = (env: Record<string, string>) => {
    const before = metrics.lines.length;
    measureFrom(env)({ kind: 'tokenRefresh', ok: true });
    return metrics.lines.length - before;
  };
  expect(tell({})).toBe(0);
  expect(tell({ EMIT_METRICS: 'true' })).toBe(1);
  expect(tell({ AWS_LAMBDA_FUNCTION_NAME: 'f' })).toBe(1);
  expect(tell({ AWS_LAMBDA_FUNCTION_NAME: 'f', EMIT_METRICS: 'false' })).toBe(0);
});
