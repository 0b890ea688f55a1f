import type { OperationInput, OperationOutput } from '../api/operation.ts';
import type { operations } from '../api/operations.ts';
import type { RequestContext } from '../context.ts';
import type { ServerDeps } from '../services/serverDeps.ts';
import { concernsAssociation, serviceIdOf } from './associationItem.ts';
import { putAssociation } from './putAssociation.ts';

/** Replaces what a space allows of a server, and confirms the definitions of the tools as they are now. */
export async function updateAssociation(
  input: OperationInput<typeof operations.UpdateAssociation>,
  ctx: RequestContext,
  deps: ServerDeps,
): Promise<OperationOutput<typeof operations.UpdateAssociation>> {
  const { agentSpaceId, associationId, ...wanted } = input;
  const serviceId = serviceIdOf(associationId);
  concernsAssociation(ctx, deps, agentSpaceId, associationId, serviceId);
  return putAssociation({ agentSpaceId, serviceId, associationId, ...wanted, mustExist: true }, ctx, deps);
}
