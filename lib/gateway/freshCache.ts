import { LRUCache } from 'lru-cache';
import { REFRESH_AHEAD_MS, TRUSTED_MS } from './limits.ts';

/** Values of the table, each used for no longer than {@link TRUSTED_MS} after it was asked for. */
export interface FreshCache<T> {
  /** Rejects where the table cannot be read: nothing older is used in its place. */
  get(key: string): Promise<T>;
  /** Makes the next `get` read again. */
  forget(key: string): void;
}

interface Entry<T> {
  value?: { of: T; askedAt: number };
  flight?: Promise<T> | undefined;
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

  const refresh = (key: string, entry: Entry<T>): Promise<T> => {
    const askedAt = options.now();
    entry.flight ??= read(key, entry.value?.of)
      .then(of => {
        entry.value = { of, askedAt };
        return of;
      })
      .finally(() => {
        entry.flight = undefined;
      });
    return entry.flight;
  };

  return {
    get(key) {
      const entry = entries.get(key) ?? {};
      if (!entries.has(key)) entries.set(key, entry);
      const { value } = entry;
      const age = value ? options.now() - value.askedAt : TRUSTED_MS;
      if (!value || age >= TRUSTED_MS || age < 0) return refresh(key, entry);
      // Whoever comes after the time is up hears of the failure.
      if (age >= REFRESH_AHEAD_MS) refresh(key, entry).catch(() => {});
      return Promise.resolve(value.of);
    },
    forget: key => {
      entries.delete(key);
    },
  };
}
