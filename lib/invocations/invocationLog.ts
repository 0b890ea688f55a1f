import type { Deps } from '../context.ts';
import { errorName } from '../log/errorName.ts';
import type { Log } from '../log/fields.ts';
import { MAX_BATCH } from '../store/batchWrite.ts';
import { createCallCounters } from './callCounters.ts';
import { complaints } from './complaints.ts';
import type { InvocationFacts } from './invocationFacts.ts';
import { createRecordTexts } from './recordText.ts';
import { countOf, MAX_RECORDS, type QueuedRecord, type Segment, segmentsOf } from './segment.ts';
import { createSegmentWriter } from './writeSegments.ts';

export interface InvocationLog {
  /** Takes the record of a call. Costs some microseconds, waits for nothing and never throws. */
  record(facts: InvocationFacts): void;
  /** Tries to store everything that was recorded before it; what the store refuses stays queued. Never rejects. */
  flush(): Promise<void>;
  /** Flushes, and writes nothing by itself any more. What is left then is lost, and said to be. */
  close(): Promise<void>;
  stats(): InvocationStats;
}

export interface InvocationStats {
  /** Records that are not stored yet, and the most there ever were. */
  queued: number;
  highWater: number;
  /** Records that are stored, and the requests that it took. */
  written: number;
  requests: number;
  /** Records that were lost: the queue was full, or they could not be made. */
  dropped: number;
}

export interface InvocationLogOptions {
  /**
   * Milliseconds until records are written by themselves. Left out on Lambda, where timers freeze: the handler
   * flushes before it ends.
   */
  flushEveryMs?: number | undefined;
  /** Records kept while the store is slow or away. */
  maxQueued?: number;
}

type LogDeps = Pick<Deps, 'store' | 'config' | 'sleep' | 'random' | 'now' | 'newId'> & { log: Log };

/** Some 30 MB, and at worst four times that: 10 s of 2,000 calls a second. */
const MAX_QUEUED = 20_000;

/**
 * Gathers the records of tool calls and writes them as segments: one write of all spaces at a time, and what is
 * recorded meanwhile goes into the next. Beside them it writes how many calls each server had within the hour. A process
 * that dies loses what it has not written.
 */
export function createInvocationLog(deps: LogDeps, options: InvocationLogOptions = {}): InvocationLog {
  const { flushEveryMs, maxQueued = MAX_QUEUED } = options;
  const write = createSegmentWriter(deps);
  const complain = complaints(deps);
  const counters = createCallCounters();
  const textOf = createRecordTexts(deps.config);
  const spaces = new Map<string, QueuedRecord[]>();
  const stats: InvocationStats = { queued: 0, highWater: 0, written: 0, requests: 0, dropped: 0 };
  let left: Segment[] = [];
  let writing: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let closed = false;

  function enqueue(facts: InvocationFacts): void {
    const record = queued(facts, deps.newId(facts.at), textOf);
    const space = `${record.accountId} ${record.agentSpaceId}`;
    const records = spaces.get(space) ?? [];
    spaces.set(space, records);
    records.push(record);
    counters.count(facts, record.eventId);
    stats.queued++;
    stats.highWater = Math.max(stats.highWater, stats.queued);
    // With the counter of their space they fill one request.
    if (stats.queued >= MAX_RECORDS * (MAX_BATCH - 1) && left.length === 0) void writeAll();
    else arm();
  }

  function drop(reason: string): void {
    stats.dropped++;
    complain('invocations dropped', { reason, dropped: stats.dropped, queued: stats.queued });
  }

  function arm(): void {
    if (flushEveryMs === undefined || closed || timer || writing) return;
    timer = setTimeout(() => void writeAll(), flushEveryMs).unref();
  }

  function writeAll(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    writing ??= writeOnce().finally(() => {
      writing = undefined;
      if (stats.queued > 0) arm();
    });
    return writing;
  }

  async function writeOnce(): Promise<void> {
    const segments = [...left, ...[...spaces.values()].flatMap(segmentsOf)];
    spaces.clear();
    const result = await write(segments, counters.take());
    left = result.left;
    counters.putBack(result.leftCounters);
    const written = countOf(segments) - countOf(left);
    stats.queued -= written;
    stats.written += written;
    stats.requests += result.requests;
    if (left.length > 0)
      complain('invocations not written', { error: errorName(result.error), queued: stats.queued });
  }

  async function flush(): Promise<void> {
    // A write that is under way may not hold everything that was recorded.
    await writing;
    if (stats.queued > 0 || counters.hasChanged()) await writeAll();
  }

  return {
    record(facts) {
      try {
        if (stats.queued >= maxQueued) drop('the queue is full');
        else enqueue(facts);
      } catch (error) {
        drop(errorName(error));
      }
    },
    flush,
    async close() {
      closed = true;
      await flush();
      clearTimeout(timer);
      if (stats.queued > 0) deps.log('invocations lost', { records: stats.queued });
    },
    stats: () => ({ ...stats }),
  };
}

function queued(
  facts: InvocationFacts,
  eventId: string,
  textOf: ReturnType<typeof createRecordTexts>,
): QueuedRecord {
  const { accountId, agentSpaceId, at } = facts;
  return { accountId, agentSpaceId, at, eventId, json: textOf(facts, eventId) };
}
