import type { OperationInput, OperationOutput } from '../api/operation.ts';
import type { operations } from '../api/operations.ts';
import type { RequestContext } from '../context.ts';
import type { ServerDeps } from '../services/serverDeps.ts';
import { associationIdOf, concernsAssociation } from './associationItem.ts';
import { putAssociation } from './putAssociation.ts';

/** Connects a space to a server, or replaces what the space allows of it. */
export async function associateService(
  input: OperationInput<typeof operations.AssociateService>,
  ctx: RequestContext,
  deps: ServerDeps,
): Promise<OperationOutput<typeof operations.AssociateService>> {
  const { agentSpaceId, serviceId, ...wanted } = input;
  const associationId = associationIdOf(agentSpaceId, serviceId);
  concernsAssociation(ctx, deps, agentSpaceId, associationId, serviceId);
  return putAssociation({ agentSpaceId, serviceId, associationId, ...wanted, mustExist: false }, ctx, deps);
}
