import type { AccessTokenCopy } from '../accessTokens/accessTokenItem.ts';
import { accessTokenRemovals } from '../accessTokens/revokeAccessToken.ts';
import type { AssociationItem } from '../associations/associationItem.ts';
import { useShard } from '../associations/useShard.ts';
import type { Deps } from '../context.ts';
import { ConditionFailed } from '../store/conditionFailed.ts';
import { type Key, keys } from '../store/keys.ts';
import { queryItems } from '../store/read.ts';
import { type TransactClause, transact } from '../store/transact.ts';
import { present, remove, update } from '../store/write.ts';

/** Items of the space in one transaction: with their counterparts three each, below the 100 that it may have. */
const BATCH = 30;

interface DeletionItem extends Key {
  accountId: string;
  agentSpaceId: string;
}

/**
 * Finishes deletions of spaces that were begun: at most `batches` transactions of {@link BATCH} items.
 * Safe to run at any time, many times, in many processes. Answers how many spaces it finished.
 */
export async function sweepDeletedSpaces(deps: Deps, batches = 100): Promise<number> {
  const begun = await queryItems<DeletionItem>(deps, keys.deletions(), undefined, 25);
  let finished = 0;
  let failure: unknown;
  for (const { accountId, agentSpaceId } of begun) {
    try {
      if (await sweepSpace(deps, accountId, agentSpaceId, batches)) finished++;
    } catch (error) {
      // One space that cannot be finished must not hold up the others.
      failure = error;
    }
  }
  if (failure) throw failure;
  return finished;
}

/** Removes what a deleted space left, in at most `batches` transactions. Answers whether nothing is left. */
export async function sweepSpace(
  deps: Deps,
  account: string,
  space: string,
  batches: number,
): Promise<boolean> {
  for (let batch = 0; batch < batches; batch++) {
    const items = await nextBatch(deps, account, space);
    if (items.length === 0) {
      await transact(deps.store, [remove(deps.config.tableName, keys.deletion(account, space))], deps);
      return true;
    }
    await removeBatch(deps, items);
  }
  return false;
}

async function nextBatch(deps: Deps, account: string, space: string): Promise<TransactClause[]> {
  const items = await queryItems<Key>(deps, keys.spaceParts(account, space), undefined, BATCH);
  return items.flatMap(item => removals(deps, account, space, item));
}

/** Associations and access tokens have counterparts elsewhere. Pinned definitions, name claims and places have none. */
function removals(deps: Deps, account: string, space: string, item: Key): TransactClause[] {
  if (item.sk.startsWith('ASC#')) return associationRemovals(deps, account, item as AssociationItem);
  if (item.sk.startsWith('TOK#')) {
    return accessTokenRemovals(deps, account, space, (item as AccessTokenCopy).tokenId);
  }
  return [remove(deps.config.tableName, { pk: item.pk, sk: item.sk })];
}

/** An association and both its counterparts at the service go together, whoever removes it. */
function associationRemovals(deps: Deps, account: string, item: AssociationItem): TransactClause[] {
  const { tableName: table } = deps.config;
  const { agentSpaceId: space, associationId, serviceId } = item;
  return [
    remove(table, keys.association(account, space, associationId), present('association')),
    remove(table, keys.usedBy(account, serviceId, space)),
    update(table, keys.useCount(account, serviceId, useShard(space)), { add: { used: -1 } }),
  ];
}

/** Another sweeper may have removed the batch first; the next look tells. */
async function removeBatch(deps: Deps, items: TransactClause[]): Promise<void> {
  try {
    await transact(deps.store, items, deps);
  } catch (error) {
    if (!(error instanceof ConditionFailed)) throw error;
  }
}
