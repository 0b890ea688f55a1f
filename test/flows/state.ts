import { isDeepStrictEqual } from 'node:util';
import { expect } from 'vitest';
import type { AssociationItem } from '../../lib/associations/associationItem.ts';
import { useShard } from '../../lib/associations/useShard.ts';
import { type Catalogue, type CatalogueTool, catalogueHashOf } from '../../lib/services/catalogue.ts';
import type { ServiceItem } from '../../lib/services/serviceItem.ts';
import type { SpaceItem } from '../../lib/spaces/spaceItem.ts';
import { unpackJson } from '../../lib/store/blob.ts';
import { type Key, keys, USE_SHARDS } from '../../lib/store/keys.ts';
import { type Item, scan } from '../operations/support.ts';
import { ACCOUNT, type App } from '../support/app.ts';

/** What the table holds of one account, by entity. */
export interface State {
  items: Map<string, Item>;
  services: Map<string, ServiceItem>;
  spaces: Map<string, SpaceItem>;
  associations: AssociationItem[];
  /** Sum of the use count's shards, by service. */
  uses: Map<string, number>;
  /** Begun deletions of spaces. */
  deletions: Set<string>;
}

const nameOf = ({ pk, sk }: { pk: string; sk: string }) => `${pk}|${sk}`;

/** Reads the whole table; nothing may be writing. */
export async function readState(app: App): Promise<State> {
  return stateOf(await scan(app));
}

/** The state behind the items of the table. */
export function stateOf(all: Item[]): State {
  const items = new Map(all.map(item => [nameOf(item), item]));
  const of = <T>(test: (item: Item) => boolean) => all.filter(test) as unknown as T[];
  const services = of<ServiceItem>(({ pk }) => pk === keys.services(ACCOUNT));
  const spaces = of<SpaceItem>(({ pk }) => pk === keys.spaces(ACCOUNT));
  const deletions = of<{ agentSpaceId: string }>(({ pk }) => pk === keys.deletions());
  return {
    items,
    services: new Map(services.map(service => [service.serviceId, service])),
    spaces: new Map(spaces.map(space => [space.agentSpaceId, space])),
    associations: of<AssociationItem>(({ sk }) => sk.startsWith('ASC#')),
    uses: new Map(services.map(({ serviceId }) => [serviceId, usesOf(items, serviceId)])),
    deletions: new Set(deletions.map(deletion => deletion.agentSpaceId)),
  };
}

function usesOf(items: State['items'], serviceId: string): number {
  let uses = 0;
  for (let shard = 0; shard < USE_SHARDS; shard++) {
    uses += Number(items.get(nameOf(keys.useCount(ACCOUNT, serviceId, shard)))?.used);
  }
  return uses;
}

/** Every rule that ties items to each other. */
export function expectSound(state: State): void {
  expect([
    ...serviceFaults(state),
    ...associationFaults(state),
    ...spaceFaults(state),
    ...countFaults(state),
    ...tokenFaults(state),
    ...accessTokenFaults(state),
    ...clientFaults(state),
    ...strayItems(state),
  ]).toEqual([]);
}

function* serviceFaults({ items, services, associations, uses }: State): Generator<string> {
  for (const [id, service] of services) {
    const claim = items.get(nameOf(keys.serviceName(ACCOUNT, service.name)));
    if (claim?.serviceId !== id) yield `the name of ${id} is claimed by ${claim?.serviceId}`;
    if (!items.has(nameOf(keys.credential(ACCOUNT, id)))) yield `${id} has no credential`;
    const connected = associations.filter(association => association.serviceId === id);
    if (uses.get(id) !== connected.length) yield `${id} counts ${uses.get(id)} of ${connected.length} uses`;
    for (let shard = 0; shard < USE_SHARDS; shard++) {
      const here = connected.filter(({ agentSpaceId }) => useShard(agentSpaceId) === shard).length;
      const used = items.get(nameOf(keys.useCount(ACCOUNT, id, shard)))?.used;
      if (used !== here) yield `shard ${shard} of ${id} counts ${used} of ${here}`;
    }
    const chunks = Array.from({ length: service.catalogueChunks }, (_, chunk) =>
      items.get(nameOf(keys.catalogue(ACCOUNT, id, chunk))),
    );
    const catalogue = unpackJson<Catalogue>(chunks.map(chunk => chunk?.data as Uint8Array));
    if (catalogue.tools.length !== service.toolCount) yield `${id} counts its tools wrongly`;
    if (catalogueHashOf(catalogue.tools) !== service.catalogueHash)
      yield `${id} has another catalogue's hash`;
  }
}

function* associationFaults({ items, services, spaces, associations, deletions }: State): Generator<string> {
  for (const association of associations) {
    const { agentSpaceId: space, serviceId, associationId, serverName } = association;
    const at = `${associationId} in ${space}`;
    if (!services.has(serviceId)) yield `${at} has no service`;
    if (!spaces.has(space) && !deletions.has(space)) yield `${at} has no space`;
    const user = items.get(nameOf(keys.usedBy(ACCOUNT, serviceId, space)));
    if (user?.associationId !== associationId) yield `${at} is not among the users of its service`;
    if (!spaces.has(space)) continue;
    const own = items.get(nameOf(keys.namePrefix(ACCOUNT, space, `${serverName.toLowerCase()}_`)));
    if (own?.serviceId !== serviceId) yield `${at} does not hold its name`;
    const chunks = Array.from({ length: association.pinnedChunks }, (_, chunk) =>
      items.get(nameOf(keys.pinned(ACCOUNT, space, associationId, chunk))),
    );
    const { tools } = unpackJson<{ tools: CatalogueTool[] }>(chunks.map(chunk => chunk?.data as Uint8Array));
    if (tools.length !== association.toolCount) yield `${at} counts its tools wrongly`;
    if (chunks.some(chunk => chunk?.stamp !== association.pinnedVersion))
      yield `${at} has pins of another version`;
    if (association.pinnedVersion > association.version) yield `${at} has pins of a later version`;
    const wanted = association.configuration.mcpserver?.tools ?? [];
    const pinned = tools.map(tool => tool.definition.name);
    if (wanted[0] !== '*' && String(pinned) !== String(wanted)) yield `${at} pins ${pinned}, not ${wanted}`;
  }
}

function* spaceFaults({ items, spaces, associations }: State): Generator<string> {
  for (const [id, { toolCount }] of spaces) {
    const connected = associations.filter(association => association.agentSpaceId === id);
    const tools = connected.reduce((sum, association) => sum + association.toolCount, 0);
    if (toolCount !== tools) yield `${id} counts ${toolCount} of ${tools} tools`;
    const names = connected.map(({ serverName }) => `${serverName.toLowerCase()}_`);
    for (const item of items.values()) {
      if (item.pk !== keys.spaceParts(ACCOUNT, id) || !item.sk.startsWith('NAM#')) continue;
      const prefix = item.sk.slice('NAM#'.length);
      const longer = names.filter(name => name.length > prefix.length && name.startsWith(prefix)).length;
      if (Number(item.longer ?? 0) !== longer)
        yield `${id} counts ${item.longer} of ${longer} below ${prefix}`;
      if (item.serviceId && longer > 0) yield `${id} has colliding names below ${prefix}`;
    }
  }
}

function* countFaults({ items, services, spaces }: State): Generator<string> {
  for (const [what, count] of [
    ['SVC', services.size],
    ['SPC', spaces.size],
  ] as const) {
    const used = items.get(nameOf(keys.count(ACCOUNT, what)))?.used ?? 0;
    if (used !== count) yield `the account counts ${used} of ${count} ${what}`;
  }
}

/** A token is three items and a place, all or none. */
function* accessTokenFaults({ items, spaces }: State): Generator<string> {
  const find = (key: Key): Record<string, unknown> | undefined => items.get(nameOf(key));
  const placesOf = (space: string) =>
    (find(keys.accessTokenPlaces(ACCOUNT, space))?.tokenIds ?? new Set()) as Set<string>;
  for (const { pk, sk, ...copy } of items.values()) {
    const [, , kind, owner = ''] = pk.split('#');
    if (kind === 'P' && sk.startsWith('TOK#')) {
      const id = String(copy.tokenId);
      const key = keys.accessToken(ACCOUNT, id);
      const { secretHash, ...token } = find(key) ?? {};
      if (!secretHash || !isDeepStrictEqual(token, { ...copy, ...key })) yield `${id} differs in ${owner}`;
      if (!find(keys.accessTokenUse(ACCOUNT, id))) yield `${id} has no item for its use`;
      const live = Number(copy.expiresAtMs) > Date.now() && spaces.has(owner);
      if (live && !placesOf(owner).has(id)) yield `${id} has no place in ${owner}`;
    }
    if (kind === 'T') {
      const space = String(find(keys.accessToken(ACCOUNT, owner))?.agentSpaceId);
      if (!find(keys.accessTokenCopy(ACCOUNT, space, owner))) yield `${sk} of token ${owner} is in no space`;
    }
  }
  for (const space of spaces.keys()) {
    const gone = [...placesOf(space)].filter(id => !find(keys.accessTokenCopy(ACCOUNT, space, id)));
    if (gone.length > 0) yield `${space} keeps places for ${gone}`;
  }
}

/** A service has stored tokens exactly while its method is one that has them. */
function* tokenFaults({ items, services }: State): Generator<string> {
  for (const [id, { authorizationMethod }] of services) {
    const has = items.has(nameOf(keys.token(ACCOUNT, id)));
    if (has !== authorizationMethod.startsWith('oauth-'))
      yield `${id}, ${authorizationMethod}: tokens ${has}`;
  }
}

/** A client that Switchboard registered counts the services that use it, and is looked after when there are none. */
function* clientFaults({ items, services }: State): Generator<string> {
  const uses = [...services.values()].flatMap(({ oauthClient }) => oauthClient ?? []);
  const looks = [...items.values()].filter(({ pk }) => pk === keys.clientLooks());
  for (const item of items.values()) {
    const [, , kind, hash] = item.pk.split('#');
    if (kind !== 'OAC' || !item.sk.startsWith('C#')) continue;
    const registration = `${hash}.${item.sk.slice('C#'.length)}`;
    const used = uses.filter(use => use === registration).length;
    if (item.used !== used) yield `client ${registration} counts ${item.used} of ${used} uses`;
    const isLookedAfter = looks.some(look => look.registration === registration);
    if (used === 0 && !isLookedAfter) yield `client ${registration} is forgotten`;
  }
  for (const use of uses) {
    const [hash = '', id = ''] = use.split('.');
    if (!items.has(nameOf(keys.registeredClient(ACCOUNT, hash, id)))) yield `client ${use} is used and gone`;
  }
}

/** Nothing may lie about that belongs to nothing. */
function* strayItems({ items, services, spaces, associations, deletions }: State): Generator<string> {
  const ids = new Set(
    associations.map(({ agentSpaceId, associationId }) => `${agentSpaceId} ${associationId}`),
  );
  for (const item of items.values()) {
    const [, , kind, owner = ''] = item.pk.split('#');
    if (kind === 'S' && !services.has(owner)) yield `${item.sk} is left of service ${owner}`;
    if (kind === 'P' && !spaces.has(owner) && !deletions.has(owner))
      yield `${item.sk} is left of space ${owner}`;
    if (kind === 'NAME' && !services.has(String(item.serviceId))) yield `${item.pk} is claimed by nobody`;
    if (
      kind === 'S' &&
      item.sk.startsWith('SPACE#') &&
      !ids.has(`${item.agentSpaceId} ${item.associationId}`)
    ) {
      yield `${owner} lists ${item.agentSpaceId}, which does not use it`;
    }
    const [, association = '', chunk = ''] = item.sk.split('#');
    if (kind === 'P' && item.sk.startsWith('PIN#') && !deletions.has(owner)) {
      const found = associations.find(one => one.agentSpaceId === owner && one.associationId === association);
      if (!found || Number(chunk) >= found.pinnedChunks) yield `${item.sk} is pinned in ${owner} by nobody`;
    }
    if (kind === 'P' && item.sk.startsWith('NAM#') && item.serviceId && !deletions.has(owner)) {
      const found = associations.some(one => one.agentSpaceId === owner && one.serviceId === item.serviceId);
      if (!found) yield `${item.sk} is held in ${owner} by nobody`;
    }
  }
}
