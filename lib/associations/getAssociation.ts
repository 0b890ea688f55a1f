import type { OperationInput, OperationOutput } from '../api/operation.ts';
import type { operations } from '../api/operations.ts';
import type { Deps, RequestContext } from '../context.ts';
import { noSpace, type SpaceItem } from '../spaces/spaceItem.ts';
import { keys } from '../store/keys.ts';
import { getItems } from '../store/read.ts';
import {
  type AssociationItem,
  concernsAssociation,
  noAssociation,
  serviceIdOf,
  toAssociation,
} from './associationItem.ts';

/** Describes an association. */
export async function getAssociation(
  input: OperationInput<typeof operations.GetAssociation>,
  ctx: RequestContext,
  deps: Deps,
): Promise<OperationOutput<typeof operations.GetAssociation>> {
  const { agentSpaceId, associationId } = input;
  concernsAssociation(ctx, deps, agentSpaceId, associationId, serviceIdOf(associationId));
  const { accountId } = ctx.caller;
  const [space, item] = await getItems<[SpaceItem, AssociationItem]>(deps, [
    keys.space(accountId, agentSpaceId),
    keys.association(accountId, agentSpaceId, associationId),
  ]);
  // What a deleted space leaves is gone for callers at once, removed or not.
  if (!space) noSpace(agentSpaceId);
  return item ? { association: toAssociation(item) } : noAssociation(agentSpaceId, associationId);
}
