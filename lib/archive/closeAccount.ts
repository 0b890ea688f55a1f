import {
  type Digest,
  type DigestSigner,
  fingerprintOf,
  formatDigest,
  type LogFile,
  parseDigest,
  sha256,
  signDigest,
} from './digest.ts';
import { HOUR_MS, type Hour, startOf } from './hours.ts';
import { archivedIds, type FileLimits, timesOf, writeLogFiles } from './logFiles.ts';
import {
  ALL_ACCOUNTS,
  type Category,
  dayFolder,
  digestKey,
  LOG_FOLDER,
  type Place,
  parseLogFileKey,
} from './names.ts';
import type { ArchiveSink } from './sink.ts';
import type { ArchivedEvent } from './source.ts';

/** Events of one hour and category that were written by the hour that is closed. */
export interface Group {
  eventHour: Hour;
  category: Category;
  events: () => AsyncIterable<ArchivedEvent>;
}

/** The last digest of a chain. */
export interface ChainEnd {
  /** The hour of it. */
  hour: Hour;
  digestS3Object: string;
  hashValue: string;
  signature: string;
}

export interface Closed {
  end: ChainEnd;
  /** The digest, as another one names it. */
  file: LogFile;
  /** Whether the digest, or any file of it, was there already: events may have come to light since then. */
  adopted: boolean;
  /** Events in it; those that happened in earlier hours. */
  events: number;
  late: number;
}

export interface CloseDeps {
  sink: ArchiveSink;
  signer: DigestSigner;
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

async function closeDigest(
  { sink, signer }: CloseDeps,
  place: Place,
  hour: Hour,
  previous: ChainEnd | undefined,
  files: () => Promise<{ files: LogFile[]; adopted: boolean }>,
): Promise<Closed> {
  const key = digestKey(place, hour);
  const existing = await sink.read(key);
  if (existing) return closedBy(existing, key, hour, true);
  const { files: logFiles, adopted } = await files();
  const digest = digestOf({ place, hour, key, previous, logFiles, signer });
  const bytes = formatDigest(await signDigest(digest, signer));
  if (await sink.create(key, bytes)) return closedBy(bytes, key, hour, adopted);
  const other = await sink.read(key);
  if (!other) throw new Error(`${key} could be neither created nor read.`);
  return closedBy(other, key, hour, true);
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

function digestOf(parts: {
  place: Place;
  hour: Hour;
  key: string;
  previous: ChainEnd | undefined;
  logFiles: LogFile[];
  signer: DigestSigner;
}): Digest {
  const { place, hour, key, previous, logFiles, signer } = parts;
  return {
    awsAccountId: place.accountId,
    awsRegion: place.region,
    digestStartTime: secondsOf(startOf(hour)),
    digestEndTime: secondsOf(startOf(hour) + HOUR_MS),
    digestS3Object: key,
    digestPublicKeyFingerprint: fingerprintOf(signer.publicKeyPem),
    digestSignatureAlgorithm: signer.algorithm,
    ...timesOf(logFiles),
    previousDigestS3Object: previous?.digestS3Object ?? null,
    previousDigestHashAlgorithm: previous ? 'SHA-256' : null,
    previousDigestHashValue: previous?.hashValue ?? null,
    previousDigestSignature: previous?.signature ?? null,
    logFiles,
  };
}

/** CloudTrail's times have no finer grain. */
function secondsOf(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

function closedBy(bytes: Uint8Array, key: string, hour: Hour, adopted: boolean): Closed {
  const signed = parseDigest(bytes);
  if (!signed) throw new Error(`${key} is no digest file.`);
  const { logFiles, oldestEventTime, newestEventTime } = signed.digest;
  const hashValue = sha256(bytes);
  const sum = (files: readonly LogFile[]) => files.reduce((total, file) => total + file.eventCount, 0);
  const late = logFiles.filter(({ s3Object }) => (parseLogFileKey(s3Object)?.eventHour ?? hour) < hour);
  const events = sum(logFiles);
  return {
    end: { hour, digestS3Object: key, hashValue, signature: signed.signature },
    file: {
      ...{ s3Object: key, hashAlgorithm: 'SHA-256', hashValue },
      ...{ oldestEventTime, newestEventTime, eventCount: events },
    },
    adopted,
    events,
    late: sum(late),
  };
}
