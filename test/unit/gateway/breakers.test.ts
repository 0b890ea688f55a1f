import { afterEach, describe, expect, it, vi } from 'vitest';
import { createBreakers } from '../../../lib/gateway/breakers.ts';
import {
  FAILURES_TO_OPEN,
  HALF_OPEN_AFTER_MS,
  MAX_CALLS_PER_SERVER,
  SHOWN_BACK_MS,
} from '../../../lib/gateway/limits.ts';
import { failure } from '../../../lib/mcp/mcpError.ts';

const never = new AbortController().signal;

it('whoever leaves while waiting for a place waits no longer, and is not served later', async () => {
  const { run } = createBreakers();
  const { promise: held, resolve: release } = Promise.withResolvers<void>();
  const calls = Array.from({ length: MAX_CALLS_PER_SERVER }, () => run('a/s', 's', never, () => held));
  const leaving = new AbortController();
  let served = false;
  const waiting = run('a/s', 's', leaving.signal, async () => {
    served = true;
  });
  leaving.abort(new Error('gone'));
  await expect(waiting).rejects.toThrow('gone');
  release();
  await Promise.all(calls);
  await run('a/s', 's', never, async () => {});
  expect(served).toBe(false);
});

describe('after a break', () => {
  afterEach(() => void vi.useRealTimers());
  const fails = () => Promise.reject(failure('HTTP_NO_ANSWER', 'It is down.'));

  /** Breakers, of which that of `a/s` lets one call try. */
  async function broken() {
    vi.useFakeTimers();
    const breakers = createBreakers();
    for (let n = 0; n < FAILURES_TO_OPEN; n++) {
      await expect(breakers.run('a/s', 's', never, fails)).rejects.toThrow('down');
    }
    expect(breakers.openError('a/s', 's')).toBeDefined();
    vi.advanceTimersByTime(HALF_OPEN_AFTER_MS);
    return breakers;
  }

  it('the others wait for the first call, and no longer than it takes to see that the server is there', async () => {
    const { run } = await broken();
    const { promise: long, resolve } = Promise.withResolvers<string>();
    const first = run('a/s', 's', never, () => long);
    const calls = vi.fn(async () => 'served');
    const second = run('a/s', 's', never, calls);
    await vi.advanceTimersByTimeAsync(SHOWN_BACK_MS - 1);
    expect(calls).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    expect(await second).toBe('served');
    resolve('done');
    expect(await first).toBe('done');
  });

  it.each([
    ['is served, and so are the others', async () => 'served', 'served'],
    ['fails, and the others with it', fails, /down|left alone/],
  ])('the first call %s', async (_, call, expected) => {
    const { run } = await broken();
    const told = (promise: Promise<string>) => promise.catch((error: Error) => error.message);
    const calls = [1, 2].map(() => told(run<string>('a/s', 's', never, call)));
    for (const outcome of await Promise.all(calls)) expect(outcome).toMatch(expected);
  });

  it('a long call that fails in the end tells so, to its own agent alone', async () => {
    const { run } = await broken();
    const { promise: long, reject } = Promise.withResolvers<string>();
    const first = run('a/s', 's', never, () => long);
    await vi.advanceTimersByTimeAsync(SHOWN_BACK_MS);
    reject(failure('HTTP_NO_ANSWER', 'It broke off.'));
    await expect(first).rejects.toThrow('broke off');
    expect(await run('a/s', 's', never, async () => 'served')).toBe('served');
  });
});
