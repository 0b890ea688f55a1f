import {
  GetObjectCommand,
  ListObjectsV2Command,
  NoSuchKey,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { mockClient } from 'aws-sdk-client-mock';

/** Every S3 client of the process, on a bucket in memory. `before` sees each request first, and may throw. */
export function mockedBucket(before: (command: string) => void = () => {}) {
  const files = new Map<string, Uint8Array>();
  const s3 = mockClient(S3Client);
  s3.on(PutObjectCommand).callsFake(({ Key, Body, IfNoneMatch }) => {
    before('PutObject');
    if (IfNoneMatch !== '*') throw refusal('AccessDenied');
    if (files.has(Key)) throw refusal('PreconditionFailed');
    files.set(Key, Body);
    return {};
  });
  s3.on(GetObjectCommand).callsFake(({ Key }) => {
    before('GetObject');
    const bytes = files.get(Key);
    if (!bytes) throw new NoSuchKey({ $metadata: {}, message: 'The specified key does not exist.' });
    return { Body: { transformToByteArray: async () => bytes } };
  });
  s3.on(ListObjectsV2Command).callsFake(({ Prefix }) => {
    before('ListObjectsV2');
    return { Contents: [...files.keys()].filter(key => key.startsWith(Prefix)).map(Key => ({ Key })) };
  });
  return { files, s3 };
}

function refusal(name: string): S3ServiceException {
  return new S3ServiceException({ name, $fault: 'client', $metadata: {}, message: name });
}
