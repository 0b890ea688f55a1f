import { errorName } from '../log/errorName.ts';
import { type Catalogue, catalogueHashOf } from '../services/catalogue.ts';
import type { UsedByItem } from '../services/listServiceAssociations.ts';
import type { ServerDeps } from '../services/serverDeps.ts';
import type { ServiceItem } from '../services/serviceItem.ts';
import { keys } from '../store/keys.ts';
import { queryItems } from '../store/read.ts';
import { type AssociationPlace, type KnownCatalogue, reconcileAssociation } from './reconcile.ts';

/** Associations brought up to a new catalogue at once, in a second or two; the rest follow when they are used. */
const MAX_INLINE = 200;
/** Associations at a time. */
const LANES = 8;

/**
 * Brings the associations of a service up to a catalogue that was just stored, where it differs from the one `before`.
 * Never fails: an association that could not be brought up is logged, and follows when it is used.
 */
export async function reconcileAssociations(
  accountId: string,
  { serviceId, catalogueHash }: Pick<ServiceItem, 'serviceId' | 'catalogueHash'>,
  { tools }: Pick<Catalogue, 'tools'>,
  deps: ServerDeps,
): Promise<void> {
  const known = { hash: catalogueHashOf(tools), tools };
  if (known.hash === catalogueHash) return;
  try {
    const pk = keys.serviceParts(accountId, serviceId);
    const users = await queryItems<UsedByItem>(deps, pk, 'SPACE#', MAX_INLINE);
    const lane = async () => {
      for (let user = users.pop(); user; user = users.pop()) {
        const { agentSpaceId, associationId } = user;
        await reconcileOne({ accountId, agentSpaceId, associationId }, known, deps);
      }
    };
    await Promise.all(Array.from({ length: LANES }, lane));
  } catch (error) {
    tell({ serviceId }, error, deps);
  }
}

async function reconcileOne(place: AssociationPlace, known: KnownCatalogue, deps: ServerDeps): Promise<void> {
  const { associationId } = place;
  await reconcileAssociation(place, deps, known).catch(error => tell({ associationId }, error, deps));
}

/** An error's message may hold anything. */
function tell(what: Record<string, string>, error: unknown, { log }: Pick<ServerDeps, 'log'>): void {
  log('associations not compared', { ...what, error: errorName(error) });
}
