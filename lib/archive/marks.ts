import { type DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { Config, Deps } from '../context.ts';
import { type Key, keys, SCHEMA_VERSION } from '../store/keys.ts';
import { type Hour, hourAt, startOf } from './hours.ts';

/** Events of one hour that a process was about to write. */
export interface Mark {
  /** When; never before `eventHour`. */
  writeHour: Hour;
  accountId: string;
  /** When the events happened. */
  eventHour: Hour;
  /** The space that calls of tools were recorded of; `-` for management events. */
  space: string;
}

/** Where an event is, whenever it was written. */
export type MarkedPlace = Omit<Mark, 'writeHour'>;

interface MarkSettings {
  config: Pick<Config, 'tableName' | 'auditRetentionDays'>;
  now: () => number;
}

/** Marks that a process remembers to have written; writing one again is harmless. */
const MAX_REMEMBERED = 10_000;

/**
 * A client whose writes of audit events, and of records of tool calls, are preceded by a mark that says so: once per
 * account, hour and process (and space). An event is never stored, by whatever way, in an hour that the archive does
 * not look into. The mark names the hour of writing, so that events which are written late are found too.
 */
export function markingClient(store: DynamoDBDocumentClient, settings: MarkSettings): DynamoDBDocumentClient {
  const remembered = new Set<string>();
  let latest = 0;
  async function mark(command: unknown): Promise<void> {
    const now = settings.now();
    // A clock that was set back comes to hours whose marks the archive may have removed.
    if (hourAt(now) < hourAt(latest)) remembered.clear();
    latest = now;
    const missing = marksOf(command, now).filter(key => !remembered.has(key.sk));
    await Promise.all(missing.map(key => store.send(putMark(key, settings.config))));
    if (remembered.size > MAX_REMEMBERED) remembered.clear();
    for (const { sk } of missing) remembered.add(sk);
  }
  const send = async (command: Parameters<DynamoDBDocumentClient['send']>[0], ...rest: []) => {
    await mark(command);
    return store.send(command, ...rest);
  };
  return Object.create(store, { send: { value: send } }) as DynamoDBDocumentClient;
}

function putMark(key: Key, { tableName, auditRetentionDays }: MarkSettings['config']): PutCommand {
  const { writeHour } = parseMark(key.sk);
  // Not before the last of its events.
  const expiresAt = startOf(writeHour) / 1000 + 3_600 + auditRetentionDays * 86_400;
  return new PutCommand({ TableName: tableName, Item: { ...key, expiresAt, v: SCHEMA_VERSION } });
}

/** The marks of what a command writes, each once. */
function marksOf(command: unknown, now: number): Key[] {
  const marks = new Map<string, Key>();
  for (const item of itemsOf(command)) {
    const place = placeOf(item);
    if (!place) continue;
    const key = markOf(place, now);
    marks.set(key.sk, key);
  }
  return [...marks.values()];
}

function markOf({ accountId, eventHour, space }: MarkedPlace, now: number): Key {
  const writeHour = [hourAt(now), eventHour].sort()[1] ?? eventHour;
  return keys.archiveMark(writeHour, accountId, eventHour, space);
}

/** Has the archive look once more into hours that events came to light of, after they were stored. */
export async function markAgain(
  deps: Pick<Deps, 'store' | 'config' | 'now'>,
  places: readonly MarkedPlace[],
): Promise<void> {
  const marks = new Map(places.map(place => markOf(place, deps.now())).map(key => [key.sk, key]));
  for (const key of marks.values()) await deps.store.send(putMark(key, deps.config));
}

/** What a command puts, alone, in a batch or in a transaction; by its input, so that no bundle gets a command for it. */
function itemsOf(command: unknown): unknown[] {
  const { Item, RequestItems, TransactItems } = (command as { input: WriteInput }).input;
  const batched = Object.values(RequestItems ?? {}).flatMap(requests =>
    Array.isArray(requests) ? requests.map(({ PutRequest }) => PutRequest?.Item) : [],
  );
  return [Item, ...batched, ...(TransactItems ?? []).map(({ Put }) => Put?.Item)];
}

interface WriteInput {
  Item?: unknown;
  RequestItems?: Record<string, { PutRequest?: { Item?: unknown } }[] | object>;
  TransactItems?: { Put?: { Item?: unknown } }[];
}

const EVENT = /^A#([^#]+)#AUD#/;
const SEGMENT = /^A#([^#]+)#P#([^#]+)#INV#/;

/** What archive hour an item belongs to, by its key; nothing where it is no event and no record of calls. */
export function placeOf(item: unknown): MarkedPlace | undefined {
  const { pk, sk } = (item ?? {}) as Partial<Key>;
  if (typeof pk !== 'string' || typeof sk !== 'string') return undefined;
  const [, accountId, space = '-'] = EVENT.exec(pk) ?? SEGMENT.exec(pk) ?? [];
  return accountId === undefined ? undefined : { accountId, eventHour: sk.slice(0, 13), space };
}

/** What a mark's sort key says. */
export function parseMark(sk: string): Mark {
  const [writeHour = '', accountId = '', eventHour = '', space = ''] = sk.split('#');
  return { writeHour, accountId, eventHour, space };
}
