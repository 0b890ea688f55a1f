import { randomUUID } from 'node:crypto';
import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPageTokens } from '../../../lib/api/pageToken.ts';
import type { Config } from '../../../lib/context.ts';
import type { Key } from '../../../lib/store/keys.ts';
import { getItem, getItems, getMany, queryItems, queryPage } from '../../../lib/store/read.ts';
import { availableKinds, startTestEngine, type TestEngine } from '../../support/engine.ts';

const KEY = { pk: 'A#1#SVC', sk: 'x' };

function refused(reason: string) {
  return new TransactionCanceledException({
    message: 'cancelled',
    $metadata: {},
    CancellationReasons: [{ Code: reason }],
  });
}

/** No engine here refuses a read for a conflict (writes are serialised), so the fault is injected. */
function depsAnswering(answers: (() => unknown)[]) {
  let sent = 0;
  const store = { send: async () => answers[sent++]?.() } as unknown as DynamoDBDocumentClient;
  const deps = { store, config: { tableName: 't' } as Config, sleep: async () => {}, random: () => 0.5 };
  return { deps, sent: () => sent };
}

const fails = (error: Error) => () => {
  throw error;
};

it('reads again when a transactional read meets a write under way', async () => {
  const { deps, sent } = depsAnswering([
    fails(refused('TransactionConflict')),
    () => ({ Responses: [{ Item: KEY }] }),
  ]);
  expect(await getItems(deps, [KEY])).toEqual([KEY]);
  expect(sent()).toBe(2);
});

it('gives up after a bounded number of conflicts', async () => {
  const { deps, sent } = depsAnswering(
    Array.from({ length: 50 }, () => fails(refused('TransactionConflict'))),
  );
  await expect(getItems(deps, [KEY])).rejects.toThrow(TransactionCanceledException);
  expect(sent()).toBe(8);
});

it('does not repeat a read that fails for another reason', async () => {
  const { deps, sent } = depsAnswering([fails(refused('ValidationError'))]);
  await expect(getItems(deps, [KEY])).rejects.toThrow(TransactionCanceledException);
  expect(sent()).toBe(1);
});

it('asks for what is true now, not for what was true a moment ago', async () => {
  const asked: unknown[] = [];
  const send = async ({ input }: { input: { RequestItems?: object } }) => {
    asked.push(...(input.RequestItems ? Object.values(input.RequestItems) : [input]));
    return {};
  };
  const deps = { ...depsAnswering([]).deps, store: { send } as unknown as DynamoDBDocumentClient };
  await getItem(deps, KEY);
  await queryItems(deps, 'A#1#SVC', 'x', 5);
  await getMany(deps, [KEY]);
  // A transaction's reads (getItems) always are.
  expect(asked).toMatchObject(Array.from({ length: 3 }, () => ({ ConsistentRead: true })));
});

describe('items that the engine leaves unprocessed', () => {
  const unprocessed = (...left: Key[]) => ({ UnprocessedKeys: { t: { Keys: left } } });
  const OTHER = { pk: 'A#1#SVC', sk: 'y' };

  it('are asked for again', async () => {
    const { deps, sent } = depsAnswering([
      () => ({ Responses: { t: [KEY] }, ...unprocessed(OTHER) }),
      () => unprocessed(OTHER),
      () => ({ Responses: { t: [OTHER] } }),
    ]);
    expect(await getMany(deps, [KEY, OTHER])).toEqual([KEY, OTHER]);
    expect(sent()).toBe(3);
  });

  it('are not asked for without end', async () => {
    const { deps, sent } = depsAnswering(Array.from({ length: 50 }, () => () => unprocessed(KEY)));
    const failure = { failure: { code: 'ThrottlingException' } };
    await expect(getMany(deps, [KEY])).rejects.toMatchObject(failure);
    expect(sent()).toBe(10);
  });
});

describe.each(availableKinds())('a partition of more than the engine reads at once, on %s', kind => {
  const pk = `A#1#${randomUUID()}`;
  let engine: TestEngine;
  beforeAll(async () => {
    engine = await startTestEngine(kind);
    for (let n = 0; n < 8; n++) {
      const Item = { pk, sk: `CAT#${n}`, data: new Uint8Array(300 * 1024) };
      await engine.client.send(new PutCommand({ TableName: engine.tableName, Item }));
    }
  });
  afterAll(() => engine?.stop());
  const reading = () => ({
    store: engine.client,
    config: { tableName: engine.tableName } as Config,
    pageTokens: createPageTokens(Buffer.alloc(32)),
    sleep: async () => {},
  });
  const all = Array.from({ length: 8 }, (_, n) => `CAT#${n}`);
  const sks = (items: Key[]) => items.map(({ sk }) => sk);

  it('is read to its end, or to as many items as are wanted', async () => {
    expect(sks(await queryItems<Key>(reading(), pk, 'CAT#', 100))).toEqual(all);
    expect(sks(await queryItems<Key>(reading(), pk, undefined, 6))).toEqual(all.slice(0, 6));
    expect(sks(await queryItems<Key>(reading(), pk, 'CAT#', 100, 'CAT#1'))).toEqual(all.slice(2));
  });

  it('makes full pages', async () => {
    const scope = { accountId: '1', operation: 'List', filter: '' };
    const page = (nextToken?: string) =>
      queryPage<Key>(reading(), { pk, prefix: 'CAT#', scope, maxResults: 6, nextToken });
    const first = await page();
    expect(sks(first.items)).toEqual(all.slice(0, 6));
    expect(await page(first.nextToken)).toEqual({ items: expect.objectContaining({ length: 2 }) });
  });

  it('is got by its keys all the same', async () => {
    const found = await getMany<Key>(
      reading(),
      all.map(sk => ({ pk, sk })),
    );
    expect(sks(found).sort()).toEqual(all);
  });
});
