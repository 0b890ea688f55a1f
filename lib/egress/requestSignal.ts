/** One signal for a request, made of its callers' signals and the time until its headers are due. */
export interface RequestSignal {
  signal: AbortSignal;
  /** The reason of the caller that aborted, in a box since any value may be a reason. */
  callersReason(): { reason: unknown } | undefined;
  /** Stops the clock. */
  headersArrived(): void;
  /** Lets go of the callers' signals, which may live as long as the process. */
  release(): void;
}

/** Starts the clock: after `ms` the signal aborts with what `late` makes. */
export function requestSignal(callers: readonly AbortSignal[], ms: number, late: () => Error): RequestSignal {
  const controller = new AbortController();
  // undici expects an Error as the reason; a caller's may be anything.
  const abort = () => controller.abort(new Error('aborted by the caller'));
  const timer = setTimeout(() => controller.abort(late()), ms);
  for (const caller of callers) {
    if (caller.aborted) abort();
    else caller.addEventListener('abort', abort, { once: true });
  }
  return {
    signal: controller.signal,
    callersReason() {
      const aborted = callers.find(caller => caller.aborted);
      return aborted && { reason: aborted.reason };
    },
    headersArrived: () => clearTimeout(timer),
    release() {
      clearTimeout(timer);
      for (const caller of callers) caller.removeEventListener('abort', abort);
    },
  };
}

/** The signal of a caller who keeps the time itself. */
export function callersSignal(signal: AbortSignal): RequestSignal {
  return {
    signal,
    callersReason: () => (signal.aborted ? { reason: signal.reason } : undefined),
    headersArrived: () => {},
    release: () => {},
  };
}

/** Settles with `work`, or rejects at once when the signal aborts, for work that does not watch it. */
export function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  // Promise.race would cost more than all of this.
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
    const settled = () => signal.removeEventListener('abort', abort);
    work.then(
      value => {
        settled();
        resolve(value);
      },
      error => {
        settled();
        reject(error);
      },
    );
  });
}
