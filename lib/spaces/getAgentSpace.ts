import type { OperationInput, OperationOutput } from '../api/operation.ts';
import type { operations } from '../api/operations.ts';
import type { Deps, RequestContext } from '../context.ts';
import { spaceResource } from '../identity/arn.ts';
import { concernsSpace, requireSpace, toAgentSpace } from './spaceItem.ts';

/** Describes a space. */
export async function getAgentSpace(
  input: OperationInput<typeof operations.GetAgentSpace>,
  ctx: RequestContext,
  deps: Deps,
): Promise<OperationOutput<typeof operations.GetAgentSpace>> {
  concernsSpace(ctx, deps, input.agentSpaceId);
  const { accountId } = ctx.caller;
  const space = await requireSpace(deps, accountId, input.agentSpaceId);
  const { arn } = spaceResource({ accountId, region: deps.config.region }, input.agentSpaceId);
  return { agentSpace: toAgentSpace(space), tags: space.tags, arn };
}
