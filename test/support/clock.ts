const real = Date.now;
let ahead = 0;
let stopped: number | undefined;

// On import, since parts of the app take the function as it is when they are made.
Date.now = () => (stopped ?? real()) + ahead;

/** Lets `Date.now` of this process, on which caches and expiry depend, jump ahead; timers are left as they are. */
export function advance(ms: number): void {
  ahead += ms;
}

/** Holds it still, so that nothing grows old while `work` runs, however slow the machine is. */
export async function standingStill<T>(work: () => Promise<T>): Promise<T> {
  stopped = real();
  try {
    return await work();
  } finally {
    stopped = undefined;
  }
}
