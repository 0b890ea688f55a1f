import { afterEach, describe, expect, it, vi } from 'vitest';
import type { FailureCode } from '../../../../lib/api/errors.ts';
import { countUnverified, type UnverifiedRecord } from '../../../../local/http/unverified.ts';

const MINUTE = 60_000;

afterEach(() => void vi.useRealTimers());

function setUp(fails: () => boolean = () => false) {
  const records: UnverifiedRecord[] = [];
  const clock = { at: 10 * MINUTE + 5 };
  const counter = countUnverified(
    async record => {
      if (fails()) throw new Error('the store is away');
      records.push({ ...record });
    },
    () => clock.at,
  );
  return { records, clock, counter };
}

describe('unverified requests', () => {
  it('make one record per reason and minute, once the minute is over', async () => {
    const { records, clock, counter } = setUp();
    for (let i = 0; i < 1000; i++) counter.count('InvalidSignatureException');
    counter.count('MissingAuthenticationTokenException');
    clock.at = 11 * MINUTE - 1;
    counter.count('InvalidSignatureException');
    await counter.flush();
    expect(records).toEqual([]);
    clock.at = 11 * MINUTE;
    counter.count('InvalidSignatureException');
    await counter.flush();
    const minute = 10 * MINUTE;
    expect(records).toEqual([
      {
        reason: 'InvalidSignatureException',
        minute,
        count: 1001,
        firstAt: minute + 5,
        lastAt: minute + 59_999,
      },
      {
        reason: 'MissingAuthenticationTokenException',
        minute,
        count: 1,
        firstAt: minute + 5,
        lastAt: minute + 5,
      },
    ]);
    await counter.close();
    expect(records.slice(2)).toMatchObject([{ minute: 11 * MINUTE, count: 1 }]);
    await counter.close();
    expect(records).toHaveLength(3);
  });

  it('are recorded by themselves, a minute after the last time', async () => {
    vi.useFakeTimers();
    const { records, clock, counter } = setUp();
    counter.count('InvalidSignatureException');
    clock.at += MINUTE;
    await vi.advanceTimersByTimeAsync(MINUTE);
    expect(records).toMatchObject([{ count: 1 }]);
    await counter.close();
  });

  it('are kept while the store is away', async () => {
    let away = true;
    const { records, clock, counter } = setUp(() => away);
    counter.count('InvalidSignatureException');
    clock.at += MINUTE;
    await counter.flush();
    counter.count('InvalidSignatureException');
    away = false;
    await counter.close();
    expect(records.map(({ count }) => count)).toEqual([1, 1]);
  });

  it('take bounded memory', async () => {
    const { records, clock, counter } = setUp();
    for (let i = 0; i < 1000; i++) {
      counter.count(`Reason${i % 2}` as FailureCode);
      clock.at += MINUTE;
    }
    await counter.close();
    expect(records).toHaveLength(256);
    expect(records.at(-1)?.minute).toBe((10 + 999) * MINUTE);
  });
});
