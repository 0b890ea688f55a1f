import { describe, expect, it } from 'vitest';
import { emfMeasure } from '../../../lib/metrics/emf.ts';
import type { Sample } from '../../../lib/metrics/measure.ts';
import { inScope } from '../../../lib/scope.ts';
import { written } from '../../support/writtenMetrics.ts';

const ENV = { POWERTOOLS_SERVICE_NAME: 'switchboard-test' };
const lines = (samples: Sample[], maxPairs = 10) =>
  written(ENV, () => {
    const measure = emfMeasure(maxPairs);
    for (const sample of samples) measure(sample);
  });
const call = (agentSpaceId: string, serverName: string): Sample => ({
  kind: 'gatewayCall',
  agentSpaceId,
  serverName,
  ms: 5,
  failed: false,
});

describe('metrics in the embedded format', () => {
  it('count calls, their time and their failures by operation, and by kind', () => {
    const [line] = lines([
      { kind: 'call', operation: 'GetService', access: 'read', ms: 12, outcome: 'serverError' },
    ]);
    expect(line).toMatchObject({
      namespace: 'Switchboard',
      dimensionSets: [
        ['service', 'operation'],
        ['service', 'access'],
      ],
      metrics: [
        { name: 'Calls', unit: 'Count' },
        { name: 'Latency', unit: 'Milliseconds' },
        { name: 'Errors', unit: 'Count' },
        { name: 'ClientErrors', unit: 'Count' },
      ],
      values: {
        service: 'switchboard-test',
        operation: 'GetService',
        Calls: 1,
        Latency: 12,
        Errors: 1,
        ClientErrors: 0,
      },
    });
  });

  it('carry the request id as a property, which is no dimension', () => {
    const [line] = written(ENV, () =>
      inScope({ functionName: 'getService', requestId: 'r-1' }, () =>
        emfMeasure(1)({ kind: 'tokenRefresh', ok: true }),
      ),
    );
    expect(line?.values.requestId).toBe('r-1');
    expect(line?.dimensionSets).toEqual([['service']]);
  });

  it('tell so many pairs of space and server apart, and count all of them', () => {
    const found = lines([call('a', 'x'), call('a', 'y'), call('b', 'x'), call('a', 'x')], 2);
    expect(found.map(({ values }) => [values.agentSpaceId, values.serverName])).toEqual([
      ['a', 'x'],
      ['a', 'y'],
      ['other', 'other'],
      ['a', 'x'],
    ]);
    for (const { dimensionSets } of found) {
      expect(dimensionSets).toEqual([['service'], ['service', 'agentSpaceId', 'serverName']]);
    }
    expect(lines([call('a', 'x')], 0)[0]?.values.agentSpaceId).toBe('other');
  });

  it('leave nothing of one sample in the next', () => {
    const [, second] = lines([
      { kind: 'drift', event: 'ToolRemoved', tools: 3 },
      { kind: 'tokenRefresh', ok: false },
    ]);
    expect(second).toMatchObject({
      dimensionSets: [['service']],
      metrics: [
        { name: 'TokenRefreshes', unit: 'Count' },
        { name: 'TokenRefreshFailures', unit: 'Count' },
      ],
    });
    expect(second?.values).not.toHaveProperty('event');
  });
});
