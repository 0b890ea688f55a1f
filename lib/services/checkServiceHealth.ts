import { ApiError } from '../api/errors.ts';
import { ownEvent } from '../audit/ownEvent.ts';
import { serviceResource } from '../identity/arn.ts';
import { errorName } from '../log/errorName.ts';
import type { ValidationReport } from '../mcp/types.ts';
import { noteLostConsent } from '../oauth/consentLost.ts';
import { conditionFailed } from '../store/conditionFailed.ts';
import { type Key, keys } from '../store/keys.ts';
import { queryItems } from '../store/read.ts';
import { type TransactClause, transact } from '../store/transact.ts';
import { present, remove } from '../store/write.ts';
import { catalogueOf } from './catalogue.ts';
import { check } from './check.ts';
import { checkAt, type HealthCheckItem, untilNextCheck } from './healthCheckItem.ts';
import { keepReport } from './keepReport.ts';
import { type OpenService, openService, type ServicePlace } from './openService.ts';
import { registeredAuthorizer } from './serverAuthorizer.ts';
import type { ServerDeps } from './serverDeps.ts';
import type { ServiceItem } from './serviceItem.ts';

/** Checks of one run: one Query reads them, and what is left is due in the next run. */
const CHECKS = 100;
/** Checks at a time: a server that hangs takes 20 s, and must not hold up the others. */
const LANES = 10;
/** Milliseconds after which a run begins no check: one takes 20 s at most, and the function has 50. */
const BEGIN_WITHIN_MS = 25_000;
/** Milliseconds after which a check whose process died is due again. */
const LOST_MS = 120_000;

/**
 * Runs the checks of registered servers that are due, and keeps their status and tool lists. Bounded in number and
 * time; what is left, or was under way when a process died, is due in a later run. Safe to run at any time, many
 * times, in many processes: each check is taken by one. Answers how many checks were made.
 */
export async function checkServiceHealth(deps: ServerDeps): Promise<number> {
  if (deps.config.healthCheckMinutes === 0) return 0;
  const begun = deps.now();
  const oldest = await queryItems<HealthCheckItem>(deps, keys.healthChecks(), undefined, CHECKS);
  const due = oldest.filter(({ sk }) => sk < new Date(begun).toISOString()).reverse();
  let checked = 0;
  const lane = async () => {
    for (let item = due.pop(); item; item = due.pop()) {
      if (deps.now() - begun > BEGIN_WITHIN_MS) return;
      if (await take(item, deps).catch(error => tell(item, error, deps))) checked++;
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return checked;
}

/** Whether the server was checked. */
async function take(item: HealthCheckItem, deps: ServerDeps): Promise<boolean> {
  const taken = await move(item, deps.now() + LOST_MS, deps);
  if (!taken) return false;
  const isRegistered = await checkOne(item, deps);
  if (isRegistered) await move(taken, deps.now() + untilNextCheck(deps), deps);
  else await transact(deps.store, [remove(deps.config.tableName, keyOf(taken))], deps);
  return isRegistered;
}

/** Puts a check off, once: of several processes that do so, the others get `undefined`. */
async function move(
  item: HealthCheckItem,
  at: number,
  deps: ServerDeps,
): Promise<HealthCheckItem | undefined> {
  const { accountId, serviceId } = item;
  const next = checkAt(item, at, deps);
  try {
    await transact(deps.store, [remove(deps.config.tableName, keyOf(item), present('check')), next], deps);
  } catch (error) {
    if (conditionFailed(error, 'check')) return undefined;
    throw error;
  }
  return { ...keyOf(next.item.Put?.Item as Key), accountId, serviceId };
}

function keyOf({ pk, sk }: Key): Key {
  return { pk, sk };
}

/** Answers `false` where the server is no longer registered. */
async function checkOne(place: HealthCheckItem, deps: ServerDeps): Promise<boolean> {
  const { accountId, serviceId } = place;
  try {
    const opened = await openService({ accountId, serviceId }, deps);
    if (opened.service.state === 'ENABLED') await checkAndKeep(place, opened, deps);
    else await noteLostConsent({ accountId, serviceId }, opened.service, deps);
    return true;
  } catch (error) {
    if (error instanceof ApiError && error.failure.code === 'ResourceNotFoundException') return false;
    // It could not be checked, such as for want of its key: the next time may be better.
    tell(place, error, deps);
    return true;
  }
}

/** One that fails must not hold up the others. */
function tell({ serviceId }: ServicePlace, error: unknown, { log }: ServerDeps): false {
  log('health check failed', { serviceId, error: errorName(error) });
  return false;
}

/** Where the registration changes meanwhile, whoever changed it has checked it. */
async function checkAndKeep(place: ServicePlace, opened: OpenService, deps: ServerDeps): Promise<void> {
  const { accountId } = place;
  const { service, credential } = opened;
  const { name, endpoint } = service;
  const at = deps.now();
  const authorizer = registeredAuthorizer(service, credential, accountId, deps);
  const requestId = deps.newId(at);
  const report = await check(
    { name, endpoint, authorizer },
    { requestId, caller: { accountId }, isHealthCheck: true },
    deps,
  );
  const catalogue = report.valid ? catalogueOf(report.tools ?? [], report.warnings, at) : undefined;
  const write = (items: TransactClause[], read: ServiceItem) =>
    transact(deps.store, [...items, ...news(place, read, report, deps)], deps);
  await keepReport(service, { accountId, at, report, catalogue }, write, deps);
}

/** A status that changes has an event, with the first step that failed; one that stays has none. */
function news(
  { accountId, serviceId }: ServicePlace,
  { endpoint, validationStatus }: ServiceItem,
  { valid, steps }: ValidationReport,
  deps: ServerDeps,
): TransactClause[] {
  const status = valid ? 'valid' : 'invalid';
  if (status === validationStatus) return [];
  const failed = steps.find(step => step.status === 'failed');
  return ownEvent(
    {
      accountId,
      eventName: 'CheckServiceHealth',
      requestParameters: { serviceId },
      resources: [serviceResource({ accountId, region: deps.config.region }, serviceId)],
      additionalEventData: { endpoint, validationStatus: status },
      ...(failed?.code ? { failure: { code: failed.code, message: failed.message ?? '' } } : {}),
    },
    deps,
  );
}
