import { afterEach, describe, expect, it, vi } from 'vitest';
import { countByMinute, type MinuteCount } from '../../../lib/audit/minuteCounts.ts';

const MINUTE = 60_000;
const START = 10 * MINUTE;

afterEach(() => void vi.useRealTimers());

function setUp(fails: () => boolean = () => false) {
  const records: MinuteCount<string>[] = [];
  const attempts = { made: 0 };
  const clock = { at: START + 5 };
  const counter = countByMinute<string>(
    async record => {
      attempts.made++;
      if (fails()) throw new Error('the store is away');
      records.push({ ...record });
    },
    () => clock.at,
    256,
  );
  const count = (kind: string) => counter.count(kind, kind);
  return { records, attempts, clock, counter, count };
}

describe('counts', () => {
  it('make one record per kind and minute, once the minute is over', async () => {
    const { records, clock, counter, count } = setUp();
    for (let i = 0; i < 1000; i++) count('signature');
    count('no token');
    clock.at = START + MINUTE - 1;
    count('signature');
    await counter.flush();
    expect(records).toEqual([]);
    clock.at = START + MINUTE;
    count('signature');
    await counter.flush();
    expect(records).toEqual([
      { subject: 'signature', minute: START, count: 1001, firstAt: START + 5, lastAt: START + 59_999 },
      { subject: 'no token', minute: START, count: 1, firstAt: START + 5, lastAt: START + 5 },
    ]);
    await counter.close();
    expect(records.slice(2)).toMatchObject([{ minute: START + MINUTE, count: 1 }]);
    await counter.close();
    expect(records).toHaveLength(3);
  });

  it('are recorded by themselves, a minute after the last time', async () => {
    vi.useFakeTimers();
    const { records, clock, counter, count } = setUp();
    count('signature');
    clock.at += MINUTE;
    await vi.advanceTimersByTimeAsync(MINUTE);
    expect(records).toMatchObject([{ count: 1 }]);
    await counter.close();
  });

  it('that have begun are recorded twice in a minute at most, the second time in full', async () => {
    const { records, clock, counter, count } = setUp();
    for (let i = 0; i < 50; i++) {
      count('signature');
      await counter.flush(true);
    }
    count('no token');
    await counter.flush(true);
    clock.at += MINUTE;
    await counter.flush(true);
    await counter.flush(true);
    expect(records.map(record => [record.subject, record.count])).toEqual([
      ['signature', 1],
      ['no token', 1],
      ['signature', 50],
    ]);
  });

  it('keep the first subject of a kind and minute', async () => {
    const { records, clock, counter } = setUp();
    expect(counter.count('kind', 'first')).toBe('first');
    expect(counter.count('kind', 'second')).toBe('first');
    clock.at += MINUTE;
    expect(counter.count('kind', 'third')).toBe('third');
    await counter.close();
    expect(records.map(({ subject }) => subject)).toEqual(['first', 'third']);
  });

  it('are never replaced by earlier ones', async () => {
    const records: number[] = [];
    const waiting: (() => void)[] = [];
    const counter = countByMinute<string>(
      ({ count }) => new Promise(done => waiting.push(() => done(void records.push(count)))),
      () => START,
      256,
    );
    counter.count('kind', 'a');
    const settled = () => new Promise(resolve => setImmediate(resolve));
    const first = counter.flush(true);
    await settled();
    counter.count('kind', 'a');
    const last = counter.close();
    // Answers come in the opposite order, where they can.
    while (records.length < 2) {
      await settled();
      waiting.pop()?.();
    }
    await Promise.all([first, last]);
    expect(records).toEqual([1, 2]);
  });

  it('are kept while the store is away, which is not asked again in the same minute', async () => {
    let away = true;
    const { records, attempts, clock, counter, count } = setUp(() => away);
    for (let i = 0; i < 5; i++) {
      count('signature');
      await counter.flush(true);
    }
    expect(attempts.made).toBe(1);
    clock.at += MINUTE;
    await counter.flush();
    count('signature');
    away = false;
    await counter.close();
    expect(records.map(record => record.count)).toEqual([5, 1]);
  });

  it('take bounded memory', async () => {
    const { records, clock, counter, count } = setUp();
    for (let i = 0; i < 1000; i++) {
      count(`kind${i % 2}`);
      clock.at += MINUTE;
    }
    await counter.close();
    expect(records).toHaveLength(256);
    expect(records.at(-1)?.minute).toBe(START + 999 * MINUTE);
  });
});
