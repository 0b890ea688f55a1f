import type { BatchWriteCommand } from '@aws-sdk/lib-dynamodb';
import { expect, it } from 'vitest';
import type { Config } from '../../../lib/context.ts';
import { putMany } from '../../../lib/store/batchWrite.ts';

const keysOf = (count: number) => Array.from({ length: count }, (_, n) => ({ pk: 'A#1#X', sk: String(n) }));

/** An engine that leaves items out is not to be had on demand: `taken` tells how many each request gets written. */
function depsTaking(...taken: (number | Error)[]) {
  const sent: string[][] = [];
  const slept: number[] = [];
  const send = async ({ input }: BatchWriteCommand) => {
    const puts = (input.RequestItems?.t ?? []) as { PutRequest: { Item: { sk: string } } }[];
    sent.push(puts.map(({ PutRequest }) => PutRequest.Item.sk));
    const take = taken.shift() ?? puts.length;
    if (take instanceof Error) throw take;
    return take < puts.length ? { UnprocessedItems: { t: puts.slice(take) } } : {};
  };
  const store = { send } as never;
  const sleep = async (ms: number) => void slept.push(ms);
  return { deps: { store, config: { tableName: 't' } as Config, sleep, random: () => 1 }, sent, slept };
}

const named = (name: string) => Object.assign(new Error('x'), { name });

it('sends what was left out again, later each time, and tells how many requests it took', async () => {
  const { deps, sent, slept } = depsTaking(1, 0, named('ThrottlingException'));
  expect(await putMany(deps, keysOf(3))).toBe(4);
  expect(sent).toEqual([
    ['0', '1', '2'],
    ['1', '2'],
    ['1', '2'],
    ['1', '2'],
  ]);
  expect(slept).toEqual([25, 50, 100]);
});

it('gives up after a bounded number of tries', async () => {
  const never = depsTaking(...Array.from({ length: 50 }, () => 0));
  await expect(putMany(never.deps, keysOf(2))).rejects.toThrow('does not keep up');
  expect(never.sent).toHaveLength(8);
  const throttled = depsTaking(...Array.from({ length: 50 }, () => named('ThrottlingException')));
  await expect(putMany(throttled.deps, keysOf(2))).rejects.toMatchObject({ name: 'ThrottlingException' });
  expect(throttled.sent).toHaveLength(8);
});

it('does not repeat what cannot succeed', async () => {
  const { deps, sent } = depsTaking(named('ValidationException'));
  await expect(putMany(deps, keysOf(1))).rejects.toMatchObject({ name: 'ValidationException' });
  expect(sent).toHaveLength(1);
});
