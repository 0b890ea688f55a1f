import { KMSClient } from '@aws-sdk/client-kms';
import { S3Client } from '@aws-sdk/client-s3';
import type { ArchiveDeps } from '../archive/closeHours.ts';
import { kmsSigner } from '../archive/kmsSigner.ts';
import { s3Sink } from '../archive/s3Sink.ts';
import { structuredLog } from '../log/structuredLog.ts';
import { CLIENT_LIMITS } from './clientLimits.ts';
import { coreDeps } from './core.ts';
import { once } from './once.ts';
import { required } from './provided.ts';

/** What the archiver needs on AWS. */
export async function archiveDeps(): Promise<ArchiveDeps> {
  const { s3, kms, log } = clients();
  return {
    ...coreDeps(),
    log,
    sink: s3Sink(s3, required('AUDIT_BUCKET')),
    // Asked anew in each run: one request an hour, and a key that was replaced is noticed.
    signer: await kmsSigner(kms, required('AUDIT_SIGNING_KEY_ARN')),
  };
}

const clients = once(() => {
  const { region } = coreDeps().config;
  const settings = { region, ...CLIENT_LIMITS };
  return { s3: new S3Client(settings), kms: new KMSClient(settings), log: structuredLog() };
});
