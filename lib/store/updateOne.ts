import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { Deps } from '../context.ts';
import { ConditionFailed } from './conditionFailed.ts';
import { pastConflicts } from './read.ts';
import { understood } from './storedVersion.ts';
import type { TransactClause } from './transact.ts';

/**
 * Makes one update alone, at half the price of a transaction: for changes that nobody asked for and that leave no event.
 * @throws ConditionFailed with the stored item that won
 */
export async function updateOne(
  deps: Pick<Deps, 'store' | 'sleep' | 'random'>,
  { name, item: { Update } }: TransactClause,
): Promise<void> {
  if (!Update) throw new Error('Only updates are made alone.');
  const command = new UpdateCommand({ ...Update, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' });
  try {
    await pastConflicts(() => deps.store.send(command), deps);
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    throw new ConditionFailed([
      { index: 0, ...(name && { name }), ...(error.Item && { item: understood(unmarshall(error.Item)) }) },
    ]);
  }
}
