import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { type LogFile, sha256 } from './digest.ts';
import { type LogFileName, logFileKey } from './names.ts';
import type { ArchiveSink } from './sink.ts';
import type { ArchivedEvent } from './source.ts';

/** Which events are in a series of files. */
export type Series = Omit<LogFileName, 'part'>;

/** A file that has reached one of these is full, and another follows. An event has at most 100 KB. */
export interface FileLimits {
  events: number;
  /** Of JSON. */
  bytes: number;
}

const LIMITS: FileLimits = { events: 10_000, bytes: 8 * 1024 * 1024 };

const HEAD = '{"Records":[';
const TAIL = ']}';

/**
 * Archives the events of a series that are not among `known`, in as many files as it takes, and answers with all
 * files of the series. A file that exists stands, whoever made it: what it holds is not written again, and one that
 * is not full was the last. So each event is in one file at most, however often, and beside whomever, this runs.
 * Where files were there already, events that came to light since may be in none.
 */
export async function writeLogFiles(
  sink: ArchiveSink,
  series: Series,
  events: () => AsyncIterable<ArchivedEvent>,
  known: ReadonlySet<string> = new Set(),
  limits = LIMITS,
): Promise<{ files: LogFile[]; adopted: boolean }> {
  for (;;) {
    const { files, ids, ended } = await existing(sink, series, limits);
    const adopted = files.length > 0;
    if (ended) return { files, adopted };
    const isNew = ({ id }: ArchivedEvent) => !known.has(id) && !ids.has(id);
    let taken = false;
    for await (const chunk of chunks(events(), isNew, limits)) {
      const key = logFileKey({ ...series, part: files.length });
      const bytes = await promisify(gzip)(`${HEAD}${chunk.map(({ json }) => json).join()}${TAIL}`);
      taken = !(await sink.create(key, bytes));
      if (taken) break;
      files.push(described(key, bytes, chunk));
    }
    // Another archiver was faster: what it wrote is looked at first.
    if (!taken) return { files, adopted };
  }
}

/** The ids of the events in a series' files. */
export async function archivedIds(sink: ArchiveSink, key: string): Promise<string[]> {
  const bytes = await sink.read(key);
  return bytes ? (await eventsOf(bytes)).events.map(({ id }) => id) : [];
}

async function existing(sink: ArchiveSink, series: Series, limits: FileLimits) {
  const files: LogFile[] = [];
  const ids = new Set<string>();
  let ended = false;
  while (!ended) {
    const key = logFileKey({ ...series, part: files.length });
    const bytes = await sink.read(key);
    if (!bytes) break;
    const { events, size } = await eventsOf(bytes);
    for (const { id } of events) ids.add(id);
    files.push(described(key, bytes, events));
    ended = events.length < limits.events && size < limits.bytes;
  }
  return { files, ids, ended };
}

async function* chunks(
  events: AsyncIterable<ArchivedEvent>,
  isWanted: (event: ArchivedEvent) => boolean,
  limits: FileLimits,
): AsyncGenerator<ArchivedEvent[]> {
  let chunk: ArchivedEvent[] = [];
  let size = 0;
  for await (const event of events) {
    if (!isWanted(event)) continue;
    size += Buffer.byteLength(event.json) + Math.min(chunk.length, 1);
    chunk.push(event);
    if (chunk.length < limits.events && size < limits.bytes) continue;
    yield chunk;
    chunk = [];
    size = 0;
  }
  if (chunk.length > 0) yield chunk;
}

/** What a file holds, and the bytes of its JSON without what is around the records. */
async function eventsOf(file: Uint8Array) {
  const text = (await promisify(gunzip)(file)).toString();
  const { Records } = JSON.parse(text) as { Records: { eventID: string; eventTime: string }[] };
  const events = Records.map(({ eventID, eventTime }) => ({ id: eventID, time: eventTime }));
  return { events, size: Buffer.byteLength(text) - HEAD.length - TAIL.length };
}

function described(key: string, bytes: Uint8Array, events: readonly Pick<ArchivedEvent, 'time'>[]): LogFile {
  return {
    s3Object: key,
    hashAlgorithm: 'SHA-256',
    hashValue: sha256(bytes),
    ...timesOf(events.map(({ time }) => ({ oldestEventTime: time, newestEventTime: time }))),
    eventCount: events.length,
  };
}

/** The oldest and the newest of several times, which sort as text. */
export function timesOf(spans: readonly Pick<LogFile, 'oldestEventTime' | 'newestEventTime'>[]) {
  let oldest: string | null = null;
  let newest: string | null = null;
  for (const { oldestEventTime, newestEventTime } of spans) {
    if (oldestEventTime !== null && (oldest === null || oldestEventTime < oldest)) oldest = oldestEventTime;
    if (newestEventTime !== null && (newest === null || newestEventTime > newest)) newest = newestEventTime;
  }
  return { oldestEventTime: oldest, newestEventTime: newest };
}
