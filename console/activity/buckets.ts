import type { Counts } from '../api/types.ts';

const HOUR = 3_600_000;

export interface Bucket {
  /** Of its beginning. */
  time: Date;
  calls: number;
  errors: number;
}

/** Calls of every hour, or day (UTC), that the range touches; those without any are there, too. */
export function bucketsOf({ counts, from, to, period }: Counts): Bucket[] {
  const step = period === 'HOUR' ? HOUR : 24 * HOUR;
  const first = Math.floor(from / step);
  const buckets = Array.from({ length: Math.floor(to / step) - first + 1 }, (_, at) => ({
    time: new Date((first + at) * step),
    calls: 0,
    errors: 0,
  }));
  for (const { startTime, calls, errors } of counts) {
    const bucket = buckets[Math.floor(Date.parse(startTime) / step) - first];
    if (!bucket) continue;
    bucket.calls += calls;
    bucket.errors += errors;
  }
  return buckets;
}

/** Everything together. */
export function totalOf(buckets: readonly Bucket[]): { calls: number; errors: number } {
  return {
    calls: buckets.reduce((sum, bucket) => sum + bucket.calls, 0),
    errors: buckets.reduce((sum, bucket) => sum + bucket.errors, 0),
  };
}
