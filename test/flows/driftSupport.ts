import { afterEach } from 'vitest';
import { allowedTools } from '../../lib/associations/allowedTools.ts';
import type { AssociationItem } from '../../lib/associations/associationItem.ts';
import { readPinned } from '../../lib/associations/pinned.ts';
import { refreshCatalogue } from '../../lib/services/refreshCatalogue.ts';
import type { ServerDeps } from '../../lib/services/serverDeps.ts';
import { keys } from '../../lib/store/keys.ts';
import { getItem } from '../../lib/store/read.ts';
import { startPausingServer } from '../operations/pausingServer.ts';
import { createSpace, fresh, KEY, ok, scan, selection, type World } from '../operations/support.ts';
import { ACCOUNT, type AuditRecord, apiKeyRegistration } from '../support/app.ts';
import { testClient } from '../support/engine.ts';
import { type McpPeer, startModern } from '../support/mcp/modern.ts';
import { DEFAULT_TOOLS, type WireTool } from '../support/mcp/toolShelf.ts';
import { expectSound, readState } from './state.ts';

/** A space that a server is connected to. */
export interface Connected {
  serviceId: string;
  agentSpaceId: string;
  associationId: string;
}

export const AUTH = { header: 'x-api-key', value: KEY };

/** The default tools, some of them with other members, or not at all. */
export function toolsWith(changes: Record<string, object | undefined>, more: WireTool[] = []): WireTool[] {
  const kept = DEFAULT_TOOLS.filter(({ name }) => !(String(name) in changes && !changes[String(name)]));
  return [...kept.map(tool => ({ ...tool, ...changes[String(tool.name)] })), ...more];
}

export const tool = (name: string, more: object = {}): WireTool => ({
  name,
  inputSchema: { type: 'object' },
  ...more,
});

/** Registers a server of its own under a name. */
export async function registerAt({ app }: World, peer: { url: string }, name = fresh('d')): Promise<string> {
  return ok(await app.call('RegisterService', apiKeyRegistration(name, peer.url, KEY))).serviceId;
}

/** Connects a new space, or the given one, to a server. */
export async function connect(
  world: World,
  serviceId: string,
  tools: string[],
  more: object = {},
  space?: string,
): Promise<Connected> {
  const agentSpaceId = space ?? (await createSpace(world));
  const input = selection(agentSpaceId, serviceId, tools, more);
  const { association } = ok(await world.app.call('AssociateService', input));
  return { serviceId, agentSpaceId, associationId: association.associationId };
}

/** A server of its own, registered and connected to a new space. */
export async function startConnected(
  world: World,
  tools: string[],
  more: object = {},
  start: (options: { auth: typeof AUTH }) => Promise<McpPeer> = startModern,
): Promise<Connected & { peer: McpPeer }> {
  const peer = await start({ auth: AUTH });
  return { ...(await connect(world, await registerAt(world, peer), tools, more)), peer };
}

/** Servers for the tests of a file: closed after each test, when every rule that ties items must hold. */
export function useServers(world: World) {
  const open: { close(): Promise<void> }[] = [];
  afterEach(async () => {
    expectSound(await readState(world.app));
    await Promise.all(open.splice(0).map(peer => peer.close()));
  });
  const started = async <T extends { close(): Promise<void> }>(starting: Promise<T>): Promise<T> => {
    const peer = await starting;
    open.push(peer);
    return peer;
  };
  return {
    started,
    async connected(...[tools, more, start]: [tools: string[], more?: object, start?: typeof startModern]) {
      const made = await startConnected(world, tools, more, start);
      open.push(made.peer);
      return made;
    },
    /** A registered server that goes from `before` to `after` while somebody asks for its tools. */
    async changing(before: WireTool[], after: WireTool[]) {
      const server = await startPausingServer(before);
      open.push(server.peer);
      const serviceId = await registerAt(world, server.peer);
      server.setTools(after);
      return { ...server, serviceId, pause: server.pauseNext() };
    },
  };
}

/** The same deployment as another process sees it; `send` stands between it and the table. */
export function anotherProcess({ app }: World, before?: (command: object) => Promise<void>): ServerDeps {
  const store = testClient(app.engine.endpoint);
  const send = store.send.bind(store) as (command: object) => Promise<unknown>;
  return Object.assign(
    { ...app.deps, store },
    before && {
      store: Object.assign(Object.create(store), {
        send: async (command: object) => {
          await before(command);
          return send(command);
        },
      }),
    },
  );
}

export const refresh = ({ app }: World, { serviceId }: Pick<Connected, 'serviceId'>) =>
  refreshCatalogue({ accountId: ACCOUNT, serviceId }, app.deps);

export async function associationOf({ app }: World, { agentSpaceId, associationId }: Connected) {
  return ok(await app.call('GetAssociation', { agentSpaceId, associationId })).association;
}

/** Status, and reasons by tool. */
export async function standing(world: World, connected: Connected) {
  const { status, withheldTools = [] } = await associationOf(world, connected);
  const reasons = withheldTools.map(({ name, reason }: { name: string; reason: string }) => [name, reason]);
  return { status, withheld: Object.fromEntries(reasons) };
}

/** What agents of the space get of the server: descriptions and classifications by name. */
export async function agentsGet({ app }: World, { agentSpaceId, associationId }: Connected) {
  const key = keys.association(ACCOUNT, agentSpaceId, associationId);
  const association = await getItem<AssociationItem>(app.deps, key);
  if (!association) return {};
  const tools = allowedTools(association, await readPinned(app.deps, ACCOUNT, agentSpaceId, associationId));
  return Object.fromEntries(
    tools.map(({ name, definition, classification }) => [name, [definition.description, classification]]),
  );
}

const NEWS = ['ToolDefinitionChanged', 'ToolDefinitionRestored', 'ToolRemoved', 'ToolAdded'];

/** Everything that the trail tells of an association's tools, oldest first. */
export async function newsOf({ app }: World, { associationId }: Connected): Promise<AuditRecord[]> {
  const records = (await scan(app)).flatMap(({ record }) =>
    typeof record === 'string' ? [JSON.parse(record) as AuditRecord] : [],
  );
  return records
    .filter(({ eventName, requestParameters }) => {
      return NEWS.includes(eventName) && requestParameters.associationId === associationId;
    })
    .sort((a, b) => (a.eventID < b.eventID ? -1 : 1));
}

/** The same in short: event names, each with its tools. */
export async function toldOf(world: World, connected: Connected): Promise<string[]> {
  const news = await newsOf(world, connected);
  return news.map(({ eventName, additionalEventData: { tools } }) => {
    const names = tools.map(({ name }: { name: string }) => name);
    return `${eventName} ${names.join(' ')}`;
  });
}
