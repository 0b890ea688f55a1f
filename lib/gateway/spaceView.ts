import type { AllowedTool } from '../associations/allowedTools.ts';
import type { ServiceItem } from '../services/serviceItem.ts';
import type { SpaceItem } from '../spaces/spaceItem.ts';

/** A server of a space, as of one moment. */
export interface ServerView {
  /** Agents see it before the names of its tools. */
  name: string;
  /** What was read of its association, to tell whether it has changed. */
  associationVersion: number;
  service: ServiceItem;
  /** By their own names. */
  tools: ReadonlyMap<string, AllowedTool>;
  /** Whether tools that it does not offer yet are let in too. */
  takesAll: boolean;
}

/** A tool, and the server that it is called at. */
export interface ToolView {
  server: ServerView;
  tool: AllowedTool;
}

/** What agents of a space can see and do, as of one moment. */
export interface SpaceView {
  space: SpaceItem;
  servers: readonly ServerView[];
}

/** Of a space or of one of its servers: the names that agents use, and what they lead to. */
export interface Catalog {
  servers: readonly ServerView[];
  find(visibleName: string): ToolView | undefined;
  /** In the order of their names. */
  all(): [visibleName: string, ToolView][];
}

/** Many requests look at one view. */
const spaceCatalogs = new WeakMap<SpaceView, Catalog>();

/** All servers, their tools as `<server-name>_<tool-name>`. */
export function spaceCatalog(view: SpaceView): Catalog {
  const catalog =
    spaceCatalogs.get(view) ?? catalogOf(view.servers, (server, tool) => `${server.name}_${tool}`);
  spaceCatalogs.set(view, catalog);
  return catalog;
}

/** One server, its tools under their own names; nothing where the space has no server of that name, whatever its case. */
export function serverCatalog(view: SpaceView, serverName: string): Catalog | undefined {
  const wanted = serverName.toLowerCase();
  const server = view.servers.find(({ name }) => name.toLowerCase() === wanted);
  if (!server) return undefined;
  const catalog = serverCatalogs.get(server) ?? catalogOf([server], (_, tool) => tool);
  serverCatalogs.set(server, catalog);
  return catalog;
}

const serverCatalogs = new WeakMap<ServerView, Catalog>();

function catalogOf(
  servers: readonly ServerView[],
  visible: (server: ServerView, tool: string) => string,
): Catalog {
  const entries = servers.flatMap(server =>
    [...server.tools.values()].map((tool): [string, ToolView] => [
      visible(server, tool.name),
      { server, tool },
    ]),
  );
  const byName = new Map(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
  return { servers, find: name => byName.get(name), all: () => [...byName] };
}

/**
 * Whether an agent may see and call a tool. `elevatedActionsEnabled: false` of a space takes its MUTATIVE tools from
 * everyone.
 */
export function mayUse({ space }: SpaceView, scope: 'read' | 'operate', { tool }: ToolView): boolean {
  if (tool.classification === 'READ_ONLY') return true;
  return scope === 'operate' && space.preferences?.elevatedActionsEnabled !== false;
}
