import type { Calls } from '../api/types.ts';

const HOUR = 3_600_000;

export interface Bucket {
  /** Of its beginning. */
  time: Date;
  calls: number;
  errors: number;
}

/** Calls by hour; hours without any are there, too. A call that was cancelled did not fail. */
export function bucketsOf({ calls, from, to }: Calls): Bucket[] {
  const first = Math.floor(from / HOUR);
  const hours = Math.floor(to / HOUR) - first + 1;
  const buckets = Array.from({ length: hours }, (_, at) => ({
    time: new Date((first + at) * HOUR),
    calls: 0,
    errors: 0,
  }));
  for (const { time, outcome } of calls) {
    const bucket = buckets[Math.floor(Date.parse(time) / HOUR) - first];
    if (!bucket) continue;
    bucket.calls++;
    if (outcome !== 'success' && outcome !== 'cancelled') bucket.errors++;
  }
  return buckets;
}
