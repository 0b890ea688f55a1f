import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { conditionFailed } from '../../../lib/store/conditionFailed.ts';
import { transact } from '../../../lib/store/transact.ts';
import { updateOne } from '../../../lib/store/updateOne.ts';
import { put, unchanged, update } from '../../../lib/store/write.ts';
import { availableKinds, startTestEngine, type TestEngine } from '../../support/engine.ts';
import { allItems } from '../../support/table.ts';

const KEY = { pk: 'A#1#SVC', sk: 'x' };
const options = { sleep: async () => {}, random: () => 0 };

describe.each(availableKinds())('an update alone (%s)', kind => {
  let engine: TestEngine;
  beforeAll(async () => {
    engine = await startTestEngine(kind);
  });
  afterAll(() => engine.stop());

  const to = (version: number, expected: number) =>
    update(engine.tableName, KEY, { set: { version, gone: undefined } }, unchanged('it', expected));
  const attempt = (store: DynamoDBDocumentClient, clause: ReturnType<typeof to>) =>
    updateOne({ store, ...options }, clause).then(
      () => 'made',
      (error: unknown) => error,
    );

  it('is made under its condition, and tells which item won otherwise', async () => {
    const none = conditionFailed(await attempt(engine.client, to(2, 1)), 'it');
    expect(none).toMatchObject({ name: 'it' });
    expect(none?.item).toBeUndefined();
    await transact(engine.client, [put(engine.tableName, KEY, { version: 1, gone: 'x' })], options);
    expect(await attempt(engine.client, to(2, 1))).toBe('made');
    expect(await allItems(engine.client, engine.tableName)).toEqual([{ ...KEY, v: 1, version: 2 }]);
    const lost = conditionFailed(await attempt(engine.client, to(3, 1)), 'it');
    expect(lost?.item).toEqual({ ...KEY, v: 1, version: 2 });
  });

  it('waits for a transaction that has the item', async () => {
    const conflict = Object.assign(new Error('conflict'), { name: 'TransactionConflictException' });
    let sent = 0;
    const send = (command: never) => (++sent < 3 ? Promise.reject(conflict) : engine.client.send(command));
    const store = { send } as unknown as DynamoDBDocumentClient;
    expect(await attempt(store, to(3, 2))).toBe('made');
    expect(sent).toBe(3);
  });
});
