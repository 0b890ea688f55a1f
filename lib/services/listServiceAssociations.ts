import type { OperationInput, OperationOutput } from '../api/operation.ts';
import type { operations } from '../api/operations.ts';
import type { Deps, RequestContext } from '../context.ts';
import { type Key, keys } from '../store/keys.ts';
import { getItem, queryPage } from '../store/read.ts';
import { concernsService } from './audited.ts';
import { noService } from './serviceItem.ts';

/** A service's side of an association: which space uses it. */
export interface UsedByItem extends Key {
  agentSpaceId: string;
  associationId: string;
  createdAt: string;
}

/** One page of the spaces that use a service. */
export async function listServiceAssociations(
  input: OperationInput<typeof operations.ListServiceAssociations>,
  ctx: RequestContext,
  deps: Deps,
): Promise<OperationOutput<typeof operations.ListServiceAssociations>> {
  const { accountId } = ctx.caller;
  const { serviceId } = input;
  concernsService(ctx, deps, serviceId);
  const [{ items, nextToken }, exists] = await Promise.all([
    queryPage<UsedByItem>(deps, {
      pk: keys.serviceParts(accountId, serviceId),
      prefix: 'SPACE#',
      scope: { accountId, operation: 'ListServiceAssociations', filter: serviceId },
      maxResults: input.maxResults,
      nextToken: input.nextToken,
    }),
    getItem(deps, keys.useCount(accountId, serviceId, 0)),
  ]);
  if (!exists) return noService(serviceId);
  return {
    associations: items.map(({ agentSpaceId, associationId, createdAt }) => ({
      agentSpaceId,
      associationId,
      serviceId,
      createdAt,
    })),
    nextToken,
  };
}
