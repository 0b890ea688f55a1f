import { fail, invalid } from '../api/errors.ts';
import type { OperationInput, OperationOutput } from '../api/operation.ts';
import type { operations } from '../api/operations.ts';
import type { Deps, RequestContext } from '../context.ts';
import { conditionFailed } from '../store/conditionFailed.ts';
import { keys } from '../store/keys.ts';

import { commit, unchanged, update } from '../store/write.ts';
import { concernsSpace, noSpace, requireSpace, type SpaceItem, toAgentSpace } from './spaceItem.ts';

/** Changes the given members of a space; what is not given is kept. */
export async function updateAgentSpace(
  input: OperationInput<typeof operations.UpdateAgentSpace>,
  ctx: RequestContext,
  deps: Deps,
): Promise<OperationOutput<typeof operations.UpdateAgentSpace>> {
  const { agentSpaceId, ...members } = input;
  const given = Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
  if (Object.keys(given).length === 0) {
    throw invalid('', 'nothing to change: give name, description, locale, preferences or state');
  }
  concernsSpace(ctx, deps, agentSpaceId);
  const before = await requireSpace(deps, ctx.caller.accountId, agentSpaceId);
  const changes = { ...given, updatedAt: new Date(ctx.at).toISOString(), version: before.version + 1 };
  const response = { agentSpace: toAgentSpace({ ...before, ...changes } as SpaceItem) };
  const key = keys.space(ctx.caller.accountId, agentSpaceId);
  const write = update(deps.config.tableName, key, { set: changes }, unchanged('space', before.version));
  try {
    await commit(ctx, deps, [write], response);
  } catch (error) {
    throw explain(error, agentSpaceId);
  }
  return response;
}

function explain(error: unknown, space: string): unknown {
  const lost = conditionFailed(error, 'space');
  if (!lost) return error;
  if (!lost.item) noSpace(space);
  return fail(
    'ConflictException',
    `Agent space ${space} was changed at the same time. Read it and try again.`,
  );
}
