import {
  GetObjectCommand,
  NoSuchKey,
  PutObjectCommand,
  paginateListObjectsV2,
  type S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import type { ArchiveSink } from './sink.ts';

/** Writers of one key at one moment: one of them is told to try again, and then finds the other's file. */
const TRIES = 4;

/**
 * An archive in a bucket. Every write is conditional (`If-None-Match: *`), so that a repeated run, or one beside it,
 * writes the same or nothing. Needs s3:ListBucket besides: without it S3 answers 403 to reads of what is not there.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
 */
export function s3Sink(client: S3Client, bucket: string): ArchiveSink {
  return {
    async create(key, bytes) {
      for (let attempt = 1; ; attempt++) {
        try {
          await client.send(putObject(bucket, key, bytes));
          return true;
        } catch (error) {
          const name = error instanceof S3ServiceException ? error.name : undefined;
          // Also the answer to a retry of a request that did write: whoever asks reads what is there.
          if (name === 'PreconditionFailed') return false;
          if (name !== 'ConditionalRequestConflict' || attempt === TRIES) throw error;
        }
      }
    },
    async read(key) {
      try {
        const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
        return await Body?.transformToByteArray();
      } catch (error) {
        if (error instanceof NoSuchKey) return undefined;
        throw error;
      }
    },
    async list(prefix) {
      const keys: string[] = [];
      for await (const { Contents = [] } of paginateListObjectsV2(
        { client },
        { Bucket: bucket, Prefix: prefix, Delimiter: '/' },
      )) {
        for (const { Key } of Contents) if (Key !== undefined) keys.push(Key);
      }
      return keys;
    },
  };
}

function putObject(bucket: string, key: string, bytes: Uint8Array): PutObjectCommand {
  return new PutObjectCommand({
    ...{ Bucket: bucket, Key: key, Body: bytes },
    IfNoneMatch: '*',
    // Object Lock asks for a checksum of every upload; this one is what digests hold.
    ChecksumAlgorithm: 'SHA256',
    // No Content-Encoding: a download stays the very bytes that were hashed.
    ContentType: key.endsWith('.gz') ? 'application/gzip' : contentType(key),
  });
}

function contentType(key: string): string {
  return key.endsWith('.json') ? 'application/json' : 'application/x-pem-file';
}
