import type { OperationInput, OperationOutput } from '../api/operation.ts';
import type { operations } from '../api/operations.ts';
import type { Deps, RequestContext } from '../context.ts';
import { noSpace } from '../spaces/spaceItem.ts';
import { conditionFailed } from '../store/conditionFailed.ts';
import { keys } from '../store/keys.ts';
import type { TransactClause } from '../store/transact.ts';
import { check, commit, present, remove } from '../store/write.ts';
import { noAccessToken, requireAccessToken } from './accessTokenItem.ts';
import { freePlaces } from './places.ts';

/** Removes a token for good. */
export async function revokeAccessToken(
  input: OperationInput<typeof operations.RevokeAccessToken>,
  ctx: RequestContext,
  deps: Deps,
): Promise<OperationOutput<typeof operations.RevokeAccessToken>> {
  const { agentSpaceId, tokenId } = input;
  const { accountId } = ctx.caller;
  await requireAccessToken(input, ctx, deps);
  const items = [
    check(deps.config.tableName, keys.space(accountId, agentSpaceId), present('space')),
    ...accessTokenRemovals(deps, accountId, agentSpaceId, tokenId),
    freePlaces(deps, accountId, agentSpaceId, [tokenId]),
  ];
  try {
    await commit(ctx, deps, items, {});
  } catch (error) {
    if (conditionFailed(error, 'space')) noSpace(agentSpaceId);
    if (conditionFailed(error, 'token')) noAccessToken(agentSpaceId, tokenId);
    throw error;
  }
  return {};
}

/** Every item of a token but its place. The space's list decides whether it is there: the guard is called `token`. */
export function accessTokenRemovals(
  deps: Pick<Deps, 'config'>,
  account: string,
  space: string,
  tokenId: string,
): TransactClause[] {
  const { tableName: table } = deps.config;
  return [
    remove(table, keys.accessTokenCopy(account, space, tokenId), present('token')),
    remove(table, keys.accessToken(account, tokenId)),
    remove(table, keys.accessTokenUse(account, tokenId)),
  ];
}
