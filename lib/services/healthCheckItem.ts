import type { Deps } from '../context.ts';
import { type Key, keys } from '../store/keys.ts';
import type { TransactClause } from '../store/transact.ts';
import { put } from '../store/write.ts';
import type { ServicePlace } from './openService.ts';

/** A check that is due at the time its key begins with. A registered server has one. */
export interface HealthCheckItem extends Key, ServicePlace {}

const MINUTE_MS = 60_000;
/** Minutes until the first check while checks are switched off: there is one to find when they are switched on. */
const OTHERWISE_MINUTES = 60;

/** Milliseconds from one check of a server to the next, up to a tenth more or less: servers do not stay in step. */
export function untilNextCheck({ config, random }: Pick<Deps, 'config' | 'random'>): number {
  return (config.healthCheckMinutes || OTHERWISE_MINUTES) * MINUTE_MS * (0.9 + 0.2 * random());
}

/** The write that has a registered server checked, `at` epoch milliseconds. */
export function checkAt(
  { accountId, serviceId }: ServicePlace,
  at: number,
  { config }: Pick<Deps, 'config'>,
): TransactClause {
  return put(config.tableName, keys.healthCheck(new Date(at).toISOString(), serviceId), {
    accountId,
    serviceId,
  });
}
