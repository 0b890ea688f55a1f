import type { Deps } from '../context.ts';
import type { CatalogueTool } from '../services/catalogue.ts';
import { type ChunkKey, chunkRemovals, chunkWrites, readChunks } from '../store/chunks.ts';
import { keys } from '../store/keys.ts';
import type { TransactClause } from '../store/transact.ts';
import type { AssociationItem } from './associationItem.ts';

interface Pins {
  tools: readonly CatalogueTool[];
}

/** Members of the association that tell of its pins. */
type PinnedMembers = Pick<AssociationItem, 'toolCount' | 'pinnedChunks' | 'pinnedVersion'>;

/**
 * The writes that replace the pinned definitions of an association: each allowed tool as the operator
 * confirmed it. They lie with the space, so that what agents see never depends on the server's word alone.
 * @param version of the association that they are written with
 * @returns `undefined` where the definitions are too large
 */
export function pinWrites(
  table: string,
  account: string,
  {
    agentSpaceId,
    associationId,
    pinnedChunks,
  }: Pick<AssociationItem, 'agentSpaceId' | 'associationId' | 'pinnedChunks'>,
  tools: readonly CatalogueTool[],
  version: number,
): { items: TransactClause[]; members: PinnedMembers } | undefined {
  const key = keyOf(account, agentSpaceId, associationId);
  const written = chunkWrites(table, key, { tools } satisfies Pins, version, pinnedChunks);
  if (!written) return undefined;
  return {
    items: written.items,
    members: { toolCount: tools.length, pinnedChunks: written.chunks, pinnedVersion: version },
  };
}

/** The writes that remove all pinned definitions of an association. */
export function unpinWrites(
  table: string,
  account: string,
  { agentSpaceId, associationId, pinnedChunks }: AssociationItem,
): TransactClause[] {
  return chunkRemovals(table, keyOf(account, agentSpaceId, associationId), 0, pinnedChunks);
}

/**
 * The pinned definitions of an association, all as of one version of it; none where it is gone. They change only
 * when `pinnedVersion` of the association does. One Query.
 */
export async function readPinned(
  deps: Pick<Deps, 'store' | 'config'>,
  account: string,
  space: string,
  associationId: string,
): Promise<CatalogueTool[]> {
  const pins = await readChunks<Pins>(deps, keyOf(account, space, associationId));
  return [...(pins?.tools ?? [])];
}

function keyOf(account: string, space: string, associationId: string): ChunkKey {
  return chunk => keys.pinned(account, space, associationId, chunk);
}
