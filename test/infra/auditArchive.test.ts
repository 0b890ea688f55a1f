import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Packaged, packageProject, type TemplateResource } from './package.ts';

interface Statement {
  Sid?: string;
  Effect: string;
  Action: string[];
  Resource: unknown;
  Condition?: Record<string, Record<string, unknown>>;
}

describe.each(['dev', 'prod'])('the audit archive as packaged for %s', stage => {
  let packaged: Packaged;
  const properties = (id: string) => packaged.resources[id]?.Properties;
  const statementsOf = (resource: TemplateResource | undefined): Statement[] =>
    resource?.Properties.Policies[0].PolicyDocument.Statement;
  /** What a role allows beside its logs and traces: each action, and on what. */
  const allowed = (role: string) =>
    statementsOf(packaged.resources[role])
      .slice(2)
      .flatMap(({ Action, Resource }) => Action.map(action => `${action} ${nameOf(Resource)}`))
      .sort();
  const leadingKeys = (role: string, action: string) =>
    statementsOf(packaged.resources[role]).find(({ Action }) => Action.includes(action))?.Condition?.[
      'ForAllValues:StringLike'
    ]?.['dynamodb:LeadingKeys'];

  beforeAll(async () => {
    packaged = await packageProject('--stage', stage);
  });
  afterAll(() => packaged?.remove());

  it('keeps what is in the bucket: versions, a lock, no public access, encryption, no removal with the stack', () => {
    expect(packaged.resources.AuditBucket?.DeletionPolicy).toBe('Retain');
    expect(properties('AuditBucket')).toMatchObject({
      VersioningConfiguration: { Status: 'Enabled' },
      ObjectLockEnabled: true,
      ObjectLockConfiguration: {
        Rule: { DefaultRetention: { Mode: 'GOVERNANCE', Days: stage === 'prod' ? 365 : 1 } },
      },
      PublicAccessBlockConfiguration: {
        ...{ BlockPublicAcls: true, BlockPublicPolicy: true },
        ...{ IgnorePublicAcls: true, RestrictPublicBuckets: true },
      },
      BucketEncryption: expect.anything(),
      OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
    });
    for (const { ExpirationInDays } of properties('AuditBucket').LifecycleConfiguration.Rules)
      expect(ExpirationInDays).toBeUndefined();
  });

  it('refuses everybody plain connections, and writes that could replace a file', () => {
    const statements: Statement[] = properties('AuditBucketPolicy').PolicyDocument.Statement;
    for (const { Effect, Resource } of statements) {
      expect(Effect).toBe('Deny');
      expect(JSON.stringify(Resource)).toContain('AuditBucket');
    }
    expect(Object.fromEntries(statements.map(({ Sid, Condition }) => [Sid, Condition]))).toEqual({
      TlsOnly: { Bool: { 'aws:SecureTransport': 'false' } },
      ModernTlsOnly: { NumericLessThan: { 's3:TlsVersion': '1.2' } },
      WriteOnce: {
        Null: { 's3:if-none-match': 'true' },
        Bool: { 's3:ObjectCreationOperation': 'true' },
      },
    });
  });

  it('signs with a key that does nothing else, and stays', () => {
    expect(packaged.resources.AuditSigningKey?.DeletionPolicy).toBe('Retain');
    const { KeySpec, KeyUsage, KeyPolicy } = properties('AuditSigningKey');
    expect([KeySpec, KeyUsage]).toEqual(['ECC_NIST_P256', 'SIGN_VERIFY']);
    const signing = KeyPolicy.Statement.filter(({ Action }: Statement) => Action.includes('kms:Sign'));
    expect(signing).toHaveLength(1);
    expect(signing[0].Condition).toEqual({
      StringEquals: { 'kms:SigningAlgorithm': 'ECDSA_SHA_256', 'kms:MessageType': 'DIGEST' },
    });
    for (const { Action } of KeyPolicy.Statement) for (const one of Action) expect(one).not.toContain('*');
  });

  it('allows its functions what they do, and no more', () => {
    expect(allowed('ArchiveAuditEventsRole')).toEqual([
      'dynamodb:DeleteItem Table',
      'dynamodb:GetItem Table',
      'dynamodb:PutItem Table',
      'dynamodb:Query Table',
      'kms:GetPublicKey AuditSigningKey',
      'kms:Sign AuditSigningKey',
      's3:GetObject AuditBucket/*',
      's3:ListBucket AuditBucket',
      's3:PutObject AuditBucket/*',
    ]);
    expect(leadingKeys('ArchiveAuditEventsRole', 'dynamodb:PutItem')).toEqual(['A#SYSTEM#ARCHIVE']);
    expect(leadingKeys('ArchiveAuditEventsRole', 'dynamodb:DeleteItem')).toEqual(['A#SYSTEM#HOURS']);
    expect(leadingKeys('ArchiveAuditEventsRole', 'dynamodb:Query')).toEqual([
      ...['A#SYSTEM#ARCHIVE', 'A#SYSTEM#HOURS'],
      ...['A#????????????#P#*#INV#*', 'A#????????????#AUD#*'],
    ]);
    expect(allowed('ExportAuditEventsRole')).toEqual([
      'dynamodb:DescribeStream Table stream',
      'dynamodb:GetRecords Table stream',
      'dynamodb:GetShardIterator Table stream',
      'dynamodb:ListStreams Table stream',
      'dynamodb:PutItem Table',
      'events:PutEvents event-bus/default',
      'logs:CreateLogStream AuditLogGroup',
      'logs:PutLogEvents AuditLogGroup',
      'sqs:SendMessage AuditDeadLetters',
    ]);
    expect(leadingKeys('ExportAuditEventsRole', 'dynamodb:PutItem')).toEqual(['A#SYSTEM#HOURS']);
    const onBus = statementsOf(packaged.resources.ExportAuditEventsRole).find(({ Action }) =>
      Action.includes('events:PutEvents'),
    );
    expect(onBus?.Condition).toEqual({ StringEquals: { 'events:source': 'aidevops.switchboard' } });
  });

  it('runs each hour, after the hour before can be closed', () => {
    expect(properties('ArchiveAuditEventsEventsRuleSchedule1').ScheduleExpression).toBe('cron(16 * * * ? *)');
    const { Environment, Timeout } = properties('ArchiveAuditEventsLambdaFunction');
    expect(Timeout).toBe(900);
    expect(Environment.Variables).toMatchObject({ AUDIT_BUCKET: { Ref: 'AuditBucket' } });
  });

  it('reads the stream in batches, tells what failed, bisects, and sets aside what never works', () => {
    expect(properties('Table').StreamSpecification).toEqual({ StreamViewType: 'NEW_IMAGE' });
    const mapping = properties('ExportAuditEventsEventSourceMappingDynamodbTable');
    expect(mapping).toMatchObject({
      BatchSize: 1000,
      BisectBatchOnFunctionError: true,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      StartingPosition: 'TRIM_HORIZON',
      DestinationConfig: { OnFailure: { Destination: { 'Fn::GetAtt': ['AuditDeadLetters', 'Arn'] } } },
    });
    // Before the stream forgets them.
    expect(mapping.MaximumRecordAgeInSeconds).toBeLessThan(86_400);
    expect(mapping.MaximumRetryAttempts).toBeGreaterThan(0);
    expect(properties('AuditDeadLetters')).toEqual({
      MessageRetentionPeriod: 1_209_600,
      SqsManagedSseEnabled: true,
    });
    expect(properties('AuditLogGroup')).toEqual({
      LogGroupName: `/switchboard/${stage}/audit`,
      RetentionInDays: stage === 'prod' ? 365 : 30,
    });
  });

  it('has alarms that say what happens, why it matters and what to do', () => {
    const alarms = Object.entries(packaged.resources).filter(
      ([id, { Type }]) => Type === 'AWS::CloudWatch::Alarm' && id.startsWith('Audit'),
    );
    const watched = alarms.map(([id, { Properties }]) => [id, watchedBy(Properties.Metrics)]);
    expect(Object.fromEntries(watched)).toEqual({
      AuditStreamAgeAlarm: `AWS/Lambda IteratorAge switchboard-${stage}-exportAuditEvents`,
      AuditDigestGapAlarm: `AWS/Lambda Errors switchboard-${stage}-archiveAuditEvents`,
      AuditArchiveStoppedAlarm: `AWS/Lambda Invocations switchboard-${stage}-archiveAuditEvents`,
      AuditDeadLettersAlarm: 'AWS/SQS ApproximateNumberOfMessagesVisible AuditDeadLetters',
    });
    for (const [, { Properties }] of alarms) {
      expect(Properties.AlarmDescription).toMatch(/^What happens: .+ Why it matters: .+ What to do: .+$/);
      // CloudWatch's limit.
      expect(Properties.AlarmDescription.length).toBeLessThanOrEqual(1_024);
    }
    expect(properties('AuditArchiveStoppedAlarm').TreatMissingData).toBe('breaching');
  });
});

/** Namespace, name and dimension of an alarm's one metric. */
// biome-ignore lint/suspicious/noExplicitAny: CloudFormation's own
function watchedBy(metrics: any[]): string {
  const [{ Namespace, MetricName, Dimensions }] = metrics.map(({ MetricStat }) => MetricStat.Metric);
  return `${Namespace} ${MetricName} ${nameOf(Dimensions[0].Value)}`;
}

/** The resource that an ARN or a value is of, with what follows it. */
function nameOf(value: unknown): string {
  if (typeof value === 'string') return value;
  const text = JSON.stringify(value);
  const [, id, member] = /"Fn::GetAtt":\["(\w+)","(\w+)"\]/.exec(text) ?? [];
  if (id === undefined) return /"([\w-]+\/[\w-]+)"/.exec(text)?.[1] ?? text;
  return `${id}${member === 'StreamArn' ? ' stream' : ''}${text.includes('"/*"') ? '/*' : ''}`;
}
