import { attribute, ref } from './cloudformation.ts';
import type { FunctionConfig } from './functions.ts';

/** The functions that take audit events out of the table. */
export const auditFunctions: Record<string, Omit<FunctionConfig, 'handler' | 'package' | 'role'>> = {
  archiveAuditEvents: {
    description: 'Archives hours of the audit trail that are over, with signed digests.',
    // As long as there is: a backlog, or an hour of millions of calls. What does not fit is left to the next run.
    timeout: 900,
    memorySize: 1024,
    environment: {
      AUDIT_BUCKET: ref('AuditBucket'),
      AUDIT_SIGNING_KEY_ARN: attribute('AuditSigningKey', 'Arn'),
    },
    // Hours are closed a quarter of an hour after their end (lib/archive/closeHours.ts).
    events: [{ schedule: { rate: ['cron(16 * * * ? *)'], method: 'eventBus' } }],
  },
  exportAuditEvents: {
    description: 'Exports audit events to the event bus and to the logs.',
    timeout: 300,
    environment: {
      AUDIT_EVENT_BUS: 'default',
      AUDIT_LOG_GROUP: ref('AuditLogGroup'),
      AUDIT_DEAD_LETTERS_URL: ref('AuditDeadLetters'),
    },
    events: [{ stream: stream() }],
  },
};

function stream() {
  return {
    type: 'dynamodb',
    arn: attribute('Table', 'StreamArn'),
    startingPosition: 'TRIM_HORIZON',
    batchSize: 1000,
    // Seconds; calls of tools come together.
    batchWindow: 5,
    functionResponseType: 'ReportBatchItemFailures',
    // Where the function crashes, the record that makes it crash is found by halves.
    bisectBatchOnFunctionError: true,
    // An outage is waited for, half as long as the stream keeps its records.
    maximumRecordAgeInSeconds: 43_200,
    maximumRetryAttempts: 1000,
    destinations: { onFailure: { type: 'sqs', arn: attribute('AuditDeadLetters', 'Arn') } },
    // Events have a record, calls of tools data and a time to expire; nothing else has.
    filterPatterns: [
      pattern({ record: { S: [{ exists: true }] } }),
      pattern({ data: { B: [{ exists: true }] }, expiresAt: { N: [{ exists: true }] } }),
    ],
  };
}

function pattern(image: object) {
  return { eventName: ['INSERT', 'MODIFY'], dynamodb: { NewImage: image } };
}
