import { BatchWriteCommand } from '@aws-sdk/lib-dynamodb';
import { fail } from '../api/errors.ts';
import type { Deps } from '../context.ts';
import type { Key } from './keys.ts';
import { backoff, retryKind } from './transactRetry.ts';

/** DynamoDB's own limit of one BatchWriteItem. */
export const MAX_BATCH = 25;
/** With the delays of {@link backoff} about a second: whoever waits here has an answer to give. */
const MAX_TRIES = 8;

/**
 * Puts at most {@link MAX_BATCH} items, each for itself. What the engine left out is sent again, and so is everything
 * after a failure that may pass. Answers how many requests it took.
 * @throws the last failure, when tries are of no use or run out: any of the items may have been written
 */
export async function putMany(
  deps: Pick<Deps, 'store' | 'config' | 'sleep' | 'random'>,
  items: readonly Key[],
): Promise<number> {
  const { tableName } = deps.config;
  let wanted: object[] = items.map(Item => ({ PutRequest: { Item } }));
  for (let attempt = 1; attempt <= MAX_TRIES; attempt++) {
    if (attempt > 1) await deps.sleep(backoff(attempt - 1, deps.random));
    try {
      const command = new BatchWriteCommand({ RequestItems: { [tableName]: wanted } });
      wanted = (await deps.store.send(command)).UnprocessedItems?.[tableName] ?? [];
      if (wanted.length === 0) return attempt;
    } catch (error) {
      if (retryKind(error) === 'none' || attempt === MAX_TRIES) throw error;
    }
  }
  throw fail('ThrottlingException', 'The store does not keep up with what is to be written.');
}
