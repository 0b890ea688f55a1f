import type { Resource, Value } from './cloudformation.ts';

/** A metric of CloudWatch, of one or several sources that are added up. */
export interface Metric {
  namespace: string;
  sources: { name: string; dimensions: Record<string, Value> }[];
  stat: 'Sum' | 'Maximum' | 'p99';
}

export interface Alarm {
  /** What happens, why it matters, what to do: all that somebody gets who is woken by it. */
  happens: string;
  matters: string;
  remedy: string;
  metric: Metric;
  /** Above it, or at it, the alarm is raised. */
  threshold: number;
  /** Raised below the threshold instead, and where there is no data at all. */
  below?: true;
  minutes: number;
  /** Periods in a row; 1 when left out. */
  periods?: number;
}

// biome-ignore lint/suspicious/noTemplateCurlyInString: osls resolves it
const STAGE = '${sls:stage}';
// biome-ignore lint/suspicious/noTemplateCurlyInString: osls resolves it
export const PREFIX = '${self:service}-${sls:stage}';

export const api = (name: string, stat: Metric['stat']): Metric => ({
  namespace: 'AWS/ApiGateway',
  sources: [{ name, dimensions: { ApiName: PREFIX, Stage: STAGE } }],
  stat,
});

export const lambda = (name: string, ...functions: string[]): Metric => ({
  namespace: 'AWS/Lambda',
  sources: functions.map(one => ({ name, dimensions: { FunctionName: `${PREFIX}-${one}` } })),
  stat: 'Sum',
});

/** Metrics that lib/metrics/emf.ts makes; every one has the dimension `service`. */
export const own = (
  name: string,
  dimensions: Record<string, string> = {},
  stat: Metric['stat'] = 'Sum',
): Metric => ({
  namespace: 'Switchboard',
  sources: [{ name, dimensions: { service: PREFIX, ...dimensions } }],
  stat,
});

/** The alarm, told to `topic` where there is one. */
export function alarm(id: string, from: Alarm, topic: string | undefined): Resource {
  const { happens, matters, remedy, metric, threshold, minutes, below, periods = 1 } = from;
  return {
    Type: 'AWS::CloudWatch::Alarm',
    Properties: {
      AlarmName: `${PREFIX}-${id}`,
      AlarmDescription: `What happens: ${happens} Why it matters: ${matters} What to do: ${remedy}`,
      ComparisonOperator: below ? 'LessThanThreshold' : 'GreaterThanOrEqualToThreshold',
      Threshold: threshold,
      EvaluationPeriods: periods,
      DatapointsToAlarm: periods,
      TreatMissingData: below ? 'breaching' : 'notBreaching',
      ...(topic ? { AlarmActions: [topic], OKActions: [topic] } : {}),
      Metrics: metricQueries(metric, minutes * 60),
    },
  };
}

/** The sources and, where there are several, their sum. */
function metricQueries({ namespace, sources, stat }: Metric, period: number): object[] {
  const isSum = sources.length > 1;
  const queries = sources.map(({ name, dimensions }, n) => ({
    Id: `m${n}`,
    ReturnData: !isSum,
    MetricStat: {
      Metric: {
        Namespace: namespace,
        MetricName: name,
        Dimensions: Object.entries(dimensions).map(([Name, value]) => ({ Name, Value: value })),
      },
      Period: period,
      Stat: stat,
    },
  }));
  const sum = { Id: 'sum', Expression: `SUM([${queries.map(({ Id }) => Id).join(',')}])`, ReturnData: true };
  return isSum ? [...queries, sum] : queries;
}
