import type { OperationInput, OperationOutput } from '../api/operation.ts';
import type { operations } from '../api/operations.ts';
import type { Deps, RequestContext } from '../context.ts';
import { concernsSpace, requireSpace } from '../spaces/spaceItem.ts';
import { keys } from '../store/keys.ts';
import { getMany, queryPage } from '../store/read.ts';
import { type AccessTokenCopy, type AccessTokenUseItem, toAccessToken } from './accessTokenItem.ts';

/** One page of a space's tokens, oldest first; never their values. */
export async function listAccessTokens(
  input: OperationInput<typeof operations.ListAccessTokens>,
  ctx: RequestContext,
  deps: Deps,
): Promise<OperationOutput<typeof operations.ListAccessTokens>> {
  const { accountId } = ctx.caller;
  const { agentSpaceId } = input;
  concernsSpace(ctx, deps, agentSpaceId);
  const [{ items, nextToken }] = await Promise.all([
    queryPage<AccessTokenCopy>(deps, {
      pk: keys.spaceParts(accountId, agentSpaceId),
      prefix: 'TOK#',
      scope: { accountId, operation: 'ListAccessTokens', filter: agentSpaceId },
      maxResults: input.maxResults,
      nextToken: input.nextToken,
    }),
    requireSpace(deps, accountId, agentSpaceId),
  ]);
  const used = await lastUses(items, accountId, deps);
  const accessTokens = items.map(token => toAccessToken(token, ctx.at, deps.config, used.get(token.tokenId)));
  return { accessTokens, nextToken };
}

async function lastUses(
  tokens: readonly AccessTokenCopy[],
  accountId: string,
  deps: Deps,
): Promise<Map<string, string | undefined>> {
  const uses = await getMany<AccessTokenUseItem>(
    deps,
    tokens.map(({ tokenId }) => keys.accessTokenUse(accountId, tokenId)),
  );
  return new Map(uses.map(({ tokenId, lastUsedAt }) => [tokenId, lastUsedAt]));
}
