import { AsyncLocalStorage } from 'node:async_hooks';
import type { EgressPhase } from './types.ts';

/** How far one request is. The connector, which serves a whole pool, finds the request it works for here. */
export interface Attempt {
  phase: EgressPhase;
  /** `performance.now()` when the request could be written. */
  readyAt: number;
  /** Set when the request was answered or failed: a connection that comes later reports to nobody. */
  over: boolean;
  onPhase: ((phase: EgressPhase, durationMs: number) => void) | undefined;
}

const storage = new AsyncLocalStorage<Attempt>();

/** Runs `work`; connections opened for it report to `attempt`. */
export function during<T>(attempt: Attempt, work: () => T): T {
  return storage.run(attempt, work);
}

/** The request that the code runs for, unless that one is over. */
export function currentAttempt(): Attempt | undefined {
  const attempt = storage.getStore();
  return attempt?.over === false ? attempt : undefined;
}

/** Runs one phase of a connection and reports its duration when it ends well. */
export async function timed<T>(phase: EgressPhase, work: () => Promise<T>): Promise<T> {
  const attempt = currentAttempt();
  if (attempt) attempt.phase = phase;
  const began = performance.now();
  const result = await work();
  if (attempt?.over === false) attempt.onPhase?.(phase, performance.now() - began);
  return result;
}
