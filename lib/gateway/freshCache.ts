import { LRUCache } from 'lru-cache';
import { REFRESH_AHEAD_MS, TRUSTED_MS } from './limits.ts';

/** Values of the table, each used for no longer than {@link TRUSTED_MS} after it was asked for. */
export interface FreshCache<T> {
  /**
   * What is at hand, or a promise of it, which rejects where the table cannot be read: nothing older is used in its place.
   * @param since epoch milliseconds: what was asked for before is not good enough
   */
  get(key: string, since?: number): T | Promise<T>;
  /** Makes the next `get` read again. */
  forget(key: string): void;
}

interface Entry<T> {
  value?: { of: T; askedAt: number };
  flight?: { of: Promise<T>; askedAt: number } | undefined;
}

/**
 * A cache by the wall clock, since timers freeze with a Lambda instance. What is in use is read again beside the
 * request that finds it half as old as it may become. `previous` is what an earlier read found.
 */
export function createFreshCache<T>(
  read: (key: string, previous: T | undefined) => Promise<T>,
  options: { max: number; now: () => number },
): FreshCache<T> {
  const entries = new LRUCache<string, Entry<T>>({ max: options.max });

  const isTrusted = ({ askedAt }: { askedAt: number }, since: number) => {
    const age = options.now() - askedAt;
    return age >= 0 && age < TRUSTED_MS && askedAt >= since;
  };

  /** A read that an instance froze with brings what was true then: whoever comes later begins another. */
  const refresh = (key: string, entry: Entry<T>, since = Number.NEGATIVE_INFINITY): Promise<T> => {
    if (entry.flight && isTrusted(entry.flight, since)) return entry.flight.of;
    const askedAt = options.now();
    const flight = {
      askedAt,
      of: read(key, entry.value?.of)
        .then(of => {
          if (entry.flight === flight) entry.value = { of, askedAt };
          return of;
        })
        .finally(() => {
          if (entry.flight === flight) entry.flight = undefined;
        }),
    };
    entry.flight = flight;
    return flight.of;
  };

  return {
    get(key, since = Number.NEGATIVE_INFINITY) {
      const entry = entries.get(key) ?? {};
      if (!entries.has(key)) entries.set(key, entry);
      const { value } = entry;
      if (!value || !isTrusted(value, since)) return refresh(key, entry, since);
      // Whoever comes after the time is up hears of the failure.
      if (options.now() - value.askedAt >= REFRESH_AHEAD_MS) refresh(key, entry).catch(() => {});
      return value.of;
    },
    forget: key => {
      entries.delete(key);
    },
  };
}
