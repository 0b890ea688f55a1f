import { createHash } from 'node:crypto';
import { fail } from '../api/errors.ts';
import type { Deps } from '../context.ts';
import { fingerprint } from '../mcp/fingerprint.ts';
import type { ToolDefinition, ValidationWarning } from '../mcp/types.ts';
import { type ChunkKey, chunkRemovals, chunkWrites, readChunks } from '../store/chunks.ts';
import { keys } from '../store/keys.ts';
import type { TransactClause } from '../store/transact.ts';
import type { Guard } from '../store/write.ts';
import type { ServiceItem } from './serviceItem.ts';

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

/** What tells one tool list from another: SHA-256 (hex) over names and fingerprints, whatever their order. */
export function catalogueHashOf(tools: readonly CatalogueTool[]): string {
  const lines = tools.map(tool => JSON.stringify([tool.definition.name, tool.fingerprint]));
  return createHash('sha256').update(lines.sort().join('\n')).digest('hex');
}

/** Members of the service item that tell of its catalogue. */
export type CatalogueMembers = Pick<
  ServiceItem,
  'toolCount' | 'catalogueChunks' | 'catalogueHash' | 'catalogueRefreshedAt'
>;

/**
 * The writes that replace a service's catalogue, and the members of the service item that go with it.
 * @throws ContentSizeExceededException
 */
export function catalogueWrites(
  table: string,
  account: string,
  serviceId: string,
  catalogue: Catalogue,
  previousChunks: number,
): { items: TransactClause[]; members: CatalogueMembers } {
  const { tools, refreshedAt } = catalogue;
  const written = chunkWrites(table, keyOf(account, serviceId), catalogue, refreshedAt, previousChunks);
  if (!written) throw fail('ContentSizeExceededException', 'The tool definitions are too large to be kept.');
  return {
    items: written.items,
    members: {
      toolCount: tools.length,
      catalogueChunks: written.chunks,
      catalogueHash: catalogueHashOf(tools),
      catalogueRefreshedAt: refreshedAt,
    },
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

/** A guard (`service`) of the registration with the very catalogue that was read. */
export function asRead(service: ServiceItem): Guard {
  const guard = {
    name: 'service',
    condition: 'updatedAt = :updatedAt AND catalogueHash = :hash AND catalogueRefreshedAt = :refreshedAt',
    values: {
      ':updatedAt': service.updatedAt,
      ':hash': service.catalogueHash,
      ':refreshedAt': service.catalogueRefreshedAt,
    },
  };
  return withCatalogue(guard, service.catalogueChunks);
}

/** The writes that remove the catalogue of a service. */
export function catalogueRemovals(
  table: string,
  account: string,
  { serviceId, catalogueChunks }: ServiceItem,
): TransactClause[] {
  return chunkRemovals(table, keyOf(account, serviceId), 0, catalogueChunks);
}

/** The stored catalogue, or `undefined` where the service does not exist. One Query. */
export function readCatalogue(
  deps: Deps,
  account: string,
  serviceId: string,
): Promise<Catalogue | undefined> {
  return readChunks<Catalogue>(deps, keyOf(account, serviceId));
}

function keyOf(account: string, serviceId: string): ChunkKey {
  return chunk => keys.catalogue(account, serviceId, chunk);
}
