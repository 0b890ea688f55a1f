import { attribute, type Resource, type Value } from './cloudformation.ts';

interface Alarm {
  /** What happens, why it matters, what to do: all that somebody gets who is woken by it. */
  happens: string;
  matters: string;
  remedy: string;
  namespace: string;
  metric: string;
  dimension: Record<string, Value>;
  statistic: 'Sum' | 'Maximum';
  compare: 'GreaterThanOrEqualToThreshold' | 'LessThanThreshold';
  threshold: number;
  minutes: number;
  /** Periods in a row; 1 when left out. */
  periods?: number;
  /** Whether no data at all is an alarm. */
  missing?: 'breaching';
}

// biome-ignore lint/suspicious/noTemplateCurlyInString: osls resolves it
const PREFIX = '${self:service}-${sls:stage}';
const ofFunction = (name: string) => ({
  namespace: 'AWS/Lambda',
  dimension: { FunctionName: `${PREFIX}-${name}` },
});

const ALARMS: Record<string, Alarm> = {
  AuditStreamAge: {
    happens: 'Audit events have waited for over 5 minutes to be exported, for a quarter of an hour.',
    matters:
      'EventBridge rules and log alarms see nothing of what is done now. After 12 hours records are set aside, and after 24 the stream forgets them; the archive has them all the same.',
    remedy:
      'Look for "audit events not exported" in the logs of exportAuditEvents: it names the error. AccessDenied: restore its role. Throttling: ask for a higher PutEvents quota.',
    ...ofFunction('exportAuditEvents'),
    ...{ metric: 'IteratorAge', statistic: 'Maximum', compare: 'GreaterThanOrEqualToThreshold' },
    ...{ threshold: 300_000, minutes: 5, periods: 3 },
  },
  AuditDigestGap: {
    happens:
      'A run of the audit archive failed: it was interrupted, left hours, or missed a digest that it had written.',
    matters:
      'Hours without digests prove nothing. A digest that has gone was removed by somebody who may remove files.',
    remedy:
      'Read the error in the logs of archiveAuditEvents. "hours … left", throttling: the next run goes on. "missing or changed": restore the version of the file that the message names, and find who removed it (CloudTrail data events of the bucket). Then run npm run audit -- verify on a copy.',
    ...ofFunction('archiveAuditEvents'),
    ...{ metric: 'Errors', statistic: 'Sum', compare: 'GreaterThanOrEqualToThreshold' },
    ...{ threshold: 1, minutes: 60 },
  },
  AuditArchiveStopped: {
    happens: 'The audit archive has not run for two hours.',
    matters: 'Events stay in the table alone, where whoever may write to it may change them.',
    remedy:
      'See that the rule that runs archiveAuditEvents each hour is enabled, and that the function is not throttled. It then catches up by itself, as long as the table keeps its events (auditRetentionDays).',
    ...ofFunction('archiveAuditEvents'),
    ...{ metric: 'Invocations', statistic: 'Sum', compare: 'LessThanThreshold' },
    ...{ threshold: 1, minutes: 60, periods: 2, missing: 'breaching' },
  },
  AuditDeadLetters: {
    happens: 'Audit events were set aside that could not be exported.',
    matters:
      'EventBridge and the logs will not get them by themselves. The archive has all that are in the table.',
    remedy:
      'Receive the messages of the queue AuditDeadLetters: each names an item of the table by its key and says why, or a range of the stream that Lambda gave up. Correct the cause; delete the messages.',
    namespace: 'AWS/SQS',
    dimension: { QueueName: attribute('AuditDeadLetters', 'QueueName') },
    ...{ metric: 'ApproximateNumberOfMessagesVisible', statistic: 'Maximum' },
    ...{ compare: 'GreaterThanOrEqualToThreshold', threshold: 1, minutes: 5 },
  },
};

function alarm(id: string, parts: Alarm): Resource {
  const { happens, matters, remedy, periods = 1, minutes } = parts;
  return {
    Type: 'AWS::CloudWatch::Alarm',
    Properties: {
      AlarmName: `${PREFIX}-${id}`,
      AlarmDescription: `What happens: ${happens} Why it matters: ${matters} What to do: ${remedy}`,
      Namespace: parts.namespace,
      MetricName: parts.metric,
      Dimensions: Object.entries(parts.dimension).map(([Name, value]) => ({ Name, Value: value })),
      Statistic: parts.statistic,
      ComparisonOperator: parts.compare,
      Threshold: parts.threshold,
      Period: minutes * 60,
      EvaluationPeriods: periods,
      TreatMissingData: parts.missing ?? 'notBreaching',
    },
  };
}

/** Alarms of the audit archive and export. */
export const auditAlarms: Record<string, Resource> = Object.fromEntries(
  Object.entries(ALARMS).map(([id, parts]) => [`${id}Alarm`, alarm(id, parts)]),
);
