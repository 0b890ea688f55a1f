import type { AssociationItem } from '../associations/associationItem.ts';
import { useShard } from '../associations/useShard.ts';
import type { Deps } from '../context.ts';
import { ConditionFailed } from '../store/conditionFailed.ts';
import { type Key, keys } from '../store/keys.ts';
import { queryItems } from '../store/read.ts';
import { type TransactClause, transact } from '../store/transact.ts';
import { present, remove, update } from '../store/write.ts';

/** Associations of one transaction: three items each, below the 100 that a transaction may have. */
const BATCH = 20;

/** Items without a counterpart elsewhere (pinned definitions, name claims) of one transaction. */
const LEFTOVERS = 50;

interface DeletionItem extends Key {
  accountId: string;
  agentSpaceId: string;
}

/**
 * Finishes deletions of spaces that were begun: at most `batches` transactions of {@link BATCH} associations.
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
  const pk = keys.spaceParts(account, space);
  const associations = await queryItems<AssociationItem>(deps, pk, 'ASC#', BATCH);
  if (associations.length > 0) {
    return associations.flatMap(association => associationRemovals(deps, account, association));
  }
  const leftovers = await queryItems<Key>(deps, pk, undefined, LEFTOVERS);
  return leftovers.map(item => remove(deps.config.tableName, { pk: item.pk, sk: item.sk }));
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
