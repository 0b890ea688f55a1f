import type { DynamoDBBatchResponse, DynamoDBRecord } from 'aws-lambda';
import { markAgain } from '../archive/marks.ts';
import type { Deps } from '../context.ts';
import { errorName } from '../log/errorName.ts';
import type { Log } from '../log/fields.ts';
import { batchesOf } from './batches.ts';
import type { DeadLetters } from './deadLetters.ts';
import type { EventBus } from './eventBus.ts';
import type { LogStream } from './logStream.ts';
import { readStreamRecord, type StreamItem, Unreadable } from './streamEvents.ts';

export interface ExportDeps extends Pick<Deps, 'store' | 'config' | 'now'> {
  bus: EventBus;
  logs: LogStream;
  deadLetters: DeadLetters;
  log: Log;
}

/**
 * Records that are exported at a time: what follows them waits for nothing but time, and a batch that runs out of it
 * has got somewhere. Bytes are those of the table, where calls of tools are compressed.
 */
const SLICE = { items: 250, bytes: 1024 * 1024 };

/**
 * Exports the audit events of a batch of the table's stream: onto the event bus, and then into the logs. Each at least
 * once: the answer names the first record that is not exported, from which on Lambda sends all again. Records that can
 * never be exported go to the dead letters, and hold up nothing. `goOn` is asked before each slice. Never rejects.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html
 */
export async function exportStream(
  deps: ExportDeps,
  records: readonly DynamoDBRecord[],
  goOn: () => boolean = () => true,
): Promise<DynamoDBBatchResponse> {
  for (const slice of batchesOf(records, ({ dynamodb }) => dynamodb?.SizeBytes ?? 0, SLICE)) {
    const failed = goOn() ? await exportSlice(deps, slice) : slice[0];
    if (failed) return { batchItemFailures: [{ itemIdentifier: failed.dynamodb?.SequenceNumber ?? '' }] };
  }
  return { batchItemFailures: [] };
}

/** The first record that has to come again, if any: where it is not known which failed, that of the slice. */
async function exportSlice(
  deps: ExportDeps,
  slice: readonly DynamoDBRecord[],
): Promise<DynamoDBRecord | undefined> {
  try {
    const items = await readAll(deps, slice);
    await markAgain(
      deps,
      items.flatMap(({ late }) => late ?? []),
    );
    const failed = await putOnBus(deps, items);
    // Only what is on the bus: what comes again is then in the logs once, as far as these work.
    const done = failed ? items.slice(0, items.indexOf(failed)) : items;
    await deps.logs(
      done.flatMap(({ events, storedAt }) => events.map(({ json }) => ({ at: storedAt, text: json }))),
    );
    return failed?.record;
  } catch (error) {
    deps.log('audit events not exported', { error: errorName(error), records: slice.length });
    return slice[0];
  }
}

/** The records that have events. */
async function readAll(deps: ExportDeps, slice: readonly DynamoDBRecord[]): Promise<StreamItem[]> {
  const items: StreamItem[] = [];
  for (const record of slice) {
    try {
      const item = readStreamRecord(record);
      if (item.events.length > 0) items.push(item);
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      await deps.deadLetters(record, error.message);
    }
  }
  return items;
}

/** The first item that the bus did not take, and may take later. */
async function putOnBus(deps: ExportDeps, items: readonly StreamItem[]): Promise<StreamItem | undefined> {
  const refused = await deps.bus(items.flatMap(({ events }) => events));
  const codes = new Map(refused.map(({ event, code }) => [event, code]));
  for (const { event, code } of refused.filter(({ forEver }) => forEver)) {
    const item = items.find(({ events }) => events.includes(event));
    if (item) await deps.deadLetters(item.record, code, event.record.eventID);
    codes.delete(event);
  }
  const failed = items.find(({ events }) => events.some(event => codes.has(event)));
  const code = failed?.events.map(event => codes.get(event)).find(Boolean);
  if (code) deps.log('audit events not exported', { error: code, events: codes.size });
  return failed;
}
