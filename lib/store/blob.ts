import { promisify } from 'node:util';
import { gunzipSync, gzip, gzipSync, type ZlibOptions } from 'node:zlib';

/** Compressed bytes of one chunk: with its attributes it stays well below DynamoDB's 400 KB of an item. */
const CHUNK_BYTES = 256 * 1024;

/** Chunks of one value: together they stay below the 4 MB of one transaction, with room for the rest of it. */
const MAX_CHUNKS = 8;

/** A third of the time of zlib's own choice, for a tenth more bytes: calls of tools wait for it. */
const LEVEL = 1;

/** Inflating is bounded too, though only our own writes are ever read. */
const MAX_JSON_BYTES = 32 * 1024 * 1024;

/** A JSON value as gzip, cut into chunks; `undefined` where it does not fit {@link MAX_CHUNKS}. */
export function packJson(value: unknown): Uint8Array[] | undefined {
  return cut(gzipSync(JSON.stringify(value), { level: LEVEL }));
}

/** As {@link packJson}, of a value that is JSON already, and beside the process's other work. */
export async function packJsonText(json: string): Promise<Uint8Array[] | undefined> {
  return cut(await compress(json, { level: LEVEL }));
}

const compress = promisify<string, ZlibOptions, Buffer>(gzip);

function cut(bytes: Buffer): Uint8Array[] | undefined {
  const chunks: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += CHUNK_BYTES) chunks.push(bytes.subarray(at, at + CHUNK_BYTES));
  return chunks.length > MAX_CHUNKS ? undefined : chunks;
}

/** The value behind {@link packJson}'s chunks, in order. */
export function unpackJson<T>(chunks: readonly Uint8Array[]): T {
  return JSON.parse(gunzipSync(Buffer.concat(chunks), { maxOutputLength: MAX_JSON_BYTES }).toString()) as T;
}
