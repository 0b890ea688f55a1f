import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { AttributeValue, DynamoDBRecord } from 'aws-lambda';
import * as z from 'zod';
import { HOUR_MS, startOf } from '../archive/hours.ts';
import { type MarkedPlace, placeOf } from '../archive/marks.ts';
import type { EventItem } from '../audit/items.ts';
import { unpackJson } from '../store/blob.ts';
import type { Key } from '../store/keys.ts';
import { StoredByNewerVersion, understood } from '../store/storedVersion.ts';

/** An event on its way out of the table. */
export interface ExportedEvent {
  /** The CloudTrail record as JSON, and what of it others need. */
  json: string;
  record: z.output<typeof Exported>;
}

/** What a record of the table's stream holds. */
export interface StreamItem {
  record: DynamoDBRecord;
  /** When it was stored, epoch milliseconds; DynamoDB tells it to the second. */
  storedAt: number;
  events: ExportedEvent[];
  /** Where the archive has to look again: the event was stored in a later hour than it happened in. */
  late?: MarkedPlace;
}

/** A record of the stream that cannot be read, however often it comes. */
export class Unreadable extends Error {}

const Exported = z.object({
  eventID: z.string().min(1),
  eventTime: z.iso.datetime(),
  managementEvent: z.boolean(),
  resources: z.array(z.object({ ARN: z.string() })),
});

/**
 * The audit events that a record of the table's stream brings: one of a change, a read or a refusal, up to 100 of
 * calls of tools, none of any other item, nor of one that was removed.
 * @throws Unreadable
 */
export function readStreamRecord(record: DynamoDBRecord): StreamItem {
  const { eventName, dynamodb } = record;
  try {
    const storedAt = (dynamodb?.ApproximateCreationDateTime ?? 0) * 1000;
    const item = { record, storedAt };
    const place = eventName === 'REMOVE' ? undefined : placeOf(unmarshalled<Key>(dynamodb?.Keys));
    if (!place) return { ...item, events: [] };
    understood(unmarshalled({ v: dynamodb?.NewImage?.v ?? { N: '0' } }));
    const texts = place.space === '-' ? eventOf(dynamodb?.NewImage) : callsOf(dynamodb?.NewImage);
    const late = storedAt >= startOf(place.eventHour) + HOUR_MS;
    return { ...item, events: texts.map(exported), ...(late && { late: place }) };
  } catch (error) {
    throw new Unreadable(reasonOf(error), { cause: error });
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof z.ZodError) return 'It is no audit event.';
  return error instanceof StoredByNewerVersion ? 'A newer version wrote it.' : 'It cannot be read.';
}

function eventOf(image: Image): string[] {
  return [unmarshalled<EventItem>(image).record];
}

/** Lambda has bytes as Base64. */
function callsOf(image: Image): string[] {
  const data = Buffer.from(image?.data?.B ?? '', 'base64');
  return unpackJson<object[]>([data]).map(record => JSON.stringify(record));
}

function exported(json: string): ExportedEvent {
  return { json, record: Exported.parse(JSON.parse(json)) };
}

type Image = Record<string, AttributeValue> | undefined;

function unmarshalled<T>(image: Image): T {
  return unmarshall((image ?? {}) as Parameters<typeof unmarshall>[0]) as T;
}
