import { createHash } from 'node:crypto';
import { USE_SHARDS } from '../store/keys.ts';

/** The shard of every use count that a space adds to. */
export function useShard(space: string): number {
  return createHash('sha256').update(space).digest().readUInt32BE(0) % USE_SHARDS;
}
