import { attribute, type Resource, ref } from './cloudformation.ts';

/** Where audit events go line by line: the log group's own name, beside those of functions. */
// biome-ignore lint/suspicious/noTemplateCurlyInString: osls resolves it
export const AUDIT_LOG_GROUP = '/${self:service}/${sls:stage}/audit';

/** Seconds that dead letters are kept: as long as SQS keeps any. */
const FOURTEEN_DAYS = 1_209_600;

/** What the export of audit events writes to. */
export const auditExport: Record<string, Resource> = {
  AuditLogGroup: {
    Type: 'AWS::Logs::LogGroup',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: osls resolves it
    Properties: { LogGroupName: AUDIT_LOG_GROUP, RetentionInDays: '${param:logRetentionDays}' },
  },
  AuditDeadLetters: {
    Type: 'AWS::SQS::Queue',
    Properties: { MessageRetentionPeriod: FOURTEEN_DAYS, SqsManagedSseEnabled: true },
  },
  AuditDeadLettersPolicy: {
    Type: 'AWS::SQS::QueuePolicy',
    Properties: {
      Queues: [ref('AuditDeadLetters')],
      PolicyDocument: {
        Version: '2012-10-17',
        Statement: [
          {
            Sid: 'TlsOnly',
            Effect: 'Deny',
            Principal: { AWS: '*' },
            Action: ['sqs:*'],
            Resource: attribute('AuditDeadLetters', 'Arn'),
            Condition: { Bool: { 'aws:SecureTransport': 'false' } },
          },
        ],
      },
    },
  },
};
