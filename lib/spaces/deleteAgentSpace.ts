import type { OperationInput, OperationOutput } from '../api/operation.ts';
import type { operations } from '../api/operations.ts';
import type { Deps, RequestContext } from '../context.ts';
import { conditionFailed } from '../store/conditionFailed.ts';
import { keys } from '../store/keys.ts';

import { commit, present, put, remove, update } from '../store/write.ts';
import { concernsSpace, noSpace } from './spaceItem.ts';
import { sweepSpace } from './sweepDeletedSpaces.ts';

/** Batches removed before the call answers: most spaces are gone entirely by then, no call takes long. */
const BATCHES_INLINE = 5;

/**
 * Deletes a space. From the moment this commits the space is gone for every caller; its associations are
 * removed in small transactions, begun here and finished by {@link sweepDeletedSpaces} whatever happens.
 */
export async function deleteAgentSpace(
  input: OperationInput<typeof operations.DeleteAgentSpace>,
  ctx: RequestContext,
  deps: Deps,
): Promise<OperationOutput<typeof operations.DeleteAgentSpace>> {
  const { agentSpaceId } = input;
  const { accountId } = ctx.caller;
  const { tableName: table } = deps.config;
  concernsSpace(ctx, deps, agentSpaceId);
  try {
    await commit(
      ctx,
      deps,
      [
        remove(table, keys.space(accountId, agentSpaceId), present('space')),
        update(table, keys.count(accountId, 'SPC'), { add: { used: -1 } }),
        put(table, keys.deletion(accountId, agentSpaceId), { accountId, agentSpaceId }),
      ],
      {},
    );
  } catch (error) {
    if (conditionFailed(error, 'space')) noSpace(agentSpaceId);
    throw error;
  }
  // The deletion itself is committed and will be finished by the sweep: its failure is not the caller's.
  await sweepSpace(deps, accountId, agentSpaceId, BATCHES_INLINE).catch(() => undefined);
  return {};
}
