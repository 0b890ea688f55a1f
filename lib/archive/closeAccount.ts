import { type ChainEnd, type Closed, closeDigest, type DigestDeps } from './closeDigest.ts';
import type { LogFile } from './digest.ts';
import type { Hour } from './hours.ts';
import { archivedIds, type FileLimits, writeLogFiles } from './logFiles.ts';
import { ALL_ACCOUNTS, type Category, dayFolder, LOG_FOLDER, type Place, parseLogFileKey } from './names.ts';
import type { ArchiveSink } from './sink.ts';
import type { ArchivedEvent } from './source.ts';

/** Events of one hour and category that were written by the hour that is closed. */
export interface Group {
  eventHour: Hour;
  category: Category;
  events: () => AsyncIterable<ArchivedEvent>;
}

export interface CloseDeps extends DigestDeps {
  /** Of files; smaller ones make more of them. */
  limits?: FileLimits;
}

/**
 * Writes the files and the digest of one account's hour. A digest that exists stands, and so do files of an archiver
 * that was interrupted, or runs beside this one.
 * @throws Error when the digest that is there cannot be read
 */
export function closeAccount(
  deps: CloseDeps,
  place: Place,
  hour: Hour,
  groups: readonly Group[],
  previous: ChainEnd | undefined,
): Promise<Closed> {
  return closeDigest(deps, place, hour, previous, async () => {
    const files: LogFile[] = [];
    let adopted = false;
    for (const group of groups) {
      const series = await filesOf(deps, place, hour, group);
      files.push(...series.files);
      adopted ||= series.adopted;
    }
    return { files, adopted };
  });
}

/** Writes the digest that names those of all accounts of an hour. One that exists stands. */
export function closeAccounts(
  deps: CloseDeps,
  region: string,
  hour: Hour,
  closed: readonly Closed[],
  previous: ChainEnd | undefined,
): Promise<Closed> {
  const files = closed.map(({ file }) => file).toSorted((a, b) => (a.s3Object < b.s3Object ? -1 : 1));
  const place = { accountId: ALL_ACCOUNTS, region };
  return closeDigest(deps, place, hour, previous, async () => ({ files, adopted: false }));
}

async function filesOf({ sink, limits }: CloseDeps, place: Place, hour: Hour, group: Group) {
  const { eventHour, category, events } = group;
  const series = { ...place, eventHour, closedHour: hour, category };
  const known = eventHour < hour ? await archivedBefore(sink, series) : undefined;
  return await writeLogFiles(sink, series, events, known, limits);
}

/** What was archived of an hour's events. */
async function archivedBefore(
  sink: ArchiveSink,
  series: Place & { eventHour: Hour; category: Category },
): Promise<Set<string>> {
  const { eventHour, category } = series;
  const ids = new Set<string>();
  for (const key of await sink.list(dayFolder(LOG_FOLDER, series, eventHour))) {
    const name = parseLogFileKey(key);
    if (name?.eventHour !== eventHour || name.category !== category) continue;
    for (const id of await archivedIds(sink, key)) ids.add(id);
  }
  return ids;
}
