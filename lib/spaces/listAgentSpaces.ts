import type { OperationInput, OperationOutput } from '../api/operation.ts';
import type { operations } from '../api/operations.ts';
import type { Deps, RequestContext } from '../context.ts';
import { keys } from '../store/keys.ts';
import { queryPage } from '../store/read.ts';
import { type SpaceItem, toAgentSpace } from './spaceItem.ts';

/** One page of the account's spaces, oldest first. */
export async function listAgentSpaces(
  input: OperationInput<typeof operations.ListAgentSpaces>,
  ctx: RequestContext,
  deps: Deps,
): Promise<OperationOutput<typeof operations.ListAgentSpaces>> {
  const { accountId } = ctx.caller;
  const { items, nextToken } = await queryPage<SpaceItem>(deps, {
    pk: keys.spaces(accountId),
    scope: { accountId, operation: 'ListAgentSpaces', filter: '' },
    maxResults: input.maxResults,
    nextToken: input.nextToken,
  });
  return { agentSpaces: items.map(toAgentSpace), nextToken };
}
