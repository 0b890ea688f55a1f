import { fail } from '../api/errors.ts';
import { isoTime, monthOf } from './eventId.ts';

const DAY_MS = 86_400_000;
/** CloudTrail's event history reaches this far back. */
const DEFAULT_DAYS = 90;

/** Whole seconds, both ends included; epoch milliseconds. */
export interface TimeRange {
  from: number;
  to: number;
}

/** What of a month is still to be read, as bounds of the sort key, both included. */
export interface SortRange {
  month: string;
  low: string;
  high: string;
}

/**
 * The seconds that a look-up covers: records tell time by the second. Never further back than events are
 * kept, nor ahead of today. Empty (`from` after `to`) where the request asks for nothing of that.
 * @throws InvalidTimeRangeException when the start is after the end
 */
export function timeRange(
  asked: { StartTime?: number | undefined; EndTime?: number | undefined },
  at: number,
  retentionDays: number,
): TimeRange {
  const end = asked.EndTime ?? at;
  if (asked.StartTime !== undefined && asked.StartTime > end) {
    throw fail('InvalidTimeRangeException', 'StartTime must not be after EndTime.');
  }
  return keptRange({ start: asked.StartTime ?? at - DEFAULT_DAYS * DAY_MS, end }, at, retentionDays);
}

/** The whole seconds of a range that something may be kept of. */
export function keptRange(
  { start, end }: { start: number; end: number },
  at: number,
  retentionDays: number,
): TimeRange {
  const from = Math.max(start, at - retentionDays * DAY_MS);
  // Clocks of several instances differ a little; a day ahead there is nothing.
  const to = Math.min(end, at + DAY_MS);
  return { from: wholeSecond(from), to: wholeSecond(to) + 999 };
}

/** The months of a range, newest first; `before` (a position, excluded) is where the previous page ended. */
export function* sortRanges(range: TimeRange, before?: string): Generator<SortRange> {
  if (range.from > range.to) return;
  const high = before === undefined ? `${isoTime(range.to)}#~` : justBelow(before);
  const low = isoTime(range.from);
  if (low > high) return;
  const oldest = monthOf(range.from);
  for (let month = high.slice(0, 4) + high.slice(5, 7); month >= oldest; month = previousMonth(month)) {
    yield { month, low, high };
  }
}

function previousMonth(month: string): string {
  const year = Number(month.slice(0, 4));
  return monthOf(Date.UTC(year, Number(month.slice(4)) - 2));
}

/**
 * The greatest sort key below a position: key conditions know no "between, without the end". Ids have one
 * length, and `~` sorts after all their characters.
 */
export function justBelow(position: string): string {
  const last = position.charCodeAt(position.length - 1);
  return `${position.slice(0, -1)}${String.fromCharCode(last - 1)}~`;
}

function wholeSecond(ms: number): number {
  return Math.floor(ms / 1000) * 1000;
}
