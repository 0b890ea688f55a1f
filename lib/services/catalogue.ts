import { fail } from '../api/errors.ts';
import type { Deps } from '../context.ts';
import { fingerprint } from '../mcp/fingerprint.ts';
import type { ToolDefinition, ValidationWarning } from '../mcp/types.ts';
import { packJson, unpackJson } from '../store/blob.ts';
import { type Key, keys } from '../store/keys.ts';
import { queryItems } from '../store/read.ts';
import type { TransactClause } from '../store/transact.ts';
import { type Guard, put, remove } from '../store/write.ts';

/** A tool with the fingerprint of its definition. */
export interface CatalogueTool {
  fingerprint: string;
  definition: ToolDefinition;
}

/** The tools that a server offered when it was last asked, by name. */
export interface Catalogue {
  refreshedAt: string;
  tools: CatalogueTool[];
  warnings: ValidationWarning[];
}

interface ChunkItem extends Key {
  data: Uint8Array;
  chunks: number;
  refreshedAt: string;
}

/** A catalogue from a fresh tool list, in name order. */
export function catalogueOf(
  tools: readonly ToolDefinition[],
  warnings: ValidationWarning[],
  at: number,
): Catalogue {
  const entries = tools.map(definition => ({ fingerprint: fingerprint(definition), definition }));
  entries.sort((a, b) => (a.definition.name < b.definition.name ? -1 : 1));
  return { refreshedAt: new Date(at).toISOString(), tools: entries, warnings };
}

/** The writes that replace a service's catalogue, and how many chunks it then has. */
export function catalogueWrites(
  table: string,
  account: string,
  serviceId: string,
  catalogue: Catalogue,
  previousChunks: number,
): { items: TransactClause[]; chunks: number } {
  const packed = packJson(catalogue);
  if (!packed) throw fail('ContentSizeExceededException', 'The tool definitions are too large to be kept.');
  const items = packed.map((data, index) =>
    put(table, keys.catalogue(account, serviceId, index), {
      data,
      chunks: packed.length,
      refreshedAt: catalogue.refreshedAt,
    }),
  );
  return {
    items: [...items, ...catalogueRemovals(table, account, serviceId, packed.length, previousChunks)],
    chunks: packed.length,
  };
}

/**
 * A guard of the service item that also holds the catalogue to its known number of chunks: who replaces or
 * removes it would leave chunks behind that another writer added meanwhile.
 */
export function withCatalogue(guard: Guard, chunks: number): Guard {
  return {
    ...guard,
    condition: `${guard.condition} AND catalogueChunks = :chunks`,
    values: { ...guard.values, ':chunks': chunks },
  };
}

/** The writes that remove chunks `from` (inclusive) `to` (exclusive). */
export function catalogueRemovals(
  table: string,
  account: string,
  serviceId: string,
  from: number,
  to: number,
): TransactClause[] {
  const surplus: TransactClause[] = [];
  for (let chunk = from; chunk < to; chunk++) {
    surplus.push(remove(table, keys.catalogue(account, serviceId, chunk)));
  }
  return surplus;
}

/** The stored catalogue, or `undefined` where the service does not exist. One Query. */
export async function readCatalogue(
  deps: Deps,
  account: string,
  serviceId: string,
): Promise<Catalogue | undefined> {
  // A refresh may land between two of the Query's pages: chunks of one catalogue carry one time.
  for (let attempt = 0; attempt < 5; attempt++) {
    const chunks = await queryItems<ChunkItem>(deps, keys.serviceParts(account, serviceId), 'CAT#', 100);
    const [first] = chunks;
    if (!first) return undefined;
    if (chunks.length === first.chunks && chunks.every(chunk => chunk.refreshedAt === first.refreshedAt)) {
      return unpackJson<Catalogue>(chunks.map(chunk => chunk.data));
    }
  }
  throw fail('ServiceUnavailableException', 'The tool list is being replaced. Try again.');
}
