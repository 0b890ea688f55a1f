import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { currentScope } from '../scope.ts';
import type { Measure, Sample } from './measure.ts';

const OTHERS = 'other';

type Values = Record<string, [unit: 'Count' | 'Milliseconds', value: number]>;

interface Line {
  /** Sets of dimensions; the empty set is everything together. */
  dimensions: Record<string, string>[];
  values: Values;
}

/**
 * Metrics in CloudWatch's embedded metric format, one line of output for each sample (AWS Lambda Powertools). The
 * request id travels along as a property, which costs no metric.
 * @param maxPairs pairs of space and server that a process tells apart, the rest is `other`: CloudWatch bills each pair
 */
export function emfMeasure(maxPairs: number): Measure {
  const metrics = new Metrics({ namespace: 'Switchboard' });
  const pairs = new Set<string>();
  return sample => {
    const { dimensions, values } = recordOf(sample, pairs, maxPairs);
    for (const set of dimensions) metrics.addDimensions(set);
    const requestId = currentScope()?.requestId;
    if (requestId) metrics.addMetadata('requestId', requestId);
    for (const [name, [unit, value]] of Object.entries(values)) {
      metrics.addMetric(name, MetricUnit[unit], value);
    }
    metrics.publishStoredMetrics();
  };
}

const count = (value: number | boolean): ['Count', number] => ['Count', Number(value)];

function recordOf(sample: Sample, pairs: Set<string>, maxPairs: number): Line {
  switch (sample.kind) {
    case 'call':
      return {
        dimensions: [{ operation: sample.operation }, { access: sample.access }],
        values: {
          Calls: count(1),
          Latency: ['Milliseconds', sample.ms],
          Errors: count(sample.outcome === 'serverError'),
          ClientErrors: count(sample.outcome === 'clientError'),
        },
      };
    case 'gatewayCall':
      return {
        dimensions: [{}, pairOf(sample, pairs, maxPairs)],
        values: {
          GatewayCalls: count(1),
          GatewayLatency: ['Milliseconds', sample.ms],
          GatewayErrors: count(sample.failed),
        },
      };
    case 'validation':
      return {
        dimensions: [{ source: sample.source }],
        values: { Validations: count(1), ValidationFailures: count(!sample.valid) },
      };
    case 'tokenRefresh':
      return {
        dimensions: [],
        values: { TokenRefreshes: count(1), TokenRefreshFailures: count(!sample.ok) },
      };
    case 'drift':
      return {
        dimensions: [{ event: sample.event }],
        values: { DriftEvents: count(1), DriftedTools: count(sample.tools) },
      };
  }
}

function pairOf(
  { agentSpaceId, serverName }: Extract<Sample, { kind: 'gatewayCall' }>,
  pairs: Set<string>,
  maxPairs: number,
): Record<string, string> {
  const pair = `${agentSpaceId} ${serverName}`;
  if (!pairs.has(pair) && pairs.size >= maxPairs) return { agentSpaceId: OTHERS, serverName: OTHERS };
  pairs.add(pair);
  return { agentSpaceId, serverName: serverName || OTHERS };
}
