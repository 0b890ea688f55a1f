import { DeleteCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { Deps } from '../context.ts';
import { holds } from '../store/conditional.ts';
import { type Key, keys, SCHEMA_VERSION } from '../store/keys.ts';
import { getItem, queryItems } from '../store/read.ts';
import type { ChainEnd } from './closeDigest.ts';
import { type Hour, nextHour } from './hours.ts';
import { type Mark, parseMark } from './marks.ts';

// How far the archive is, as the table has it: archivers go on where others were interrupted.

type ProgressDeps = Pick<Deps, 'store' | 'config'>;

const PAGE = 500;
/** Accounts of one deployment. */
const MAX_CHAINS = 1_000_000;

interface ClosedItem extends Key {
  hour: Hour;
}

export interface ChainItem extends Key, ChainEnd {
  accountId: string;
  /** The first hour of the chain. */
  first: Hour;
}

/** The first hour that has not been closed; nothing while nobody has written an event. */
export async function firstOpen(deps: ProgressDeps): Promise<Hour | undefined> {
  const closed = await getItem<ClosedItem>(deps, keys.archiveClosed());
  if (closed) return nextHour(closed.hour);
  const [mark] = await queryItems<Key>(deps, keys.archiveMarks(), undefined, 1);
  return mark && parseMark(mark.sk).writeHour;
}

/** A chain has got to `end`. */
export function putChain(
  deps: ProgressDeps,
  accountId: string,
  end: ChainEnd,
  chain: ChainItem | undefined,
): Promise<void> {
  const first = chain?.first ?? end.hour;
  return putIfLater(deps, { ...keys.archiveChain(accountId), accountId, first, ...end });
}

/** An hour is closed, for all accounts. */
export function putClosed(deps: ProgressDeps, hour: Hour): Promise<void> {
  return putIfLater(deps, { ...keys.archiveClosed(), hour });
}

/** Their events are archived. */
export async function removeMarks({ config, store }: ProgressDeps, marks: readonly Mark[]): Promise<void> {
  for (const { writeHour, accountId, eventHour, space } of marks) {
    const Key = keys.archiveMark(writeHour, accountId, eventHour, space);
    await store.send(new DeleteCommand({ TableName: config.tableName, Key }));
  }
}

/** Marks of an hour, and what is left of earlier ones: a mark is there until its events are archived. */
export async function marksUntil(deps: ProgressDeps, hour: Hour): Promise<Mark[]> {
  const marks: Mark[] = [];
  let after: string | undefined;
  do {
    const page = await queryItems<Key>(deps, keys.archiveMarks(), undefined, PAGE, after);
    const due = page.map(({ sk }) => parseMark(sk)).filter(({ writeHour }) => writeHour <= hour);
    marks.push(...due);
    after = due.length === PAGE ? page.at(-1)?.sk : undefined;
  } while (after !== undefined);
  return marks;
}

/** The last digest of each chain, that of all accounts too. */
export async function chainsOf(deps: ProgressDeps): Promise<Map<string, ChainItem>> {
  const { sk: prefix } = keys.archiveChain('');
  const items = await queryItems<ChainItem>(deps, keys.archiveChains(), prefix, MAX_CHAINS);
  return new Map(items.map(item => [item.accountId, item]));
}

/** Of several archivers none takes another one back. */
async function putIfLater(deps: ProgressDeps, item: ClosedItem | ChainItem): Promise<void> {
  const command = new PutCommand({
    TableName: deps.config.tableName,
    Item: { ...item, v: SCHEMA_VERSION },
    ConditionExpression: 'attribute_not_exists(pk) OR #hour < :hour',
    ExpressionAttributeNames: { '#hour': 'hour' },
    ExpressionAttributeValues: { ':hour': item.hour },
  });
  await holds(deps.store.send(command));
}
