import { afterAll, beforeAll, expect, it } from 'vitest';
import { emfMeasure } from '../../lib/metrics/emf.ts';
import type { Sample } from '../../lib/metrics/measure.ts';
import { written } from '../support/writtenMetrics.ts';
import { type Packaged, packageProject } from './package.ts';

let packaged: Packaged;
beforeAll(async () => {
  packaged = await packageProject('--stage', 'prod');
});
afterAll(() => packaged?.remove());

const alarms = () =>
  Object.entries(packaged.resources).flatMap(([id, { Type, Properties }]) =>
    Type === 'AWS::CloudWatch::Alarm' ? [[id.replace(/Alarm$/, ''), Properties] as const] : [],
  );

interface Source {
  Metric: { Namespace: string; MetricName: string; Dimensions: { Name: string; Value: unknown }[] };
}

const sourcesOf = (properties: { Metrics: { MetricStat?: Source }[] }) =>
  properties.Metrics.flatMap(({ MetricStat }) => MetricStat?.Metric ?? []);

it('watches what can go wrong', () => {
  expect(
    alarms()
      .map(([id]) => id)
      .sort(),
  ).toEqual([
    'AgentEndpointErrors',
    'AgentEndpointThrottles',
    'ApiLatency',
    'ApiReadLatency',
    'ApiServerErrors',
    'AuditArchiveStopped',
    'AuditDeadLetters',
    'AuditDigestGap',
    'AuditStreamAge',
    'BackgroundErrors',
    'DriftEvents',
    'FunctionThrottles',
    'InvocationRecordsLost',
    'TableThrottles',
    'TokenRefreshFailures',
    'ValidationFailures',
  ]);
});

it('says what happens, why it matters and what to do', () => {
  for (const [id, { AlarmDescription }] of alarms()) {
    expect(AlarmDescription, id).toMatch(
      /^What happens: .{20,} Why it matters: .{20,} What to do: .{20,}\.$/,
    );
  }
});

it('takes silence for health, and shows one number', () => {
  for (const [id, properties] of alarms()) {
    // But for what has to run.
    const healthy = id === 'AuditArchiveStopped' ? 'breaching' : 'notBreaching';
    expect(properties.TreatMissingData, id).toBe(healthy);
    const shown = properties.Metrics.filter(({ ReturnData }: { ReturnData: boolean }) => ReturnData);
    expect(shown, id).toHaveLength(1);
  }
});

it('watches functions and resources that there are', () => {
  const names = Object.values(packaged.resources).flatMap(({ Properties }) => Properties?.FunctionName ?? []);
  for (const [id, properties] of alarms()) {
    for (const { Dimensions } of sourcesOf(properties)) {
      for (const { Name, Value } of Dimensions) {
        if (Name === 'FunctionName') expect(names, id).toContain(Value);
        if (Name === 'ApiName') expect(Value).toBe(packaged.resources.ApiGatewayRestApi?.Properties.Name);
        if (Name === 'TableName') expect(Value).toEqual({ Ref: 'Table' });
      }
    }
  }
});

/** One sample of each kind, as the functions make them. */
const SAMPLES: Sample[] = [
  { kind: 'call', operation: 'GetService', access: 'read', ms: 12, outcome: 'success' },
  { kind: 'validation', source: 'health', valid: false },
  { kind: 'tokenRefresh', ok: false },
  { kind: 'drift', event: 'ToolDefinitionChanged', tools: 2 },
];

it('watches metrics that functions write, under their names and dimensions', async () => {
  const { Variables } = packaged.resources.GetServiceLambdaFunction?.Properties.Environment ?? {};
  const lines = written({ POWERTOOLS_SERVICE_NAME: Variables.POWERTOOLS_SERVICE_NAME }, () => {
    const measure = emfMeasure(10);
    for (const sample of SAMPLES) measure(sample);
  });
  const known = new Set(
    lines.flatMap(line =>
      line.metrics.flatMap(({ name }) =>
        line.dimensionSets.map(names =>
          JSON.stringify([name, ...names.sort().map(dimension => [dimension, line.values[dimension]])]),
        ),
      ),
    ),
  );
  const filtered = Object.values(packaged.resources)
    .filter(({ Type }) => Type === 'AWS::Logs::MetricFilter')
    .flatMap(({ Properties }) => Properties.MetricTransformations);
  for (const { MetricName } of filtered) known.add(JSON.stringify([MetricName]));
  expect(filtered).toHaveLength(2);
  for (const [id, properties] of alarms()) {
    for (const { Namespace, MetricName, Dimensions } of sourcesOf(properties)) {
      if (Namespace !== 'Switchboard') continue;
      const wanted = Dimensions.map(({ Name, Value }) => [Name, Value]).sort();
      expect([...known], id).toContain(JSON.stringify([MetricName, ...wanted]));
    }
  }
});
