import { isoTime } from '../audit/eventId.ts';
import { justBelow, type TimeRange } from '../audit/lookupRange.ts';
import type { Deps } from '../context.ts';
import { type Key, keys } from '../store/keys.ts';
import { queryDown } from '../store/read.ts';
import type { InvocationRecord } from './invocationRecord.ts';
import { recordsOf, type SegmentItem } from './segment.ts';

/** Queries of one walk: about a tenth of a second. What they do not reach is left to the next page. */
const MAX_QUERIES = 24;
/** Segments of one query: one record each where they were written one by one, 2,500 records where calls are many. */
const SEGMENTS = 25;

/** The history of one space. */
export interface History {
  accountId: string;
  agentSpaceId: string;
  /** Epoch milliseconds. */
  at: number;
  deps: Pick<Deps, 'store' | 'config'>;
}

/** Where a walk goes on: at the segment `high`, without its `skip` newest records, or below. */
export interface Cursor {
  high: string;
  skip: number;
}

export interface Walk {
  /** Whole seconds. */
  range: TimeRange;
  from: Cursor | undefined;
  /** How many records are wanted. */
  limit: number;
  wants: (record: InvocationRecord) => boolean;
}

export interface Walked {
  records: InvocationRecord[];
  /** Left out at the end of the history. */
  next?: Cursor;
}

/**
 * The newest records of a space that are wanted, newest first by the second; those of one segment stay together. Days
 * without calls cost nothing. Fewer than `limit` where the history ends, or where {@link MAX_QUERIES} were used up.
 */
export async function readInvocations(history: History, walk: Walk): Promise<Walked> {
  const low = isoTime(walk.range.from);
  let cursor = walk.from ?? { high: `${isoTime(walk.range.to)}#~`, skip: 0 };
  const found: Found[] = [];
  let queries = 0;
  for (const day of await daysOf(history, low, cursor.high)) {
    for (let more = true; more; queries++) {
      if (queries === MAX_QUERIES) return { records: recordsIn(found), next: cursor };
      const page = await segmentsIn(history, day, low, cursor.high);
      for (const segment of page.segments) {
        found.push(...wantedOf(segment, cursor, walk));
        // One more than wanted tells that another page follows.
        if (found.length > walk.limit) return firstOf(found, walk.limit);
      }
      more = page.last !== undefined;
      cursor = { high: page.last === undefined ? endBefore(day) : justBelow(page.last), skip: 0 };
    }
  }
  return { records: recordsIn(found) };
}

/** A record, and where a walk goes on after it. */
interface Found {
  record: InvocationRecord;
  next: Cursor;
}

function recordsIn(found: readonly Found[]): InvocationRecord[] {
  return found.map(({ record }) => record);
}

function firstOf(found: readonly Found[], limit: number): Walked {
  const page = found.slice(0, limit);
  const last = page.at(-1);
  return { records: recordsIn(page), ...(last ? { next: last.next } : {}) };
}

function wantedOf(segment: SegmentItem, { high, skip }: Cursor, { wants }: Walk): Found[] {
  const records = recordsOf(segment);
  return records.flatMap((record, n) => {
    if ((segment.sk === high && n < skip) || !wants(record)) return [];
    const next =
      n + 1 < records.length ? { high: segment.sk, skip: n + 1 } : { high: justBelow(segment.sk), skip: 0 };
    return [{ record, next }];
  });
}

/** Days between two positions that have calls, newest first; one more than a walk can look into. */
async function daysOf(
  { accountId, agentSpaceId, deps }: History,
  low: string,
  high: string,
): Promise<string[]> {
  if (low > high) return [];
  const pk = keys.invocationDays(accountId, agentSpaceId);
  const days = { pk, low: low.slice(0, 10), high: high.slice(0, 10) };
  const { Items = [] } = await queryDown(deps, days, MAX_QUERIES + 1);
  return (Items as Key[]).map(({ sk }) => sk);
}

/** The newest segments of a day between two positions, and the last of them where others follow. */
async function segmentsIn(
  { accountId, agentSpaceId, at, deps }: History,
  day: string,
  low: string,
  high: string,
): Promise<{ segments: SegmentItem[]; last: string | undefined }> {
  const { pk } = keys.invocations(accountId, agentSpaceId, day, '');
  const { Items = [], LastEvaluatedKey } = await queryDown(deps, { pk, low, high }, SEGMENTS);
  // Removal of expired items lags by days.
  const segments = (Items as SegmentItem[]).filter(segment => segment.expiresAt * 1000 > at);
  return { segments, last: LastEvaluatedKey?.sk };
}

/** The highest position before a day. */
function endBefore(day: string): string {
  return `${isoTime(Date.parse(`${day}T00:00:00.000Z`) - 1)}#~`;
}
