import { isDeepStrictEqual } from 'node:util';
import { fail } from '../api/errors.ts';
import { reconcileAssociations } from '../associations/reconcileAll.ts';
import { conditionFailed } from '../store/conditionFailed.ts';
import { keys } from '../store/keys.ts';
import { transact } from '../store/transact.ts';
import { updateOne } from '../store/updateOne.ts';
import { update } from '../store/write.ts';
import { asRead, catalogueHashOf, catalogueWrites } from './catalogue.ts';
import type { LiveCatalogue } from './liveCatalogue.ts';
import type { ServerDeps } from './serverDeps.ts';
import { noService, type ServiceItem } from './serviceItem.ts';

/** Each loser of a race mostly finds that the winner asked later, and is done. */
const ATTEMPTS = 8;

/**
 * Keeps what a server was found to offer: one small update where nothing changed, otherwise one transaction, after
 * which the associations are compared with it. What others found later, or found of what the registration has become
 * since, is left alone. No event: nobody's rights change by it.
 * @param read the registration that the server was asked with
 * @returns the registration as it is then
 * @throws ResourceNotFoundException, ContentSizeExceededException, ConflictException
 */
export async function keepCatalogue(
  accountId: string,
  read: ServiceItem,
  live: LiveCatalogue,
  deps: ServerDeps,
): Promise<ServiceItem> {
  const { catalogue } = live;
  let service = read;
  for (let attempt = 1; ; attempt++) {
    try {
      return await write(accountId, service, live, deps);
    } catch (error) {
      const lost = conditionFailed(error, 'service');
      if (!lost) throw error;
      if (!lost.item) noService(read.serviceId);
      service = lost.item as unknown as ServiceItem;
      const isLater = service.catalogueRefreshedAt >= catalogue.refreshedAt;
      if (isLater || service.updatedAt !== read.updatedAt) return service;
      if (attempt === ATTEMPTS) throw fail('ConflictException', 'The tool list keeps changing. Try again.');
    }
  }
}

async function write(
  accountId: string,
  service: ServiceItem,
  { catalogue, verdict }: LiveCatalogue,
  deps: ServerDeps,
): Promise<ServiceItem> {
  const { serviceId } = service;
  const table = deps.config.tableName;
  const learned = isDeepStrictEqual(verdict, service.verdict) ? {} : { verdict };
  const change = (set: Partial<ServiceItem>) =>
    update(table, keys.service(accountId, serviceId), { set }, asRead(service));
  if (catalogueHashOf(catalogue.tools) === service.catalogueHash) {
    const set = { catalogueRefreshedAt: catalogue.refreshedAt, ...learned };
    await updateOne(deps, change(set));
    return { ...service, ...set };
  }
  const writes = catalogueWrites(table, accountId, serviceId, catalogue, service.catalogueChunks);
  const set = { ...writes.members, ...learned };
  await transact(deps.store, [change(set), ...writes.items], deps);
  await reconcileAssociations(accountId, service, catalogue, deps);
  return { ...service, ...set };
}
