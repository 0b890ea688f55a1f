import { randomUUID } from 'node:crypto';
import { inspect } from 'node:util';
import { TransactionCanceledException, TransactionInProgressException } from '@aws-sdk/client-dynamodb';
import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiError } from '../../../lib/api/errors.ts';
import { ConditionFailed, conditionFailed } from '../../../lib/store/conditionFailed.ts';
import { type TransactClause, transact } from '../../../lib/store/transact.ts';
import { availableKinds, startTestEngine, type TestEngine, testClient } from '../../support/engine.ts';

describe.each(availableKinds())('transact on %s', kind => {
  let engine: TestEngine;
  beforeAll(async () => {
    engine = await startTestEngine(kind);
  });
  afterAll(() => engine?.stop());

  const newKey = () => ({ pk: randomUUID(), sk: '-' });
  type Key = ReturnType<typeof newKey>;
  const put = (item: Key & Record<string, unknown>, name?: string): TransactClause => ({
    ...(name && { name }),
    item: {
      Put: { TableName: engine.tableName, Item: item, ConditionExpression: 'attribute_not_exists(pk)' },
    },
  });
  const mustExist = (key: Key, name: string): TransactClause => ({
    name,
    item: {
      ConditionCheck: {
        TableName: engine.tableName,
        Key: key,
        ConditionExpression: 'attribute_exists(pk)',
      },
    },
  });
  const increment = (key: Key): TransactClause => ({
    item: {
      Update: {
        TableName: engine.tableName,
        Key: key,
        UpdateExpression: 'ADD #n :one',
        ExpressionAttributeNames: { '#n': 'n' },
        ExpressionAttributeValues: { ':one': 1 },
      },
    },
  });
  const read = async (key: Key) =>
    (await engine.client.send(new GetCommand({ TableName: engine.tableName, Key: key }))).Item;
  const store = (Item: Key & Record<string, unknown>) =>
    engine.client.send(new PutCommand({ TableName: engine.tableName, Item }));
  const failureOf = (clauses: TransactClause[]) =>
    transact(engine.client, clauses, noWaiting().options).then(
      () => undefined,
      (error: unknown) => error,
    );

  /** Options that record delays instead of waiting. */
  function noWaiting(random = 0.999) {
    const delays: number[] = [];
    const options = { sleep: async (ms: number) => delays.push(ms), random: () => random };
    return { delays, options };
  }

  /** A client of the real engine whose n-th transaction meets `faults[n]`; tokens are recorded. */
  function faultyClient(faults: (Error | 'lose the answer' | undefined)[]) {
    const client = testClient(engine.endpoint);
    const tokens: string[] = [];
    client.middlewareStack.add(
      next => async args => {
        const fault = faults[tokens.length];
        tokens.push((args.input as { ClientRequestToken: string }).ClientRequestToken);
        if (fault instanceof Error) throw fault;
        const answer = await next(args);
        if (fault) throw Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
        return answer;
      },
      { step: 'initialize' },
    );
    return { client, tokens };
  }

  const cancelled = (...codes: string[]) =>
    new TransactionCanceledException({
      message: 'cancelled',
      $metadata: {},
      CancellationReasons: codes.map(Code => ({ Code })),
    });
  const inProgress = () => new TransactionInProgressException({ message: 'in progress', $metadata: {} });

  it('writes all clauses', async () => {
    const [a, b, counter] = [newKey(), newKey(), newKey()];
    await transact(engine.client, [put(a), put({ ...b, x: 1 }), increment(counter)], noWaiting().options);
    expect([await read(a), await read(b), await read(counter)]).toEqual([
      a,
      { ...b, x: 1 },
      { ...counter, n: 1 },
    ]);
  });

  it('writes none when conditions fail, and says which, with the items that won', async () => {
    const [taken, missing, fresh] = [newKey(), newKey(), newKey()];
    const winner = { ...taken, owner: 'first', deep: { list: [1, 'two'], bytes: new Uint8Array([1, 2, 3]) } };
    await store(winner);
    const error = await failureOf([put(fresh, 'fresh'), put(taken, 'name'), mustExist(missing, 'parent')]);
    expect(error).toBeInstanceOf(ConditionFailed);
    expect((error as ConditionFailed).failures.map(({ index, name }) => [index, name])).toEqual([
      [1, 'name'],
      [2, 'parent'],
    ]);
    expect(conditionFailed(error, 'name')?.item).toEqual(winner);
    expect(conditionFailed(error, 'parent')).toBeDefined();
    expect(conditionFailed(error, 'parent')).not.toHaveProperty('item');
    expect(conditionFailed(error, 'fresh')).toBeUndefined();
    expect(conditionFailed(new Error('name'), 'name')).toBeUndefined();
    expect(await read(fresh)).toBeUndefined();
  });

  it('keeps stored items out of what an error shows', async () => {
    const taken = newKey();
    await store({ ...taken, secret: 'canary-7c1d' });
    const error = await failureOf([put(taken)]);
    expect((error as Error).message).toBe('Condition failed: item 0');
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('canary-7c1d');
    expect(JSON.stringify(error)).not.toContain('canary-7c1d');
  });

  it('takes 1 to 100 items', async () => {
    const items = Array.from({ length: 101 }, newKey);
    const clauses = items.map(item => put(item));
    expect(await failureOf(clauses)).toBeInstanceOf(RangeError);
    expect(await failureOf([])).toBeInstanceOf(RangeError);
    expect(await failureOf(clauses.slice(0, 100))).toBeUndefined();
    expect(await read(items[99] ?? newKey())).toBeDefined();
  });

  it('repeats a conflict or a throttled transaction as a new request, later each time', async () => {
    const key = newKey();
    const { client, tokens } = faultyClient([
      cancelled('None', 'TransactionConflict'),
      cancelled('ThrottlingError'),
      cancelled('TransactionConflict', 'ProvisionedThroughputExceeded'),
    ]);
    const { delays, options } = noWaiting(0.5);
    await transact(client, [increment(key)], options);
    expect(new Set(tokens).size).toBe(4);
    expect(delays).toEqual([12.5, 25, 50]);
    expect(await read(key)).toEqual({ ...key, n: 1 });
  });

  it('gives up on conflicts after 10 tries in about 3 s', async () => {
    const { client, tokens } = faultyClient(
      Array.from({ length: 50 }, () => cancelled('TransactionConflict')),
    );
    const { delays, options } = noWaiting();
    const error = await transact(client, [increment(newKey())], options).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(ApiError);
    expect((error as ApiError).failure.code).toBe('ThrottlingException');
    expect(tokens).toHaveLength(10);
    const total = delays.reduce((sum, delay) => sum + delay, 0);
    expect(total).toBeGreaterThan(2_500);
    expect(total).toBeLessThan(3_500);
  });

  it('asks again under the same token when the answer was lost, and the write happens once', async () => {
    const key = newKey();
    const { client, tokens } = faultyClient(['lose the answer', inProgress(), 'lose the answer']);
    await transact(client, [increment(key)], noWaiting().options);
    expect(tokens).toHaveLength(4);
    expect(new Set(tokens).size).toBe(1);
    expect(await read(key)).toEqual({ ...key, n: 1 });
  });

  it('a lost answer does not turn the own write into a failed condition', async () => {
    const key = newKey();
    const { client } = faultyClient(['lose the answer']);
    await transact(client, [put({ ...key, mine: true }, 'name')], noWaiting().options);
    expect(await read(key)).toEqual({ ...key, mine: true });
  });

  it.each([
    ['a failed condition beside a conflict', cancelled('TransactionConflict', 'ConditionalCheckFailed')],
    ['an invalid item beside a conflict', cancelled('TransactionConflict', 'ValidationError')],
    ['an unknown error', new Error('odd')],
    ['a time-out, which the SDK has repeated', Object.assign(new Error('slow'), { name: 'TimeoutError' })],
  ])('does not repeat %s', async (_, fault) => {
    const { client, tokens } = faultyClient([fault]);
    const clauses = [increment(newKey()), increment(newKey())];
    await expect(transact(client, clauses, noWaiting().options)).rejects.toThrow();
    expect(tokens).toHaveLength(1);
  });

  it('does not repeat an item that is too large', async () => {
    const { delays, options } = noWaiting();
    const clauses = [put({ ...newKey(), blob: 'x'.repeat(410 * 1024) })];
    const error = await transact(engine.client, clauses, options).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(Error);
    expect(error).not.toBeInstanceOf(ConditionFailed);
    expect(delays).toEqual([]);
  });

  it('32 writers of one item all get through, each once', async () => {
    const key = newKey();
    const options = {
      sleep: (ms: number) => new Promise(resolve => setTimeout(resolve, ms)),
      random: Math.random,
    };
    await Promise.all(
      Array.from({ length: 32 }, () => transact(engine.client, [increment(key), put(newKey())], options)),
    );
    expect(await read(key)).toEqual({ ...key, n: 32 });
  });
});
