import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { expect, it } from 'vitest';
import type { Config } from '../../../lib/context.ts';
import { getItems } from '../../../lib/store/read.ts';

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
