import {
  BatchGetCommand,
  GetCommand,
  QueryCommand,
  type QueryCommandOutput,
  TransactGetCommand,
} from '@aws-sdk/lib-dynamodb';
import { fail } from '../api/errors.ts';
import type { PageScope } from '../api/pageToken.ts';
import type { Deps } from '../context.ts';
import type { Key } from './keys.ts';
import { understood } from './storedVersion.ts';
import type { IndexName } from './table.ts';
import { retryKind } from './transactRetry.ts';

type Reading = Pick<Deps, 'store' | 'config'>;

/** One item, strongly consistent. @throws StoredByNewerVersion, as all of these do */
export async function getItem<T>(deps: Reading, key: Key): Promise<T | undefined> {
  const { Item } = await deps.store.send(
    new GetCommand({ TableName: deps.config.tableName, Key: key, ConsistentRead: true }),
  );
  return understood(Item) as T | undefined;
}

/** Several items as of one moment, in the order of their keys; absent ones are `undefined`. One round trip. */
export async function getItems<T extends unknown[]>(
  deps: Reading & Pick<Deps, 'sleep' | 'random'>,
  itemKeys: readonly Key[],
): Promise<{ [I in keyof T]: T[I] | undefined }> {
  const command = new TransactGetCommand({
    TransactItems: itemKeys.map(Key => ({ Get: { TableName: deps.config.tableName, Key } })),
  });
  const { Responses = [] } = await pastConflicts(() => deps.store.send(command), deps);
  return itemKeys.map((_, index) => understood(Responses[index]?.Item)) as {
    [I in keyof T]: T[I] | undefined;
  };
}

const CONFLICT_TRIES = 8;
const CONFLICT_DELAY_MS = 30;

/** One request that is refused while a transaction has its items, and works a moment later. */
export async function pastConflicts<T>(
  request: () => Promise<T>,
  deps: Pick<Deps, 'sleep' | 'random'>,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await request();
    } catch (error) {
      if (retryKind(error) !== 'decided' || attempt === CONFLICT_TRIES) throw error;
      await deps.sleep(deps.random() * CONFLICT_DELAY_MS * attempt);
    }
  }
}

/** What an engine leaves unprocessed is too much for it, or too large for one answer: each try gets further. */
const BATCH_TRIES = 10;
const BATCH_DELAY_MS = 20;

/** DynamoDB's own limit of one BatchGetItem. */
const MAX_KEYS = 100;

/**
 * Items in any order: one BatchGetItem for each 100 keys, beside each other, and what the engine left unprocessed asked
 * again.
 * @throws ThrottlingException when it leaves some for ten times, in about a second
 */
export async function getMany<T>(
  deps: Reading & Pick<Deps, 'sleep'>,
  itemKeys: readonly Key[],
): Promise<T[]> {
  const lots = Array.from({ length: Math.ceil(itemKeys.length / MAX_KEYS) }, (_, n) =>
    getLot<T>(deps, itemKeys.slice(n * MAX_KEYS, (n + 1) * MAX_KEYS)),
  );
  return (await Promise.all(lots)).flat();
}

async function getLot<T>(deps: Reading & Pick<Deps, 'sleep'>, itemKeys: readonly Key[]): Promise<T[]> {
  const found: T[] = [];
  let wanted: Record<string, unknown>[] = itemKeys.map(({ pk, sk }) => ({ pk, sk }));
  for (let attempt = 0; wanted.length > 0; attempt++) {
    if (attempt === BATCH_TRIES) throw fail('ThrottlingException', 'Too many reads at once. Try again.');
    if (attempt > 0) await deps.sleep(BATCH_DELAY_MS * attempt);
    const answer = await deps.store.send(
      new BatchGetCommand({
        RequestItems: { [deps.config.tableName]: { Keys: wanted, ConsistentRead: true } },
      }),
    );
    found.push(...((answer.Responses?.[deps.config.tableName] ?? []).map(understood) as T[]));
    wanted = answer.UnprocessedKeys?.[deps.config.tableName]?.Keys ?? [];
  }
  return found;
}

export interface PageRequest {
  pk: string;
  prefix?: string;
  scope: PageScope;
  maxResults: number | undefined;
  nextToken: string | undefined;
}

/** Items of a page when the caller does not say. */
const DEFAULT_PAGE = 50;

/**
 * One page of a partition in key order, exactly `maxResults` items while there are that many. Reads one
 * item more than the page, to know whether a further page exists. Strongly consistent.
 */
export async function queryPage<T extends Key>(
  deps: Reading & Pick<Deps, 'pageTokens'>,
  request: PageRequest,
): Promise<{ items: T[]; nextToken?: string }> {
  const wanted = request.maxResults ?? DEFAULT_PAGE;
  const start = request.nextToken ? deps.pageTokens.read(request.scope, request.nextToken) : undefined;
  const items = await queryItems<T>(deps, request.pk, request.prefix, wanted + 1, start);
  if (items.length <= wanted) return { items };
  const page = items.slice(0, wanted);
  return { items: page, nextToken: deps.pageTokens.mint(request.scope, page.at(-1)?.sk ?? '') };
}

/** The first `limit` items of a partition after `afterSk`; goes on where the engine cut a page at 1 MB. */
export async function queryItems<T>(
  deps: Reading,
  pk: string,
  prefix: string | undefined,
  limit: number,
  afterSk?: string,
): Promise<T[]> {
  const items: T[] = [];
  let start: Record<string, unknown> | undefined = afterSk === undefined ? undefined : { pk, sk: afterSk };
  do {
    const answer = await deps.store.send(
      new QueryCommand({
        TableName: deps.config.tableName,
        ConsistentRead: true,
        Limit: limit - items.length,
        KeyConditionExpression: prefix === undefined ? 'pk = :pk' : 'pk = :pk AND begins_with(sk, :prefix)',
        ExpressionAttributeValues: { ':pk': pk, ...(prefix === undefined ? {} : { ':prefix': prefix }) },
        ...(start ? { ExclusiveStartKey: start } : {}),
      }),
    );
    items.push(...((answer.Items ?? []).map(understood) as T[]));
    start = answer.LastEvaluatedKey;
  } while (start && items.length < limit);
  return items;
}

/** A stretch of a partition, of the table or of an index; bounds of the sort key, both included. */
export interface Stretch {
  pk: string;
  index?: IndexName;
  low: string;
  high: string;
}

/**
 * At most `limit` items of a stretch from its highest sort key down, after `start`. Strongly consistent, but for those
 * of an index.
 */
export async function queryDown(
  deps: Reading,
  { pk, index, low, high }: Stretch,
  limit: number,
  start?: QueryCommandOutput['LastEvaluatedKey'],
): Promise<QueryCommandOutput> {
  const answer = await deps.store.send(
    new QueryCommand({
      TableName: deps.config.tableName,
      ...(index ? { IndexName: index } : { ConsistentRead: true }),
      KeyConditionExpression: '#pk = :pk AND #sk BETWEEN :low AND :high',
      ExpressionAttributeNames: { '#pk': `${index ?? ''}pk`, '#sk': `${index ?? ''}sk` },
      ExpressionAttributeValues: { ':pk': pk, ':low': low, ':high': high },
      ScanIndexForward: false,
      Limit: limit,
      ...(start ? { ExclusiveStartKey: start } : {}),
    }),
  );
  answer.Items?.forEach(understood);
  return answer;
}
