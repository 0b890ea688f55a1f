import { LRUCache } from 'lru-cache';
import { isoTime } from '../audit/eventId.ts';
import { expiryOf } from '../audit/items.ts';
import type { Config } from '../context.ts';
import { type Key, keys, SCHEMA_VERSION } from '../store/keys.ts';
import type { InvocationFacts } from './invocationFacts.ts';

/** Calls of one space's agents to one server that one process recorded within one hour. */
export interface CallCounter extends Pick<InvocationFacts, 'accountId' | 'agentSpaceId' | 'serviceId'> {
  /** `yyyy-mm-ddThh` in UTC. */
  hour: string;
  /** No other process, and no later counter of this one, has it. */
  id: string;
  calls: number;
  /** Those that did not succeed, but for what the agent cancelled. */
  errors: number;
}

/** A counter as stored. */
export interface CallCounterItem extends Key {
  calls: number;
  errors: number;
  /** Epoch seconds; from then on it is not counted, whether removed or not. */
  expiresAt: number;
  v: number;
}

/** Hours of servers that are counted at a time; one that is pushed out goes on under another id. */
const MAX_COUNTED = 10_000;
const HOUR_MS = 3_600_000;

/**
 * Counts calls by hour and server as they are recorded. Whoever writes a counter writes its whole sum, so that an item
 * is only ever that of one process, and writing it again changes nothing.
 */
export function createCallCounters() {
  const counters = new LRUCache<string, CallCounter>({ max: MAX_COUNTED });
  const changed = new Set<CallCounter>();
  return {
    /** @param id unique to this call */
    count({ accountId, agentSpaceId, serviceId, at, outcome }: InvocationFacts, id: string): void {
      const hour = hourOf(at);
      const name = [accountId, agentSpaceId, hour, serviceId].join(' ');
      let counter = counters.get(name);
      if (!counter) {
        const server = serviceId === undefined ? {} : { serviceId };
        counter = { accountId, agentSpaceId, ...server, hour, id, calls: 0, errors: 0 };
        counters.set(name, counter);
      }
      counter.calls++;
      if (isError(outcome)) counter.errors++;
      changed.add(counter);
    },
    /** Those that changed since they were last taken. */
    take(): CallCounter[] {
      const taken = [...changed];
      changed.clear();
      return taken;
    },
    /** They may not be stored, and are taken again. */
    putBack(some: readonly CallCounter[]): void {
      for (const counter of some) changed.add(counter);
    },
    hasChanged: () => changed.size > 0,
  };
}

function isError(outcome: InvocationFacts['outcome']): boolean {
  return outcome !== 'success' && outcome !== 'cancelled';
}

/** The hour of a time, as keys have it. */
export function hourOf(ms: number): string {
  return isoTime(ms).slice(0, 'yyyy-mm-ddThh'.length);
}

export function counterItem(
  { accountId, agentSpaceId, hour, serviceId = '-', id, calls, errors }: CallCounter,
  config: Pick<Config, 'auditRetentionDays'>,
): CallCounterItem {
  return {
    ...keys.callCount(accountId, agentSpaceId, hour, serviceId, id),
    calls,
    errors,
    // No earlier than the last of its calls.
    expiresAt: expiryOf(Date.parse(`${hour}:00:00.000Z`) + HOUR_MS, config),
    v: SCHEMA_VERSION,
  };
}
