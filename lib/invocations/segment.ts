import { dayOf, positionOf } from '../audit/eventId.ts';
import { expiryOf } from '../audit/items.ts';
import type { Config } from '../context.ts';
import { packJsonText, unpackJson } from '../store/blob.ts';
import { type Key, keys, SCHEMA_VERSION } from '../store/keys.ts';
import type { InvocationFacts } from './invocationFacts.ts';
import type { InvocationRecord } from './invocationRecord.ts';
import type { RecordText } from './recordText.ts';

/** A page of ListInvocations is at most this long: it seldom takes more than two segments of a busy space. */
export const MAX_RECORDS = 100;
/** Bytes of JSON. Compressed, even what does not compress stays below half of DynamoDB's 400 KB of an item. */
const MAX_BYTES = 200_000;

/** A record that waits to be written. */
export interface QueuedRecord extends Pick<InvocationFacts, 'accountId' | 'agentSpaceId' | 'at'> {
  eventId: string;
  /** The record as JSON. */
  json: RecordText;
}

/** Records of one space and one second, oldest first: never none. */
export type Segment = readonly [QueuedRecord, ...QueuedRecord[]];

/** A segment as stored. */
export interface SegmentItem extends Key {
  /** A list of CloudTrail records, gzip of JSON. */
  data: Uint8Array;
  /** Epoch seconds; from then on it is not shown, whether removed or not. */
  expiresAt: number;
  v: number;
}

/**
 * The segments of one space's records, which may come in any order. A segment never goes beyond a second of the
 * clock: whoever reads a range of seconds then reads whole segments.
 */
export function segmentsOf(records: readonly QueuedRecord[]): Segment[] {
  const segments: [QueuedRecord, ...QueuedRecord[]][] = [];
  let bytes = 0;
  for (const record of records.toSorted((a, b) => a.at - b.at)) {
    const current = segments.at(-1);
    bytes += record.json.bytes + 1;
    if (current && bytes <= MAX_BYTES && current.length < MAX_RECORDS && sameSecond(current[0], record)) {
      current.push(record);
    } else {
      segments.push([record]);
      bytes = record.json.bytes + 1;
    }
  }
  return segments;
}

function sameSecond(a: QueuedRecord, b: QueuedRecord): boolean {
  return Math.floor(a.at / 1000) === Math.floor(b.at / 1000);
}

export function countOf(segments: readonly Segment[]): number {
  return segments.reduce((sum, segment) => sum + segment.length, 0);
}

/** A segment as stored: the same whenever it is made, so that writing it again changes nothing. */
export async function segmentItem(
  segment: Segment,
  config: Pick<Config, 'auditRetentionDays'>,
): Promise<SegmentItem> {
  const [{ accountId, agentSpaceId, at, eventId }] = segment;
  return {
    ...keys.invocations(accountId, agentSpaceId, dayOf(at), positionOf(eventId)),
    data: await packed(segment),
    expiresAt: expiryOf(at, config),
    v: SCHEMA_VERSION,
  };
}

async function packed(segment: Segment): Promise<Uint8Array> {
  const [data, ...more] = (await packJsonText(`[${segment.map(({ json }) => json.text()).join()}]`)) ?? [];
  if (!data || more.length > 0) throw new Error('A segment must fit one chunk.');
  return data;
}

/** What tells that a space has records of a day. */
export function dayItem(
  [{ accountId, agentSpaceId, at }]: Segment,
  config: Pick<Config, 'auditRetentionDays'>,
) {
  const day = dayOf(at);
  return {
    ...keys.invocationDay(accountId, agentSpaceId, day),
    // No earlier than the last segment of that day.
    expiresAt: expiryOf(Date.parse(`${day}T23:59:59.999Z`), config),
    v: SCHEMA_VERSION,
  };
}

/** The records of a stored segment, newest first. */
export function recordsOf({ data }: SegmentItem): InvocationRecord[] {
  return unpackJson<InvocationRecord[]>([data]).reverse();
}
