const RealDate = Date;
let ahead = 0;
let stopped: number | undefined;

const now = () => (stopped ?? RealDate.now()) + ahead;

// On import, since parts of the app take `Date.now` as it is when they are made.
globalThis.Date = new Proxy(RealDate, {
  construct: (target, args, self) => Reflect.construct(target, args.length > 0 ? args : [now()], self),
  get: (target, name, self) => (name === 'now' ? now : Reflect.get(target, name, self)),
});

/** Lets the clock of this process, on which caches and expiry depend, jump ahead; timers are left as they are. */
export function advance(ms: number): void {
  ahead += ms;
}

/** Holds it still, so that nothing grows old while `work` runs, however slow the machine is. */
export async function standingStill<T>(work: () => Promise<T>): Promise<T> {
  stopped = RealDate.now();
  try {
    return await work();
  } finally {
    stopped = undefined;
  }
}
