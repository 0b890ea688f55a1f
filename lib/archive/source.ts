import { monthOf } from '../audit/eventId.ts';
import type { EventItem } from '../audit/items.ts';
import type { Deps } from '../context.ts';
import { recordsOf, type SegmentItem } from '../invocations/segment.ts';
import { AUDIT_SHARDS, type Key, keys } from '../store/keys.ts';
import { queryItems } from '../store/read.ts';
import { type Hour, startOf } from './hours.ts';

export type SourceDeps = Pick<Deps, 'store' | 'config'>;

/** An event to be archived. */
export interface ArchivedEvent {
  id: string;
  /** Its `eventTime`. */
  time: string;
  /** The CloudTrail record as JSON. */
  json: string;
}

/** Items of one request: at most 10 MB of events. */
const PAGE = 100;

/** The management events of an account's hour in the order of their positions, a few pages of them in memory. */
export async function* managementEvents(
  deps: SourceDeps,
  accountId: string,
  hour: Hour,
): AsyncGenerator<ArchivedEvent> {
  const month = monthOf(startOf(hour));
  const partitions = (['R', 'W'] as const).flatMap(kind =>
    Array.from({ length: AUDIT_SHARDS }, (_, shard) => keys.event(accountId, month, kind, shard, '').pk),
  );
  for await (const { sk, record } of merged(partitions.map(pk => itemsOfHour<EventItem>(deps, pk, hour)))) {
    yield eventOf(sk.slice(sk.indexOf('#') + 1), record);
  }
}

/** The calls of tools of an account's hour, space by space. */
export async function* dataEvents(
  deps: SourceDeps,
  accountId: string,
  hour: Hour,
  spaces: readonly string[],
): AsyncGenerator<ArchivedEvent> {
  for (const space of spaces.toSorted()) {
    const { pk } = keys.invocations(accountId, space, hour.slice(0, 10), '');
    for await (const segment of itemsOfHour<SegmentItem>(deps, pk, hour)) {
      for (const record of recordsOf(segment).reverse())
        yield eventOf(record.eventID, JSON.stringify(record));
    }
  }
}

const TIME = /"eventTime":"([^"]+)"/;

function eventOf(id: string, json: string): ArchivedEvent {
  return { id, time: TIME.exec(json)?.[1] ?? '', json };
}

/** The items of a partition whose position is in an hour, in order. */
async function* itemsOfHour<T extends Key>(deps: SourceDeps, pk: string, hour: Hour): AsyncGenerator<T> {
  let after: string | undefined;
  do {
    const page = await queryItems<T>(deps, pk, `${hour}:`, PAGE, after);
    yield* page;
    after = page.length < PAGE ? undefined : page.at(-1)?.sk;
  } while (after !== undefined);
}

/** Several sorted lists as one. */
async function* merged<T extends Key>(lists: readonly AsyncGenerator<T>[]): AsyncGenerator<T> {
  const heads = await Promise.all(lists.map(list => list.next()));
  for (;;) {
    let first: number | undefined;
    for (const [n, head] of heads.entries()) {
      const best = first === undefined ? undefined : heads[first];
      if (!head.done && (!best || best.done || head.value.sk < best.value.sk)) first = n;
    }
    const head = first === undefined ? undefined : heads[first];
    const list = first === undefined ? undefined : lists[first];
    if (first === undefined || !list || !head || head.done) return;
    yield head.value;
    heads[first] = await list.next();
  }
}
