import { fail } from '../api/errors.ts';
import type { Deps } from '../context.ts';
import { packJson, unpackJson } from './blob.ts';
import type { Key } from './keys.ts';
import { queryItems } from './read.ts';
import type { TransactClause } from './transact.ts';
import { put, remove } from './write.ts';

/** Part of a value that is larger than an item may be. */
interface ChunkItem extends Key {
  data: Uint8Array;
  /** How many the value has. */
  chunks: number;
  /** The same in all chunks of one write, and in those of no other. */
  stamp: string | number;
}

/** The key of the nth chunk of one value; its `sk` ends in the number, one digit. */
export type ChunkKey = (chunk: number) => Key;

/**
 * The writes that replace a value, and how many chunks it then has; `undefined` where it is too large to be kept.
 * The transaction that they are part of must hold the value to `previousChunks`, or some would be left behind.
 */
export function chunkWrites(
  table: string,
  keyOf: ChunkKey,
  value: unknown,
  stamp: ChunkItem['stamp'],
  previousChunks: number,
): { items: TransactClause[]; chunks: number } | undefined {
  const packed = packJson(value);
  if (!packed) return undefined;
  const chunks = packed.length;
  const items = packed.map((data, chunk) => put(table, keyOf(chunk), { data, chunks, stamp }));
  return { items: [...items, ...chunkRemovals(table, keyOf, chunks, previousChunks)], chunks };
}

/** The writes that remove chunks `from` (inclusive) `to` (exclusive). */
export function chunkRemovals(table: string, keyOf: ChunkKey, from: number, to: number): TransactClause[] {
  return Array.from({ length: Math.max(to - from, 0) }, (_, offset) => remove(table, keyOf(from + offset)));
}

/** More than once in a row hardly ever happens: a value is replaced when somebody asks for it. */
const READ_TRIES = 5;

/**
 * A value as one write left it, or `undefined` where there is none. One Query, repeated where another write landed
 * between two of its pages.
 * @throws ServiceUnavailableException where that keeps happening
 */
export async function readChunks<T>(
  deps: Pick<Deps, 'store' | 'config'>,
  keyOf: ChunkKey,
): Promise<T | undefined> {
  const { pk, sk } = keyOf(0);
  for (let attempt = 0; attempt < READ_TRIES; attempt++) {
    const chunks = await queryItems<ChunkItem>(deps, pk, sk.slice(0, -1), 100);
    const [first] = chunks;
    if (!first) return undefined;
    if (chunks.length === first.chunks && chunks.every(chunk => chunk.stamp === first.stamp)) {
      return unpackJson<T>(chunks.map(chunk => chunk.data));
    }
  }
  throw fail('ServiceUnavailableException', 'What is to be read keeps being replaced. Try again.');
}
