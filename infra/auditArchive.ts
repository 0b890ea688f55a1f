import { attribute, join, type Resource, ref, type Statement } from './cloudformation.ts';
import { account, MANAGE_KEY } from './credentialKey.ts';
import { everyone, modernTlsOnly, PRIVATE_BUCKET } from './privateBucket.ts';

export const auditBucketArn = attribute('AuditBucket', 'Arn');
const objects = join(auditBucketArn, '/*');

const bucketPolicy: Statement[] = [
  ...modernTlsOnly(auditBucketArn),
  {
    // Whoever writes says that nothing may be there: no file takes the place of another.
    Sid: 'WriteOnce',
    Effect: 'Deny',
    Principal: everyone,
    Action: ['s3:PutObject'],
    Resource: objects,
    Condition: { Null: { 's3:if-none-match': 'true' }, Bool: { 's3:ObjectCreationOperation': 'true' } },
  },
];

/** The key that digests are signed with signs SHA-256 digests, and nothing else. */
const keyPolicy: Statement[] = [
  { Sid: 'Manage', Effect: 'Allow', Principal: account, Action: MANAGE_KEY, Resource: '*' },
  {
    Sid: 'SignDigests',
    Effect: 'Allow',
    Principal: account,
    Action: ['kms:Sign'],
    Resource: '*',
    Condition: { StringEquals: { 'kms:SigningAlgorithm': 'ECDSA_SHA_256', 'kms:MessageType': 'DIGEST' } },
  },
  {
    Sid: 'Verify',
    Effect: 'Allow',
    Principal: account,
    Action: ['kms:GetPublicKey', 'kms:Verify'],
    Resource: '*',
  },
];

const KEPT = { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' } as const;

/**
 * The audit archive: a bucket whose files are written once and kept, and the key that signs their digests. Both outlive
 * the stack. S3's own encryption: a key of KMS would have to be lent to every auditor, and events hold no secrets.
 */
export const auditArchive: Record<string, Resource> = {
  AuditBucket: {
    Type: 'AWS::S3::Bucket',
    ...KEPT,
    Properties: {
      VersioningConfiguration: { Status: 'Enabled' },
      ObjectLockEnabled: true,
      ObjectLockConfiguration: {
        ObjectLockEnabled: 'Enabled',
        // biome-ignore lint/suspicious/noTemplateCurlyInString: osls resolves it
        Rule: { DefaultRetention: { Mode: '${param:archiveLockMode}', Days: '${param:archiveLockDays}' } },
      },
      ...PRIVATE_BUCKET,
      LifecycleConfiguration: {
        // Nothing expires: how long an archive is kept is for its owner to say.
        Rules: [{ Status: 'Enabled', AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 } }],
      },
    },
  },
  AuditBucketPolicy: {
    Type: 'AWS::S3::BucketPolicy',
    ...KEPT,
    Properties: {
      Bucket: ref('AuditBucket'),
      PolicyDocument: { Version: '2012-10-17', Statement: bucketPolicy },
    },
  },
  AuditSigningKey: {
    Type: 'AWS::KMS::Key',
    ...KEPT,
    Properties: {
      Description: 'Switchboard: signs digests of the audit archive',
      KeySpec: 'ECC_NIST_P256',
      KeyUsage: 'SIGN_VERIFY',
      PendingWindowInDays: 30,
      KeyPolicy: { Version: '2012-10-17', Statement: keyPolicy },
    },
  },
  AuditSigningKeyAlias: {
    Type: 'AWS::KMS::Alias',
    Properties: {
      // biome-ignore lint/suspicious/noTemplateCurlyInString: osls resolves it
      AliasName: 'alias/${self:service}-${sls:stage}-audit',
      TargetKeyId: ref('AuditSigningKey'),
    },
  },
};
