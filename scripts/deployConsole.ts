import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { S3Client } from '@aws-sdk/client-s3';
import { releaseOf } from './deployConsole/release.ts';
import { consoleOutputs } from './deployConsole/stackOutputs.ts';
import { upload } from './deployConsole/upload.ts';

const USAGE = `Uploads the built console to a deployed stack that has one (parameter consoleEnabled).

  npm run deploy-console -- [--stage STAGE] [--region REGION]

--stage    As given to serverless deploy; dev when left out.
--region   As given to serverless deploy; AWS_REGION, or us-east-1, when left out.

Credentials are found as every AWS SDK finds them. They need cloudformation:DescribeStacks, and s3:ListBucket,
s3:PutObject and s3:DeleteObject of the console's bucket.`;

const OPTIONS = {
  stage: { type: 'string', default: 'dev' },
  region: { type: 'string' },
  help: { type: 'boolean' },
} as const;

async function run(args: string[]): Promise<void> {
  const {
    stage,
    region = process.env.AWS_REGION || 'us-east-1',
    help,
  } = parseArgs({ args, options: OPTIONS }).values;
  if (help) return console.log(USAGE);
  const { url, bucket, config } = await consoleOutputs(
    new CloudFormationClient({ region }),
    `switchboard-${stage}`,
  );
  const release = releaseOf(join(import.meta.dirname, '..', 'dist', 'console'), config);
  // Endpoints that the environment names know no names of buckets.
  const client = new S3Client({ region, forcePathStyle: process.env.AWS_ENDPOINT_URL_S3 !== undefined });
  const removed = await upload(client, bucket, release);
  console.log(`${release.length} files are in ${bucket}, ${removed.length} old ones are gone.\n${url}`);
}

try {
  await run(process.argv.slice(2));
} catch (error) {
  process.exitCode = 1;
  console.error(error instanceof Error ? error.message : error);
}
