import {
  BatchWriteCommand,
  type DynamoDBDocumentClient,
  PutCommand,
  TransactWriteCommand,
} from '@aws-sdk/lib-dynamodb';
import type { Config } from '../context.ts';
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
    if (isWrite(command)) await mark(command);
    return store.send(command, ...rest);
  };
  return Object.create(store, { send: { value: send } }) as DynamoDBDocumentClient;
}

function isWrite(command: unknown): command is PutCommand | TransactWriteCommand | BatchWriteCommand {
  return (
    command instanceof TransactWriteCommand ||
    command instanceof PutCommand ||
    command instanceof BatchWriteCommand
  );
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
    const { accountId, eventHour, space } = place;
    const writeHour = [hourAt(now), eventHour].sort()[1] ?? eventHour;
    const key = keys.archiveMark(writeHour, accountId, eventHour, space);
    marks.set(key.sk, key);
  }
  return [...marks.values()];
}

function itemsOf(command: unknown): unknown[] {
  if (command instanceof PutCommand) return [command.input.Item];
  if (command instanceof TransactWriteCommand) {
    return (command.input.TransactItems ?? []).map(({ Put }) => Put?.Item);
  }
  if (!(command instanceof BatchWriteCommand)) return [];
  return Object.values(command.input.RequestItems ?? {}).flatMap(requests =>
    requests.map(({ PutRequest }) => PutRequest?.Item),
  );
}

const EVENT = /^A#([^#]+)#AUD#/;
const SEGMENT = /^A#([^#]+)#P#([^#]+)#INV#/;

function placeOf(item: unknown): Omit<Mark, 'writeHour'> | undefined {
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
