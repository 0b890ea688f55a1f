import { expect, it } from 'vitest';
import { createBreakers } from '../../../lib/gateway/breakers.ts';
import { MAX_CALLS_PER_SERVER } from '../../../lib/gateway/limits.ts';

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
