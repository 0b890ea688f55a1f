import { fail } from '../api/errors.ts';
import type { CatalogueTool } from '../services/catalogue.ts';
import { packJson } from '../store/blob.ts';
import { keys } from '../store/keys.ts';
import type { TransactClause } from '../store/transact.ts';
import { put, remove } from '../store/write.ts';

/**
 * The writes that replace the pinned definitions of an association: each allowed tool as the operator
 * confirmed it. They lie with the space, so that what agents see never depends on the server's word alone.
 */
export function pinWrites(
  table: string,
  account: string,
  space: string,
  associationId: string,
  tools: readonly CatalogueTool[],
  previousChunks: number,
): { items: TransactClause[]; chunks: number } {
  const packed = packJson({ tools });
  if (!packed)
    throw fail(
      'ContentSizeExceededException',
      'The definitions of the allowed tools are too large: allow fewer tools.',
    );
  const key = (chunk: number) => keys.pinned(account, space, associationId, chunk);
  const items = packed.map((data, chunk) => put(table, key(chunk), { data, chunks: packed.length }));
  return {
    items: [...items, ...unpinWrites(table, account, space, associationId, packed.length, previousChunks)],
    chunks: packed.length,
  };
}

/** The writes that remove chunks `from` (inclusive) `to` (exclusive) of an association's pinned definitions. */
export function unpinWrites(
  table: string,
  account: string,
  space: string,
  associationId: string,
  from: number,
  to: number,
): TransactClause[] {
  return Array.from({ length: Math.max(to - from, 0) }, (_, offset) =>
    remove(table, keys.pinned(account, space, associationId, from + offset)),
  );
}
