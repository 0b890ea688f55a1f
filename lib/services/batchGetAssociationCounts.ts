import type { OperationInput, OperationOutput } from '../api/operation.ts';
import type { operations } from '../api/operations.ts';
import type { Deps, RequestContext } from '../context.ts';
import { type Key, keys, USE_SHARDS } from '../store/keys.ts';
import { getMany } from '../store/read.ts';

/**
 * How many spaces use each of some services, from their use counts. What is no service of the account is left out.
 */
export async function batchGetAssociationCounts(
  input: OperationInput<typeof operations.BatchGetAssociationCounts>,
  { caller }: RequestContext,
  deps: Deps,
): Promise<OperationOutput<typeof operations.BatchGetAssociationCounts>> {
  const ids = [...new Set(input.serviceIds)];
  const shards = await getMany<Key & { used: number }>(
    deps,
    ids.flatMap(id => shardsOf(caller.accountId, id)),
  );
  const counts = new Map<string, number>();
  for (const { pk, used } of shards) counts.set(pk, (counts.get(pk) ?? 0) + used);
  const associationCounts = ids.flatMap(serviceId => {
    const associationCount = counts.get(keys.serviceParts(caller.accountId, serviceId));
    return associationCount === undefined ? [] : [{ serviceId, associationCount }];
  });
  return { associationCounts };
}

function shardsOf(accountId: string, serviceId: string): Key[] {
  return Array.from({ length: USE_SHARDS }, (_, shard) => keys.useCount(accountId, serviceId, shard));
}
