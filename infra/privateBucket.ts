import { join, type Statement, type Value } from './cloudformation.ts';

/** A bucket that nothing makes public, whose objects are its owner's, encrypted with S3's own keys. */
export const PRIVATE_BUCKET = {
  PublicAccessBlockConfiguration: {
    BlockPublicAcls: true,
    BlockPublicPolicy: true,
    IgnorePublicAcls: true,
    RestrictPublicBuckets: true,
  },
  OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
  BucketEncryption: {
    ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
  },
};

/** Everybody, the account's administrators among them. */
export const everyone = { AWS: '*' };

/** Refuses whatever comes without TLS 1.2. */
export function modernTlsOnly(bucketArn: Value): Statement[] {
  const refused = {
    Effect: 'Deny',
    Principal: everyone,
    Action: ['s3:*'],
    Resource: [bucketArn, join(bucketArn, '/*')],
  } as const;
  return [
    { Sid: 'TlsOnly', ...refused, Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
    { Sid: 'ModernTlsOnly', ...refused, Condition: { NumericLessThan: { 's3:TlsVersion': '1.2' } } },
  ];
}
