import type { Deps } from '../context.ts';
import { MAX_BATCH, putMany } from '../store/batchWrite.ts';
import type { Key } from '../store/keys.ts';
import { type CallCounter, counterItem } from './callCounters.ts';
import { dayItem, type Segment, segmentItem } from './segment.ts';

type WriteDeps = Pick<Deps, 'store' | 'config' | 'sleep' | 'random'>;

export interface Written {
  /** Requests that it took. */
  requests: number;
  /** Segments that may not be stored: they may be written again. */
  left: Segment[];
  /** The same of counters. */
  leftCounters: CallCounter[];
  /** Why. */
  error?: unknown;
}

/** Batches that are written at a time: several spaces are, and requests of agents still find sockets free. */
const LANES = 4;
/** Days of spaces that a process remembers to have marked; marking one again is harmless. */
const MAX_MARKED = 10_000;

/**
 * Writes segments, and counters with them, as often as is asked for. A day of a space is marked before its first
 * segment, so that a segment is never stored where nobody looks for it.
 */
export function createSegmentWriter(
  deps: WriteDeps,
): (segments: readonly Segment[], counters: readonly CallCounter[]) => Promise<Written> {
  const marked = new Set<string>();
  return async (segments, counters) => {
    const days = unmarkedDays(segments, deps, marked);
    const marking = await inBatches(days, batch => putMany(deps, batch));
    if (marking.error) return { ...marking, left: [...segments], leftCounters: [...counters] };
    if (marked.size > MAX_MARKED) marked.clear();
    for (const day of days) marked.add(nameOf(day));
    const writing = await inBatches<Segment | CallCounter>([...segments, ...counters], async batch =>
      putMany(
        deps,
        await Promise.all(
          batch.map(one => (isCounter(one) ? counterItem(one, deps.config) : segmentItem(one, deps.config))),
        ),
      ),
    );
    return {
      ...writing,
      left: writing.left.filter((one): one is Segment => !isCounter(one)),
      leftCounters: writing.left.filter(isCounter),
      requests: marking.requests + writing.requests,
    };
  };
}

function isCounter(one: Segment | CallCounter): one is CallCounter {
  return !Array.isArray(one);
}

function unmarkedDays(segments: readonly Segment[], { config }: WriteDeps, marked: Set<string>): Key[] {
  const days = segments.map(segment => dayItem(segment, config));
  const byName = new Map(days.map(day => [nameOf(day), day]));
  return [...byName].flatMap(([name, day]) => (marked.has(name) ? [] : [day]));
}

function nameOf({ pk, sk }: Key): string {
  return `${pk} ${sk}`;
}

/** Runs `write` on batches, a few at a time. A batch that fails is left, the others are written. */
async function inBatches<T>(items: readonly T[], write: (batch: readonly T[]) => Promise<number>) {
  const result: { requests: number; left: T[]; error?: unknown } = { requests: 0, left: [] };
  let next = 0;
  const lane = async () => {
    while (next < items.length) {
      const batch = items.slice(next, next + MAX_BATCH);
      next += MAX_BATCH;
      try {
        const requests = await write(batch);
        result.requests += requests;
      } catch (error) {
        result.left.push(...batch);
        result.error = error;
      }
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return result;
}
