import type { OperationOutput } from '../api/operation.ts';
import type { operations } from '../api/operations.ts';
import { justBelow } from '../audit/lookupRange.ts';
import type { Deps } from '../context.ts';
import { queryDown } from '../store/read.ts';
import type { CallCounterItem } from './callCounters.ts';

type Count = OperationOutput<typeof operations.ListInvocationCounts>['invocationCounts'][number];

/** What a walk over counters is to find. */
export interface Walk {
  /** The partition of a space's counters, and positions in it, both included. */
  pk: string;
  low: string;
  high: string;
  /** How much of a position tells its period. */
  digits: number;
  /** Periods. */
  limit: number;
  wants: (counter: CallCounterItem) => boolean;
}

export interface Bounds {
  queries: number;
  /** Counters of one query: 2,000 are half of the 1 MB that one reads at most. */
  counters: number;
}

export const BOUNDS: Bounds = { queries: 10, counters: 2_000 };

/**
 * Sums counters by period, from the newest down. Within `bounds`; where they end, `next` is where the rest begins, which
 * may be within a period.
 */
export async function sumCounters(
  { high, limit, ...walk }: Walk,
  deps: Pick<Deps, 'store' | 'config'>,
  bounds = BOUNDS,
): Promise<{ counts: Count[]; next?: string }> {
  const counts = new Map<string, Count>();
  let position = high;
  for (let queries = 0; queries < bounds.queries; queries++) {
    if (walk.low > position) return { counts: [...counts.values()] };
    const page = await queryDown(deps, { ...walk, high: position }, bounds.counters);
    for (const counter of ((page.Items ?? []) as CallCounterItem[]).filter(walk.wants)) {
      const period = counter.sk.slice(0, walk.digits);
      if (counts.size === limit && !counts.has(period))
        return { counts: [...counts.values()], next: `${period}~` };
      add(counts, period, counter);
    }
    if (!page.LastEvaluatedKey) return { counts: [...counts.values()] };
    position = justBelow(page.LastEvaluatedKey.sk);
  }
  return { counts: [...counts.values()], next: position };
}

function add(counts: Map<string, Count>, period: string, { calls, errors }: CallCounterItem): void {
  const sum = counts.get(period) ?? { startTime: startOf(period), calls: 0, errors: 0 };
  sum.calls += calls;
  sum.errors += errors;
  counts.set(period, sum);
}

function startOf(period: string): string {
  return new Date(period.includes('T') ? `${period}:00Z` : `${period}T00:00Z`).toISOString();
}
