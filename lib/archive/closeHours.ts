import type { Deps } from '../context.ts';
import type { Log } from '../log/fields.ts';
import { type CloseDeps, closeAccount, closeAccounts, type Group } from './closeAccount.ts';
import type { Closed } from './closeDigest.ts';
import { gapsOf } from './gaps.ts';
import { HOUR_MS, type Hour, hourAt, hoursBetween } from './hours.ts';
import type { Mark } from './marks.ts';
import { ALL_ACCOUNTS, parseDigestKey } from './names.ts';
import { chainsOf, firstOpen, marksUntil, putChain, putClosed, removeMarks } from './progress.ts';
import { dataEvents, managementEvents } from './source.ts';

export interface ArchiveDeps extends CloseDeps, Pick<Deps, 'store' | 'config' | 'now'> {
  log: Log;
}

/**
 * How long after its end an hour is closed. Whoever writes has marked the hour of writing right before; by then the
 * write has ended, with all tries of it, well or not.
 */
export const GRACE_MS = 15 * 60_000;

export interface Run {
  /** Hours that were closed. */
  closed: number;
  /** Hours that could be closed, and are left to the next run. */
  open: number;
  /** Digests that were there and are gone, or are others. */
  gaps: string[];
}

/**
 * Archives every hour that is over and has not been closed, in order. Whatever interrupts it, the next run goes on.
 * `goOn` is asked before each hour.
 */
export async function closeHours(deps: ArchiveDeps, goOn: () => boolean = () => true): Promise<Run> {
  const run: Run = { closed: 0, open: 0, gaps: [] };
  const first = await firstOpen(deps);
  if (first === undefined) return run;
  const last = hourAt(deps.now() - GRACE_MS - HOUR_MS);
  // An hour is closed once: before it hides that the one before it is gone.
  if (first <= last) run.gaps = await gapsOfAll(deps);
  for (const hour of hoursBetween(first, last)) {
    if (run.open > 0 || !goOn()) {
      run.open++;
      continue;
    }
    await closeHour(deps, hour);
    run.closed++;
  }
  return run;
}

async function gapsOfAll(deps: ArchiveDeps): Promise<string[]> {
  const gaps: string[] = [];
  for (const { accountId, first, ...end } of (await chainsOf(deps)).values()) {
    const chain = { place: { accountId, region: deps.config.region }, first, end };
    const missing = await gapsOf(deps.sink, chain);
    for (const key of missing) deps.log('digest gap', { accountId, hour: parseDigestKey(key)?.hour ?? '' });
    gaps.push(...missing);
  }
  return gaps;
}

async function closeHour(deps: ArchiveDeps, hour: Hour): Promise<void> {
  const [marks, chains] = [await marksUntil(deps, hour), await chainsOf(deps)];
  const all = chains.get(ALL_ACCOUNTS);
  chains.delete(ALL_ACCOUNTS);
  const closed = new Map<string, Closed>();
  for (const accountId of new Set([...chains.keys(), ...marks.map(mark => mark.accountId)])) {
    const chain = chains.get(accountId);
    // Another archiver has gone on: the digest of all accounts is there.
    if (chain && chain.hour > hour) continue;
    const groups = groupsOf(
      deps,
      accountId,
      marks.filter(mark => mark.accountId === accountId),
    );
    const place = { accountId, region: deps.config.region };
    const account = await closeAccount(deps, place, hour, groups, chain);
    await putChain(deps, accountId, account.end, chain);
    closed.set(accountId, account);
    const { events, late } = account;
    if (events > 0) deps.log('hour archived', { accountId, hour, events, late });
  }
  const accounts = await closeAccounts(deps, deps.config.region, hour, [...closed.values()], all);
  await putChain(deps, ALL_ACCOUNTS, accounts.end, all);
  await putClosed(deps, hour);
  await removeMarks(
    deps,
    // Those of a digest, or of files, that were there already are looked at again with the next hour: it may have
    // missed them.
    marks.filter(({ accountId }) => closed.get(accountId)?.adopted === false),
  );
}

function groupsOf(deps: ArchiveDeps, accountId: string, marks: readonly Mark[]): Group[] {
  const hours = [...new Set(marks.map(({ eventHour }) => eventHour))].sort();
  return hours.flatMap(eventHour => {
    const spaces = new Set(marks.filter(mark => mark.eventHour === eventHour).map(({ space }) => space));
    const management = spaces.delete('-');
    const groups: Group[] = [];
    if (management) {
      const events = () => managementEvents(deps, accountId, eventHour);
      groups.push({ eventHour, category: 'm', events });
    }
    if (spaces.size > 0) {
      const events = () => dataEvents(deps, accountId, eventHour, [...spaces]);
      groups.push({ eventHour, category: 'd', events });
    }
    return groups;
  });
}
