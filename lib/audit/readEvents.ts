import type { QueryCommandOutput } from '@aws-sdk/lib-dynamodb';
import type { Deps } from '../context.ts';
import type { Key } from '../store/keys.ts';
import { getMany, queryDown } from '../store/read.ts';
import { eventKey } from './eventId.ts';
import { type EventItem, referencedEvent } from './items.ts';
import type { Partition } from './lookupPlan.ts';
import type { SortRange } from './lookupRange.ts';

export interface Reading {
  accountId: string;
  /** Epoch milliseconds. */
  at: number;
  deps: Pick<Deps, 'store' | 'config' | 'sleep'>;
}

/** The newest `limit` events that these partitions hold together within a range, newest first. */
export async function newestOf(
  partitions: readonly Partition[],
  range: SortRange,
  limit: number,
  reading: Reading,
): Promise<EventItem[]> {
  const lists = await Promise.all(partitions.map(partition => newestIn(partition, range, limit, reading)));
  return newestFirst(lists.flat()).slice(0, limit);
}

/** The event of an id, as a list of one or none. */
export async function eventOf(eventId: string, reading: Reading): Promise<EventItem[]> {
  const { accountId, deps } = reading;
  const bothKinds = (['R', 'W'] as const).map(kind => eventKey(accountId, kind, eventId));
  return live(await getMany<EventItem>(deps, bothKinds), reading);
}

async function newestIn(
  partition: Partition,
  range: SortRange,
  limit: number,
  reading: Reading,
): Promise<EventItem[]> {
  // By key: an event with two resources of one type is referred to twice.
  const found = new Map<string, EventItem>();
  let start: QueryCommandOutput['LastEvaluatedKey'];
  do {
    const page = await queryDown(reading.deps, { ...partition, ...range }, limit - found.size, start);
    const events = await resolve((page.Items ?? []) as Key[], reading);
    for (const event of live(events, reading)) found.set(event.sk, event);
    start = page.LastEvaluatedKey;
  } while (start && found.size < limit);
  return [...found.values()];
}

/** Events themselves stay; references, and entries of an index that holds keys only, are followed in one batch. */
async function resolve(items: readonly Key[], { accountId, deps }: Reading): Promise<EventItem[]> {
  const events = items.filter((item): item is EventItem => 'record' in item);
  const pointers = items.filter(item => !('record' in item));
  if (pointers.length === 0) return events;
  const wanted = new Map(
    pointers.map(pointer => {
      const key = isReference(pointer) ? referencedEvent(accountId, pointer.sk) : pointer;
      return [key.sk, key];
    }),
  );
  return [...events, ...(await getMany<EventItem>(deps, [...wanted.values()]))];
}

/** An event's sort key is time and id; a reference's goes on. */
function isReference({ sk }: Key): boolean {
  return sk.split('#').length > 2;
}

/** Removal of expired items lags by days. */
function live(events: readonly EventItem[], { at }: Reading): EventItem[] {
  return events.filter(event => event.expiresAt * 1000 > at);
}

function newestFirst(events: EventItem[]): EventItem[] {
  return events.sort((a, b) => (a.sk < b.sk ? 1 : a.sk > b.sk ? -1 : 0));
}
