import { fail } from '../api/errors.ts';
import type { Deps } from '../context.ts';
import { type CatalogueTool, catalogueHashOf, readCatalogue } from '../services/catalogue.ts';
import type { ServiceItem } from '../services/serviceItem.ts';
import type { SpaceItem } from '../spaces/spaceItem.ts';
import { ConditionFailed } from '../store/conditionFailed.ts';
import { keys } from '../store/keys.ts';
import { getItems } from '../store/read.ts';
import { type TransactClause, transact } from '../store/transact.ts';
import { updateOne } from '../store/updateOne.ts';
import { unchanged, update } from '../store/write.ts';
import { type AssociationItem, serviceIdOf } from './associationItem.ts';
import { type Comparison, compareTools } from './compare.ts';
import { driftEvents, measureDrift } from './driftEvents.ts';
import { namesBehindStar } from './otherTools.ts';
import { pinWrites, readPinned } from './pinned.ts';
import { countTools } from './toolQuota.ts';

/** An association of an account. */
export interface AssociationPlace {
  accountId: string;
  agentSpaceId: string;
  associationId: string;
}

/** A stored catalogue that is at hand already. */
export interface KnownCatalogue {
  hash: string;
  tools: readonly CatalogueTool[];
}

/** Everything that the comparison is decided on. */
interface Found {
  association: AssociationItem;
  service: ServiceItem;
  space: SpaceItem;
}

/** Each loser of a race finds what the winner wrote, mostly all of it. */
const ATTEMPTS = 8;

/**
 * Brings an association up to its service's stored catalogue: withholds pinned tools whose definition differs or that
 * are gone, gives back those that are as confirmed, and pins what `*` meets for the first time. One transaction with
 * one audit event for each kind of news; where there is none, one update. Does nothing where the association was
 * compared with this catalogue before. Safe in any number of processes at once: each change is told once.
 * @param known saves reading the catalogue, where it is the stored one
 * @returns the association as it is then; `undefined` where it, its space or its service is gone
 * @throws ConflictException where the association keeps changing
 */
export async function reconcileAssociation(
  place: AssociationPlace,
  deps: Deps,
  known?: KnownCatalogue,
): Promise<AssociationItem | undefined> {
  for (let attempt = 1; ; attempt++) {
    const found = await find(place, deps);
    if (!found) return undefined;
    const { association, service } = found;
    if (association.catalogueHash === service.catalogueHash) return association;
    try {
      return await reconcile(place, found, deps, known);
    } catch (error) {
      if (!(error instanceof ConditionFailed)) throw error;
      if (attempt === ATTEMPTS) throw fail('ConflictException', 'The association keeps changing. Try again.');
    }
  }
}

async function find(place: AssociationPlace, deps: Deps): Promise<Found | undefined> {
  const { accountId, agentSpaceId, associationId } = place;
  const [association, service, space] = await getItems<[AssociationItem, ServiceItem, SpaceItem]>(deps, [
    keys.association(accountId, agentSpaceId, associationId),
    keys.service(accountId, serviceIdOf(associationId)),
    keys.space(accountId, agentSpaceId),
  ]);
  return association && service && space && { association, service, space };
}

/** What is read here is read after the association, whose version is the condition of the write. */
async function reconcile(
  place: AssociationPlace,
  found: Found,
  deps: Deps,
  known: KnownCatalogue | undefined,
): Promise<AssociationItem | undefined> {
  const { association, service, space } = found;
  const { accountId, agentSpaceId, associationId } = place;
  const [pinned, offered] = await Promise.all([
    readPinned(deps, accountId, agentSpaceId, associationId),
    known?.hash === service.catalogueHash
      ? known.tools
      : readCatalogue(deps, accountId, service.serviceId).then(catalogue => catalogue?.tools),
  ]);
  if (!offered) return undefined;
  const room = deps.config.quotas.toolsPerSpace - space.toolCount;
  const compared = compareTools(association, pinned, offered, room);
  return (
    (await keep(place, found, pinned, offered, compared, deps)) ??
    // More definitions than can be pinned: the new ones have no room.
    (await keep(place, found, pinned, offered, compareTools(association, pinned, offered, 0), deps))
  );
}

/** `undefined` where the added definitions are too large to be pinned. */
async function keep(
  place: AssociationPlace,
  { association, service }: Found,
  pinned: readonly CatalogueTool[],
  offered: readonly CatalogueTool[],
  compared: Comparison,
  deps: Deps,
): Promise<AssociationItem | undefined> {
  const { accountId, agentSpaceId, associationId } = place;
  const table = deps.config.tableName;
  const { added, status, withheld } = compared;
  const version = association.version + 1;
  const all = added.length > 0 ? inNameOrder([...pinned, ...added]) : undefined;
  const pins = all ? pinWrites(table, accountId, association, all, version) : NO_PINS;
  if (!pins) return undefined;
  const names = all && namesBehindStar(association.configuration, all);
  const set = {
    status,
    withheld,
    catalogueHash: catalogueHashOf(offered),
    ...names,
    ...pins.members,
    version,
  };
  const write = update(
    table,
    keys.association(accountId, agentSpaceId, associationId),
    { set },
    unchanged('association', association.version),
  );
  const events = driftEvents(accountId, association, service, compared, deps);
  if (events.length === 0) {
    await updateOne(deps, write);
  } else {
    const count = countTools(accountId, agentSpaceId, added.length, deps.config);
    await transact(deps.store, [write, ...pins.items, count, ...events], deps);
    measureDrift(compared, deps);
  }
  return { ...association, ...set };
}

const NO_PINS: { items: TransactClause[]; members: Partial<AssociationItem> } = { items: [], members: {} };

function inNameOrder(tools: CatalogueTool[]): CatalogueTool[] {
  return tools.sort((a, b) => (a.definition.name < b.definition.name ? -1 : 1));
}
