import { SwitchboardError } from './errors.ts';

/** The longest wait before the first repetition; each further one may wait twice as long. */
const FIRST_DELAY_MS = 100;
/** As in the AWS SDKs. A server that asks for more is not waited for: the caller decides. */
const MAX_DELAY_MS = 20_000;

export interface Retries {
  /** How often to try, the first time included. */
  maxAttempts: number;
  signal?: AbortSignal | undefined;
}

/** Tries until it succeeds, fails for good, or has been tried often enough. */
export async function retrying<T>(attempt: () => Promise<T>, { maxAttempts, signal }: Retries): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await attempt();
    } catch (error) {
      const delay = tries < maxAttempts ? delayBefore(error, tries, Math.random()) : undefined;
      if (delay === undefined) throw error;
      await sleep(delay, signal);
    }
  }
}

/**
 * Milliseconds to wait after so many tries, drawn by `random` (0 to 1) up to a bound that doubles, and no less than
 * the server asks for; `undefined` when another try is pointless.
 */
export function delayBefore(error: unknown, tries: number, random: number): number | undefined {
  if (!(error instanceof SwitchboardError) || !error.retryable) return undefined;
  const asked = (error.retryAfterSeconds ?? 0) * 1000;
  if (asked > MAX_DELAY_MS) return undefined;
  return asked + random * Math.min(MAX_DELAY_MS, FIRST_DELAY_MS * 2 ** (tries - 1));
}

/** Waits, or throws the signal's reason as soon as it is aborted. */
function sleep(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, ms);
    if (signal?.aborted) stop();
    else signal?.addEventListener('abort', stop, { once: true });
  });
}
