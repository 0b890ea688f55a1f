import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import type { Deps } from '../context.ts';
import { conditionFailed } from '../store/conditionFailed.ts';
import { type TransactClause, transact } from '../store/transact.ts';
import { EVENT_CLAUSE } from './items.ts';

/**
 * Writes an event alone: reads, failures, denials. One plain put where it names no resource, otherwise one
 * transaction. An event that is already stored stays as it is: when a mutation's outcome was unknown and it
 * did commit, its own event is the truth. No items, no write.
 */
export async function writeEvent(
  deps: Pick<Deps, 'store' | 'sleep' | 'random'>,
  items: readonly TransactClause[],
): Promise<void> {
  const [first, ...others] = items;
  if (!first) return;
  const put = first.item.Put;
  try {
    if (put && others.length === 0) await deps.store.send(new PutCommand(put));
    else await transact(deps.store, items, deps);
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return;
    if (conditionFailed(error, EVENT_CLAUSE)) return;
    throw error;
  }
}
