import {
  DeleteObjectsCommand,
  PutObjectCommand,
  paginateListObjectsV2,
  type S3Client,
} from '@aws-sdk/client-s3';
import type { ReleaseFile } from './release.ts';

/** S3's bound of DeleteObjects. */
const MAX_DELETED_AT_ONCE = 1000;

/**
 * Uploads a release in its order, then removes what an earlier one left: whatever fails before the page is there leaves
 * the console as it was.
 * @returns keys that were removed
 * @throws Error of S3
 */
export async function upload(
  client: S3Client,
  bucket: string,
  release: readonly ReleaseFile[],
): Promise<string[]> {
  for (const { key, bytes, contentType, cacheControl } of release) {
    await client.send(
      new PutObjectCommand({
        Bucket: bucket,
        Key: key,
        Body: bytes,
        ContentType: contentType,
        CacheControl: cacheControl,
      }),
    );
  }
  const present = new Set(release.map(({ key }) => key));
  const old = (await keysOf(client, bucket)).filter(key => !present.has(key));
  for (let first = 0; first < old.length; first += MAX_DELETED_AT_ONCE) {
    await remove(client, bucket, old.slice(first, first + MAX_DELETED_AT_ONCE));
  }
  return old;
}

async function keysOf(client: S3Client, bucket: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const { Contents = [] } of paginateListObjectsV2(
    { client },
    { Bucket: bucket, Prefix: 'console/' },
  )) {
    keys.push(...Contents.flatMap(({ Key }) => Key ?? []));
  }
  return keys;
}

/** S3 answers 200 whatever became of the single keys. */
async function remove(client: S3Client, bucket: string, keys: readonly string[]): Promise<void> {
  const { Errors = [] } = await client.send(
    new DeleteObjectsCommand({
      Bucket: bucket,
      Delete: { Objects: keys.map(Key => ({ Key })), Quiet: true },
    }),
  );
  const [first] = Errors;
  if (first) throw new Error(`${first.Key} of an earlier console could not be removed: ${first.Message}`);
}
