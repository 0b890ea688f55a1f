import {
  type EventBridgeClient,
  PutEventsCommand,
  type PutEventsRequestEntry,
  type PutEventsResultEntry,
} from '@aws-sdk/client-eventbridge';
import type { Deps } from '../context.ts';
import { backoff } from '../store/transactRetry.ts';
import { batchesOf } from './batches.ts';
import type { ExportedEvent } from './streamEvents.ts';

/** Why an event is not on the bus. `for ever`: it would be refused whenever it comes again. */
export interface Refusal {
  event: ExportedEvent;
  code: string;
  forEver: boolean;
}

export type EventBus = (events: readonly ExportedEvent[]) => Promise<Refusal[]>;

/** Limits of one PutEvents request; the size is EventBridge's own sum over the entries. */
const MAX_ENTRIES = 10;
const MAX_BYTES = 256 * 1024;
/** Requests under way at a time. */
const LANES = 8;
/** Tries of entries that were throttled or failed inside EventBridge; the SDK itself retries whole requests. */
const MAX_TRIES = 5;

const PASSING = new Set(['ThrottlingException', 'InternalFailure', 'InternalException']);
const FOR_EVER = new Set(['MalformedDetail', 'InvalidArgument']);

/**
 * Puts events on an EventBridge bus and answers with those that it did not take; never rejects. Entries that fail by
 * themselves are sent again without the others.
 * @see https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html
 */
export function eventBus(
  client: EventBridgeClient,
  busName: string,
  deps: Pick<Deps, 'sleep' | 'random' | 'config'>,
): EventBus {
  const place = { EventBusName: busName, Source: deps.config.eventSource };
  return async events => {
    const entries = events.map(event => ({ event, entry: { ...place, ...entryOf(event) } }));
    const refused = entries
      .filter(isTooLarge)
      .map(({ event }) => ({ event, code: 'TooLarge', forEver: true }));
    const wanted = entries.filter(entry => !isTooLarge(entry));
    const batches = batchesOf(wanted, ({ entry }) => sizeOf(entry), { items: MAX_ENTRIES, bytes: MAX_BYTES });
    const lane = async () => {
      for (let batch = batches.shift(); batch; batch = batches.shift())
        refused.push(...(await putBatch(client, batch, deps)));
    };
    await Promise.all(Array.from({ length: LANES }, lane));
    return refused;
  };
}

interface Entry {
  event: ExportedEvent;
  entry: PutEventsRequestEntry;
}

async function putBatch(
  client: EventBridgeClient,
  batch: readonly Entry[],
  deps: Pick<Deps, 'sleep' | 'random'>,
): Promise<Refusal[]> {
  const refused: Refusal[] = [];
  let wanted = batch;
  for (let attempt = 1; wanted.length > 0; attempt++) {
    const results = await send(client, wanted);
    const again: Entry[] = [];
    for (const [n, one] of wanted.entries()) {
      const code = results[n]?.EventId ? undefined : (results[n]?.ErrorCode ?? 'NoAnswer');
      if (code === undefined) continue;
      if (PASSING.has(code) && attempt < MAX_TRIES) again.push(one);
      else refused.push({ event: one.event, code, forEver: FOR_EVER.has(code) });
    }
    wanted = again;
    if (wanted.length > 0) await deps.sleep(backoff(attempt, deps.random));
  }
  return refused;
}

/** The result of each entry. A request that fails altogether, after the SDK's retries, fails for all of them. */
async function send(client: EventBridgeClient, entries: readonly Entry[]): Promise<PutEventsResultEntry[]> {
  try {
    const command = new PutEventsCommand({ Entries: entries.map(({ entry }) => entry) });
    return (await client.send(command)).Entries ?? [];
  } catch (error) {
    // Not one of the codes of entries: it was retried already, and no entry is to blame.
    return entries.map(() => ({ ErrorCode: `Request${error instanceof Error ? error.name : ''}` }));
  }
}

/** No record is; one that were would block all others. */
function isTooLarge({ entry }: Entry): boolean {
  return sizeOf(entry) > MAX_BYTES;
}

function entryOf({ json, record }: ExportedEvent): PutEventsRequestEntry {
  return {
    DetailType: record.managementEvent ? 'Switchboard API Call' : 'Switchboard Tool Call',
    Detail: json,
    Resources: record.resources.map(({ ARN }) => ARN),
    Time: new Date(record.eventTime),
  };
}

/** @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevent-size.html */
function sizeOf({ Source, DetailType, Detail, Resources }: PutEventsRequestEntry): number {
  const texts = [Source, DetailType, Detail, ...(Resources ?? [])];
  return texts.reduce((sum, text) => sum + Buffer.byteLength(text ?? ''), 14);
}
