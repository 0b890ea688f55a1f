import { fail } from '../api/errors.ts';
import type { OperationInput, OperationOutput } from '../api/operation.ts';
import type { operations } from '../api/operations.ts';
import type { Deps, RequestContext } from '../context.ts';
import { conditionFailed } from '../store/conditionFailed.ts';
import { unchanged } from '../store/write.ts';
import {
  type AccessTokenCopy,
  lastingMembers,
  noAccessToken,
  requireAccessToken,
} from './accessTokenItem.ts';
import { issueAccessToken, type WantedToken } from './issueAccessToken.ts';

/**
 * Gives a token a new value and a fresh period, with the settings that it has; the old value is dead at once. An
 * expired token comes back into use.
 */
export async function rotateAccessToken(
  input: OperationInput<typeof operations.RotateAccessToken>,
  ctx: RequestContext,
  deps: Deps,
): Promise<OperationOutput<typeof operations.RotateAccessToken>> {
  const { agentSpaceId, tokenId } = input;
  const before = await requireAccessToken(input, ctx, deps);
  try {
    return await issueAccessToken(renewed(before, ctx.at), unchanged('token', before.version), ctx, deps);
  } catch (error) {
    const lost = conditionFailed(error, 'token');
    if (!lost) throw error;
    if (!lost.item) noAccessToken(agentSpaceId, tokenId);
    throw fail(
      'ConflictException',
      `Access token ${tokenId} was rotated at the same time: the other call has its value.`,
    );
  }
}

function renewed(before: AccessTokenCopy, at: number): WantedToken {
  return { ...lastingMembers(before), rotatedAt: new Date(at).toISOString(), version: before.version + 1 };
}
