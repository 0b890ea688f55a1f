import { auditBucketArn } from './auditArchive.ts';
import { arn, attribute, join, type Statement } from './cloudformation.ts';
import { tableStatements } from './grants.ts';

const archive: Statement[] = [
  ...tableStatements({
    Query: ['event', 'calls', 'archiveMarks', 'archiveChains'],
    GetItem: ['archiveChains'],
    PutItem: ['archiveChains'],
    DeleteItem: ['archiveMarks'],
  }),
  {
    Effect: 'Allow',
    Action: ['s3:GetObject', 's3:PutObject'],
    Resource: join(auditBucketArn, '/*'),
  },
  // Without a condition on prefixes, which would make S3 answer 403 to reads of files that are not there.
  { Effect: 'Allow', Action: ['s3:ListBucket'], Resource: auditBucketArn },
  {
    Effect: 'Allow',
    Action: ['kms:Sign', 'kms:GetPublicKey'],
    Resource: attribute('AuditSigningKey', 'Arn'),
  },
];

const exportEvents: Statement[] = [
  {
    Effect: 'Allow',
    Action: [
      'dynamodb:DescribeStream',
      'dynamodb:GetRecords',
      'dynamodb:GetShardIterator',
      'dynamodb:ListStreams',
    ],
    Resource: attribute('Table', 'StreamArn'),
  },
  // Hours that the archive has to look into again.
  ...tableStatements({ PutItem: ['archiveMarks'] }),
  {
    Effect: 'Allow',
    Action: ['events:PutEvents'],
    Resource: arn('events', 'event-bus/default'),
    // biome-ignore lint/suspicious/noTemplateCurlyInString: osls resolves it
    Condition: { StringEquals: { 'events:source': '${param:eventSource}' } },
  },
  {
    Effect: 'Allow',
    Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
    Resource: attribute('AuditLogGroup', 'Arn'),
  },
  { Effect: 'Allow', Action: ['sqs:SendMessage'], Resource: attribute('AuditDeadLetters', 'Arn') },
];

/** What the functions may do that take audit events out of the table. */
export const auditPermissions = { archiveAuditEvents: archive, exportAuditEvents: exportEvents };
