import { fail } from '../api/errors.ts';
import { reconcileAssociations } from '../associations/reconcileAll.ts';
import type { ValidationReport } from '../mcp/types.ts';
import { conditionFailed } from '../store/conditionFailed.ts';
import { keys } from '../store/keys.ts';
import type { TransactClause } from '../store/transact.ts';
import { update } from '../store/write.ts';
import { asRead, type Catalogue, catalogueWrites } from './catalogue.ts';
import { checkedMembers } from './check.ts';
import type { ServerDeps } from './serverDeps.ts';
import { noService, type ServiceItem } from './serviceItem.ts';

/** The outcome of the checks of a registered server. */
export interface Checked {
  accountId: string;
  /** When they were asked for, epoch milliseconds. */
  at: number;
  report: ValidationReport;
  /** Of a good report. */
  catalogue: Catalogue | undefined;
}

/** Validations of one service that end at the same time take turns to replace its catalogue. */
const ATTEMPTS = 8;

/**
 * Keeps the outcome of checks: the status and the report, and after success the tool list, which the associations are compared with.
 * `write` commits the writes, with the registration that they were made for.
 * @param read the registration that was checked
 * @returns whether the outcome was kept: not so where it is no longer about what the registration is now
 * @throws ResourceNotFoundException, ConflictException, ContentSizeExceededException
 */
export async function keepReport(
  read: ServiceItem,
  checked: Checked,
  write: (items: TransactClause[], service: ServiceItem) => Promise<void>,
  deps: ServerDeps,
): Promise<boolean> {
  let service = read;
  for (let attempt = 1; ; attempt++) {
    // A list that somebody asked for later is the newer one.
    const catalogue = isNewer(checked.catalogue, service) ? checked.catalogue : undefined;
    try {
      await write(outcome(service, checked, catalogue, deps), service);
      if (catalogue) await reconcileAssociations(checked.accountId, service, catalogue, deps);
      return true;
    } catch (error) {
      const lost = conditionFailed(error, 'service');
      if (!lost) throw error;
      if (!lost.item) noService(read.serviceId);
      service = lost.item as unknown as ServiceItem;
      if (service.updatedAt !== read.updatedAt) return false;
      if (attempt === ATTEMPTS) throw changedMeanwhile(read.serviceId);
    }
  }
}

function isNewer(catalogue: Catalogue | undefined, { catalogueRefreshedAt }: ServiceItem): boolean {
  return catalogue !== undefined && catalogue.refreshedAt >= catalogueRefreshedAt;
}

/** What was checked is not what the registration is now. */
export function changedMeanwhile(serviceId: string): Error {
  return fail('ConflictException', `Service ${serviceId} was changed while it was validated. Try again.`);
}

function outcome(
  service: ServiceItem,
  { accountId, at, report }: Checked,
  catalogue: Catalogue | undefined,
  deps: ServerDeps,
): TransactClause[] {
  const { tableName: table } = deps.config;
  const { serviceId, catalogueChunks } = service;
  const refreshed = catalogue && catalogueWrites(table, accountId, serviceId, catalogue, catalogueChunks);
  const set = {
    ...checkedMembers(report, at),
    ...refreshed?.members,
  };
  return [
    update(table, keys.service(accountId, serviceId), { set }, asRead(service)),
    ...(refreshed?.items ?? []),
  ];
}
