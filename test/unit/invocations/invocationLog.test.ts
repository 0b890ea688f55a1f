import type { BatchWriteCommand } from '@aws-sdk/lib-dynamodb';
import * as fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import type { Config } from '../../../lib/context.ts';
import type { CallCounterItem } from '../../../lib/invocations/callCounters.ts';
import { createInvocationLog, type InvocationLogOptions } from '../../../lib/invocations/invocationLog.ts';
import { recordsOf, type SegmentItem } from '../../../lib/invocations/segment.ts';
import { MAX_BATCH } from '../../../lib/store/batchWrite.ts';
import { factsOf } from '../../support/invocations.ts';
import { CONFIG, newId } from '../audit/fixtures.ts';

const SECOND = Date.parse('2026-11-23T20:15:30.000Z');
const { tableName } = CONFIG;

type Put = { PutRequest: { Item: SegmentItem } };
/** What the store does with a request: takes so many items, or fails before or after it took all. */
type Fault = number | 'throttles' | 'loses the answer' | 'times out';

class Named extends Error {
  constructor(name: string) {
    super('hush');
    this.name = name;
  }
}

/** Throttling, lost answers and items left out do not happen on demand in a real engine: this one is in memory. */
function faultyStore(faults: Fault[] = []) {
  const items = new Map<string, SegmentItem>();
  const batches: number[] = [];
  let under = 0;
  let most = 0;
  const write = async (puts: readonly Put[]) => {
    const fault = faults.shift();
    batches.push(puts.length);
    most = Math.max(most, ++under);
    await new Promise(setImmediate);
    under--;
    if (fault === 'throttles') throw new Named('ProvisionedThroughputExceededException');
    if (fault === 'times out') throw new Named('TimeoutError');
    const taken = puts.slice(0, typeof fault === 'number' ? fault : puts.length);
    for (const { PutRequest } of taken)
      items.set(`${PutRequest.Item.pk} ${PutRequest.Item.sk}`, PutRequest.Item);
    if (fault === 'loses the answer') throw Object.assign(new Named('Error'), { code: 'ECONNRESET' });
    const rest = puts.slice(taken.length);
    return rest.length > 0 ? { UnprocessedItems: { [tableName]: rest } } : {};
  };
  return {
    batches,
    most: () => most,
    send: (command: BatchWriteCommand) =>
      write((command.input.RequestItems?.[tableName] ?? []) as unknown as Put[]),
    segments: () => [...items.values()].filter(item => item.data),
    counted: () => sumOf([...items.values()] as unknown as CallCounterItem[]),
    days: () =>
      new Set([...items.values()].filter(({ pk }) => pk.endsWith('#INV')).map(({ pk, sk }) => `${pk}#${sk}`)),
  };
}

/** What all counters have together. */
function sumOf(items: readonly Partial<CallCounterItem>[]): { calls: number; errors: number } {
  const sum = (member: 'calls' | 'errors') => items.reduce((all, item) => all + (item[member] ?? 0), 0);
  return { calls: sum('calls'), errors: sum('errors') };
}

type Store = Pick<ReturnType<typeof faultyStore>, 'send'>;

function logOn(store: Store, options: InvocationLogOptions = {}) {
  const lines: [string, object][] = [];
  const clock = { ms: SECOND };
  const log = createInvocationLog(
    {
      store: store as never,
      config: CONFIG as Config,
      newId,
      now: () => clock.ms,
      random: () => 0,
      sleep: async () => {},
      log: (event, fields) => lines.push([event, fields]),
    },
    options,
  );
  return { log, lines, clock };
}

const requestIds = (segments: readonly SegmentItem[]) =>
  segments.flatMap(segment => recordsOf(segment).map(record => record.requestID));

describe('what is recorded', () => {
  it('is stored exactly once, in bounded batches, in days that are marked, whatever the store does', async () => {
    const fault: fc.Arbitrary<Fault> = fc.oneof(
      fc.nat({ max: MAX_BATCH }),
      fc.constantFrom<Fault>('throttles', 'loses the answer', 'times out'),
    );
    const call = fc.record({ space: fc.nat({ max: 40 }), at: fc.nat({ max: 3 * 86_400_000 }) });
    const burst = fc.record({ call, copies: fc.integer({ min: 1, max: 250 }), flush: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(
        fc.array(burst, { maxLength: 30 }),
        fc.array(fault, { maxLength: 40 }),
        async (bursts, faults) => {
          const store = faultyStore(faults);
          const { log } = logOn(store);
          let made = 0;
          for (const { call: one, copies, flush } of bursts) {
            for (let n = 0; n < copies; n++) {
              const at = SECOND + one.at + (n % 1_500);
              const outcome = made % 3 === 0 ? 'tool-error' : made % 3 === 1 ? 'success' : 'cancelled';
              const agentSpaceId = `as-${one.space}`;
              log.record(factsOf({ agentSpaceId, at, outcome, requestId: String(made++) }));
            }
            if (flush) await log.flush();
          }
          while (log.stats().queued > 0) await log.flush();
          // A counter may wait longer than the records that it counts.
          for (let n = faults.length; n >= 0; n--) await log.flush();
          expect(store.counted()).toEqual({ calls: made, errors: Math.ceil(made / 3) });
          const segments = store.segments();
          expect(
            requestIds(segments)
              .map(Number)
              .toSorted((a, b) => a - b),
          ).toEqual(Array.from({ length: made }, (_, n) => n));
          for (const segment of segments) {
            expect(recordsOf(segment).length).toBeLessThanOrEqual(100);
            expect(store.days()).toContain(segment.pk);
          }
          expect(Math.max(0, ...store.batches)).toBeLessThanOrEqual(MAX_BATCH);
          expect(store.most()).toBeLessThanOrEqual(4);
          expect(log.stats()).toMatchObject({ queued: 0, written: made, dropped: 0 });
        },
      ),
      { numRuns: 25 },
    );
  });

  it('is found by its day even if the process ends between two writes', async () => {
    const store = faultyStore([MAX_BATCH, 'times out']);
    const { log } = logOn(store);
    log.record(factsOf({ at: SECOND }));
    await log.flush();
    expect([store.days().size, store.segments()]).toEqual([1, []]);
  });

  it('goes to the store in few requests: 10,000 calls in 50 spaces', async () => {
    const store = faultyStore();
    const { log } = logOn(store);
    for (let n = 0; n < 10_000; n++) log.record(factsOf({ agentSpaceId: `as-${n % 50}`, at: SECOND }));
    await log.flush();
    expect(new Set(requestIds(store.segments())).size).toBe(1);
    expect(requestIds(store.segments())).toHaveLength(10_000);
    expect(store.batches.length).toBeLessThanOrEqual(12);
    expect(log.stats()).toEqual({
      queued: 0,
      highWater: 10_000,
      written: 10_000,
      requests: store.batches.length,
      dropped: 0,
    });
  });

  it('leaves sockets to the calls of agents: few requests at a time', async () => {
    const store = faultyStore();
    const { log } = logOn(store);
    for (let n = 0; n < 300; n++) log.record(factsOf({ agentSpaceId: `as-${n}`, at: SECOND }));
    await log.flush();
    expect(requestIds(store.segments())).toHaveLength(300);
    expect(store.most()).toBe(4);
  });

  it('is written by itself when one request is full, or after a while', async () => {
    const store = faultyStore();
    const { log } = logOn(store);
    for (let n = 0; n < 2_399; n++) log.record(factsOf({ at: SECOND }));
    await new Promise(setImmediate);
    expect(store.batches).toEqual([]);
    log.record(factsOf({ at: SECOND }));
    await vi.waitFor(() => expect(log.stats().written).toBe(2_400));
    expect(store.batches).toEqual([1, MAX_BATCH]);

    const timed = logOn(store, { flushEveryMs: 5 });
    timed.log.record(factsOf({ at: SECOND }));
    await vi.waitFor(() => expect(timed.log.stats().written).toBe(1));
    timed.log.record(factsOf({ at: SECOND }));
    await vi.waitFor(() => expect(timed.log.stats().written).toBe(2));
  });
});

describe('a store that does not answer', () => {
  it('holds up no call, and what is more than the queue holds is dropped and said so once', async () => {
    const { log, lines, clock } = logOn({ send: () => new Promise<never>(() => {}) }, { maxQueued: 250 });
    for (let n = 0; n < 400; n++) expect(log.record(factsOf({ at: SECOND }))).toBeUndefined();
    expect(log.stats()).toMatchObject({ queued: 250, highWater: 250, written: 0, dropped: 150 });
    expect(lines).toEqual([
      ['invocations dropped', { reason: 'the queue is full', dropped: 1, queued: 250 }],
    ]);
    clock.ms += 60_000;
    log.record(factsOf({ at: SECOND }));
    expect(lines.slice(1)).toEqual([
      ['invocations dropped', { reason: 'the queue is full', dropped: 151, queued: 250 }],
    ]);
  });

  it('gets what it refused again with the next flush', async () => {
    const store = faultyStore(['times out', 'times out']);
    const { log, lines } = logOn(store);
    log.record(factsOf({ at: SECOND, requestId: 'first' }));
    await log.flush();
    expect(log.stats()).toMatchObject({ queued: 1, written: 0 });
    log.record(factsOf({ at: SECOND, requestId: 'second' }));
    await log.flush();
    await log.flush();
    expect(requestIds(store.segments()).toSorted()).toEqual(['first', 'second']);
    expect(lines).toEqual([['invocations not written', { error: 'TimeoutError', queued: 1 }]]);
  });

  it('is tried again by itself', async () => {
    const store = faultyStore(['times out', 'times out', 'times out']);
    const { log } = logOn(store, { flushEveryMs: 1 });
    log.record(factsOf({ at: SECOND }));
    await vi.waitFor(() => expect(log.stats().written).toBe(1));
  });

  it('is asked a bounded number of times while a handler waits', async () => {
    const store = faultyStore(Array.from({ length: 1_000 }, () => 'throttles' as const));
    const { log } = logOn(store);
    log.record(factsOf({ at: SECOND }));
    await log.flush();
    expect(store.batches).toHaveLength(8);
    expect(log.stats()).toMatchObject({ queued: 1, dropped: 0 });
  });
});

describe('closing', () => {
  it('writes what is left, and says what it could not write', async () => {
    const store = faultyStore();
    const { log, lines } = logOn(store, { flushEveryMs: 3_600_000 });
    for (let n = 0; n < 150; n++) log.record(factsOf({ at: SECOND }));
    await log.close();
    expect(requestIds(store.segments())).toHaveLength(150);
    expect(lines).toEqual([]);

    const away = logOn(faultyStore(['times out', 'times out']));
    away.log.record(factsOf({ at: SECOND }));
    await away.log.close();
    expect(away.lines.at(-1)).toEqual(['invocations lost', { records: 1 }]);
  });
});

it('drops what cannot be made into a record, instead of failing the call', () => {
  const { log, lines } = logOn(faultyStore());
  log.record(factsOf({ at: Number.NaN }));
  log.record(undefined as never);
  expect(log.stats()).toMatchObject({ queued: 0, dropped: 2 });
  expect(lines).toHaveLength(1);
});
