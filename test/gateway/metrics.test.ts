import { afterEach, beforeEach, expect, it } from 'vitest';
import { allow, newSpace } from '../support/agents.ts';
import { textOf, wireAgent } from '../support/agentWire.ts';
import { startAgentWorld } from '../support/agentWorld.ts';
import { collectMetrics, type MetricLine } from '../support/writtenMetrics.ts';

const world = startAgentWorld({ EMIT_METRICS: 'true', METRIC_PAIRS: '2' });

let metrics: { lines: MetricLine[]; stop(): void };
beforeEach(() => {
  metrics = collectMetrics({});
});
afterEach(() => metrics.stop());

const calls = () => metrics.lines.filter(line => line.metrics.some(({ name }) => name === 'GatewayCalls'));

it('counts each call of a tool by space and server, with its time and its failure', async () => {
  const space = await newSpace(world.app);
  await allow(world.app, space, world.service, ['echo']);
  const agent = wireAgent(world.app, space, await world.app.token(space));
  expect(textOf(await agent.call('srv_echo', { text: 'x' }))).toContain('x');
  await agent.call('srv_none');
  const [done, refused, ...others] = calls();
  expect(others).toEqual([]);
  expect(done).toMatchObject({
    namespace: 'Switchboard',
    metrics: [
      { name: 'GatewayCalls', unit: 'Count' },
      { name: 'GatewayLatency', unit: 'Milliseconds' },
      { name: 'GatewayErrors', unit: 'Count' },
    ],
    dimensionSets: [['service'], ['service', 'agentSpaceId', 'serverName']],
    values: { agentSpaceId: space, serverName: 'srv', GatewayCalls: 1, GatewayErrors: 0 },
  });
  // No dimension may be empty (PutMetricData), and no name of a tool be one.
  expect(refused?.values).toMatchObject({ agentSpaceId: space, serverName: 'other', GatewayErrors: 1 });
  expect(JSON.stringify([done, refused])).not.toMatch(/echo|none/);
});

it('counts calls of further pairs together', async () => {
  const space = await newSpace(world.app);
  await allow(world.app, space, world.service, ['echo']);
  const agent = wireAgent(world.app, space, await world.app.token(space));
  await agent.call('srv_echo', { text: 'x' });
  expect(calls().map(({ values }) => [values.agentSpaceId, values.serverName, values.GatewayCalls])).toEqual([
    ['other', 'other', 1],
  ]);
});
