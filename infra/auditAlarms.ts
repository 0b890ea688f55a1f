import { type Alarm, lambda } from './alarm.ts';
import { attribute } from './cloudformation.ts';

/** Alarms of the audit archive and export. */
export const auditAlarms: Record<string, Alarm> = {
  AuditStreamAge: {
    happens: 'Audit events have waited for over 5 minutes to be exported, for a quarter of an hour.',
    matters:
      'EventBridge rules and log alarms see nothing of what is done now. After 12 hours records are set aside, and after 24 the stream forgets them; the archive has them all the same.',
    remedy:
      'Look for "audit events not exported" in the logs of exportAuditEvents: it names the error. AccessDenied: restore its role. Throttling: ask for a higher PutEvents quota.',
    metric: { ...lambda('IteratorAge', 'exportAuditEvents'), stat: 'Maximum' },
    threshold: 300_000,
    minutes: 5,
    periods: 3,
  },
  AuditDigestGap: {
    happens:
      'A run of the audit archive failed: it was interrupted, left hours, or missed a digest that it had written.',
    matters:
      'Hours without digests prove nothing. A digest that has gone was removed by somebody who may remove files.',
    remedy:
      'Read the error in the logs of archiveAuditEvents. "hours … left", throttling: the next run goes on. "missing or changed": restore the version of the file that the message names, and find who removed it (CloudTrail data events of the bucket). Then run npm run audit -- verify on a copy.',
    metric: lambda('Errors', 'archiveAuditEvents'),
    threshold: 1,
    minutes: 60,
  },
  AuditArchiveStopped: {
    happens: 'The audit archive has not run for two hours.',
    matters: 'Events stay in the table alone, where whoever may write to it may change them.',
    remedy:
      'See that the rule that runs archiveAuditEvents each hour is enabled, and that the function is not throttled. It then catches up by itself, as long as the table keeps its events (auditRetentionDays).',
    metric: lambda('Invocations', 'archiveAuditEvents'),
    below: true,
    threshold: 1,
    minutes: 60,
    periods: 2,
  },
  AuditDeadLetters: {
    happens: 'Audit events were set aside that could not be exported.',
    matters:
      'EventBridge and the logs will not get them by themselves. The archive has all that are in the table.',
    remedy:
      'Receive the messages of the queue AuditDeadLetters: each names an item of the table by its key and says why, or a range of the stream that Lambda gave up. Correct the cause; delete the messages.',
    metric: {
      namespace: 'AWS/SQS',
      sources: [
        {
          name: 'ApproximateNumberOfMessagesVisible',
          dimensions: { QueueName: attribute('AuditDeadLetters', 'QueueName') },
        },
      ],
      stat: 'Maximum',
    },
    threshold: 1,
    minutes: 5,
  },
};
