import { keys } from '../lib/store/keys.ts';
import { auditBucketArn } from './auditArchive.ts';
import { arn, attribute, join } from './cloudformation.ts';
import { tablePart } from './tableAccess.ts';

/** Partition keys of events, and of calls of tools, of any account. */
const EVENTS = ['A#*#AUD#*', 'A#*#P#*#INV#*'];
const [MARKS, CHAINS] = [keys.archiveMarks(), keys.archiveChains()];

const archiveRole = [
  tablePart([...EVENTS, MARKS, CHAINS], 'dynamodb:Query'),
  tablePart([CHAINS], 'dynamodb:GetItem', 'dynamodb:PutItem'),
  tablePart([MARKS], 'dynamodb:DeleteItem'),
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
] as const;

const exportRole = [
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
  tablePart([MARKS], 'dynamodb:PutItem'),
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
] as const;

/** What the functions may do that take audit events out of the table. */
export const auditGroups = { ArchiveRole: archiveRole, ExportRole: exportRole };
