import type { EgressPhase } from './types.ts';

/** How far one request is. The connector, which serves a whole pool, is told here which request it works for. */
export interface Attempt {
  phase: EgressPhase;
  /** `performance.now()` when the request could be written. */
  readyAt: number;
  /** Set when the request was answered or failed: a connection that comes later reports to nobody. */
  over: boolean;
  onPhase: ((phase: EgressPhase, durationMs: number) => void) | undefined;
}

let current: Attempt | undefined;

/**
 * Runs `work`; connections that it begins to open at once report to `attempt`. An `AsyncLocalStorage` would follow it
 * further than undici lets a connection wait, and costs each request a context of its own.
 */
export function during<T>(attempt: Attempt, work: () => T): T {
  current = attempt;
  try {
    return work();
  } finally {
    current = undefined;
  }
}

/** The request that is being sent, for whoever is called by that. */
export function currentAttempt(): Attempt | undefined {
  return current;
}

/** Runs one phase of a connection and reports its duration when it ends well, to a request that is not over. */
export async function timed<T>(
  attempt: Attempt | undefined,
  phase: EgressPhase,
  work: () => Promise<T>,
): Promise<T> {
  if (attempt?.over === false) attempt.phase = phase;
  const began = performance.now();
  const result = await work();
  if (attempt?.over === false) attempt.onPhase?.(phase, performance.now() - began);
  return result;
}
