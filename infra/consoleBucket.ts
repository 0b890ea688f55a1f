import { attribute, join, type Resource, ref, type Statement } from './cloudformation.ts';
import { modernTlsOnly, PRIVATE_BUCKET } from './privateBucket.ts';

const bucketArn = attribute('ConsoleBucket', 'Arn');

/** The console's own distribution reads the console's files; it cannot list them. */
const readByCloudFront: Statement = {
  Sid: 'ReadByCloudFront',
  Effect: 'Allow',
  Principal: { Service: 'cloudfront.amazonaws.com' },
  Action: ['s3:GetObject'],
  Resource: join(bucketArn, '/console/*'),
  Condition: {
    StringEquals: {
      'AWS:SourceArn': join(
        'arn:',
        ref('AWS::Partition'),
        ':cloudfront::',
        ref('AWS::AccountId'),
        ':distribution/',
        ref('ConsoleDistribution'),
      ),
    },
  },
};

/** The built console. Without versions: what was there before is built and uploaded again. */
export const consoleBucket: Record<string, Resource> = {
  ConsoleBucket: {
    Type: 'AWS::S3::Bucket',
    Properties: {
      ...PRIVATE_BUCKET,
      LifecycleConfiguration: {
        Rules: [{ Status: 'Enabled', AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 } }],
      },
    },
  },
  ConsoleBucketPolicy: {
    Type: 'AWS::S3::BucketPolicy',
    Properties: {
      Bucket: ref('ConsoleBucket'),
      PolicyDocument: { Version: '2012-10-17', Statement: [...modernTlsOnly(bucketArn), readByCloudFront] },
    },
  },
};
