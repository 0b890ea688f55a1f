import type { ToolDefinition } from '../mcp/types.ts';
import { TOOLS_PER_PAGE } from './limits.ts';
import { RPC, RpcError } from './rpc.ts';
import { type Catalog, mayUse, type SpaceView, type ToolView } from './spaceView.ts';
import type { Agent } from './types.ts';

/** A server whose tools are not among those listed, and why. */
export interface ServerWarning {
  server: string;
  code: string;
  message: string;
}

/** Where a page of a list ends: bound to its agent and endpoint. */
export interface Cursors {
  mint(position: string): string;
  /** @throws ApiError for one that is not of this list */
  read(cursor: string): string;
}

/** Milliseconds that an agent may keep a list: what it calls is checked whatever it lists. */
const LIST_TTL_MS = 30_000;

/** The member of a list's `_meta` that tells of servers whose tools are left out. */
const WARNINGS_META_KEY = 'switchboard/warnings';

/**
 * One page of the tools that an agent may call, by name: as they were confirmed, under the names that it calls them
 * by. The tools of servers that `warnings` names are left out.
 * @throws RpcError for a cursor that is not of this list
 */
export function listTools(
  { view, catalog, agent }: { view: SpaceView; catalog: Catalog; agent: Agent },
  cursor: string | undefined,
  cursors: Cursors,
  warnings: readonly ServerWarning[],
): object {
  const after = cursor === undefined ? '' : positionOf(cursor, cursors);
  const left = new Set(warnings.map(({ server }) => server));
  const usable = catalog
    .all()
    .filter(
      ([name, entry]) => name > after && !left.has(entry.server.name) && mayUse(view, agent.scope, entry),
    );
  const page = usable.slice(0, TOOLS_PER_PAGE);
  const last = page.at(-1)?.[0];
  return {
    tools: page.map(([name, entry]) => shown(name, entry)),
    ...(last !== undefined && page.length < usable.length ? { nextCursor: cursors.mint(last) } : {}),
    ttlMs: LIST_TTL_MS,
    cacheScope: 'private',
    ...(warnings.length > 0 ? { _meta: { [WARNINGS_META_KEY]: warnings } } : {}),
  };
}

/** `_meta` is not covered by the fingerprint that was confirmed: a server could say anything in it. */
function shown(name: string, { tool }: ToolView): ToolDefinition {
  const { _meta, ...definition } = tool.definition;
  return { ...definition, name };
}

function positionOf(cursor: string, cursors: Cursors): string {
  try {
    return cursors.read(cursor);
  } catch {
    throw new RpcError(RPC.INVALID_PARAMS, 'The cursor is not one of this list: leave it out to begin anew.');
  }
}
