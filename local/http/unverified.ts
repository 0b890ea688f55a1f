import type { FailureCode } from '../../lib/api/errors.ts';

/** Requests of one minute that no caller could be proven for, for one reason. */
export interface UnverifiedRecord {
  reason: FailureCode;
  /** Where the minute begins; it and the other times are epoch milliseconds. */
  minute: number;
  count: number;
  firstAt: number;
  lastAt: number;
}

export interface UnverifiedCounter {
  /** Counts one request; costs no write. */
  count(reason: FailureCode): void;
  /** Records the minutes that are over. */
  flush(): Promise<void>;
  /** Stops the timer and records everything counted so far. */
  close(): Promise<void>;
}

const MINUTE = 60_000;

/** Five reasons exist; this keeps 50 minutes of a store that refuses records, and bounds memory. */
const MAX_RECORDS = 256;

/**
 * Counts unverified requests in memory and hands out one record per reason and minute. A record that
 * `record` rejects is kept for the next flush; beyond {@link MAX_RECORDS} the oldest are dropped.
 */
export function countUnverified(
  record: (entry: UnverifiedRecord) => Promise<void>,
  now: () => number,
): UnverifiedCounter {
  const counts = new Map<string, UnverifiedRecord>();

  async function flushWhere(due: (entry: UnverifiedRecord) => boolean): Promise<void> {
    for (const [id, entry] of [...counts]) {
      if (!due(entry)) continue;
      // Taken out first: what is counted meanwhile starts an entry of its own.
      counts.delete(id);
      await record(entry).catch(() => putBack(counts, id, entry));
    }
  }

  const flush = () => flushWhere(entry => entry.minute + MINUTE <= now());
  const timer = setInterval(() => void flush(), MINUTE);
  timer.unref();
  return {
    count: reason => add(counts, reason, now()),
    flush,
    async close() {
      clearInterval(timer);
      await flushWhere(() => true);
    },
  };
}

function add(counts: Map<string, UnverifiedRecord>, reason: FailureCode, at: number): void {
  const minute = Math.floor(at / MINUTE) * MINUTE;
  const id = `${reason}@${minute}`;
  const entry = counts.get(id);
  if (entry) {
    entry.count += 1;
    entry.lastAt = at;
    return;
  }
  makeRoom(counts);
  counts.set(id, { reason, minute, count: 1, firstAt: at, lastAt: at });
}

function putBack(counts: Map<string, UnverifiedRecord>, id: string, entry: UnverifiedRecord): void {
  const since = counts.get(id);
  if (!since) makeRoom(counts);
  counts.set(id, since ? { ...since, count: since.count + entry.count, firstAt: entry.firstAt } : entry);
}

function makeRoom(counts: Map<string, UnverifiedRecord>): void {
  if (counts.size < MAX_RECORDS) return;
  const oldest = counts.keys().next().value;
  if (oldest !== undefined) counts.delete(oldest);
}
