import { fail } from '../api/errors.ts';
import type { OperationOutput } from '../api/operation.ts';
import type { operations } from '../api/operations.ts';
import type { Deps, RequestContext } from '../context.ts';
import { hashSecret, mintAccessToken } from '../identity/accessTokenText.ts';
import { noSpace } from '../spaces/spaceItem.ts';
import { conditionFailed } from '../store/conditionFailed.ts';
import { keys } from '../store/keys.ts';
import type { TransactClause } from '../store/transact.ts';
import { check, commit, type Guard, present, put, update } from '../store/write.ts';
import { type AccessTokenSettings, toAccessToken } from './accessTokenItem.ts';
import { freeExpiredPlaces, type PlacesItem, takePlace } from './places.ts';

/** A token as it shall be, but for the time that it ends. */
export type WantedToken = Omit<AccessTokenSettings, 'expiresAtMs' | 'expiresAt'>;

const DAY_SECONDS = 86_400;

/**
 * Days that an expired token is kept: an agent that still comes with it is told from a stranger, and it can be
 * rotated back into use.
 */
const KEPT_DAYS = 30;

/** Times that room is made; another call may take what was freed. */
const ATTEMPTS = 5;

/**
 * Writes a token with a new secret, in one transaction with its event: the space must exist, and have a place for
 * it. Whatever value the token had is worth nothing from then on.
 * @param guard condition on the token's item, named `token`
 * @throws ConditionFailed when the guard did not hold; ResourceNotFoundException, ServiceQuotaExceededException
 */
export async function issueAccessToken(
  wanted: WantedToken,
  guard: Guard,
  ctx: RequestContext,
  deps: Deps,
): Promise<OperationOutput<typeof operations.CreateAccessToken>> {
  const { accountId } = ctx.caller;
  const { text, secret } = mintAccessToken(accountId, wanted.tokenId);
  const token = { ...wanted, ...endOf(wanted, ctx.at) };
  const items = writes(token, secret, guard, accountId, deps);
  const response = { accessToken: toAccessToken(token, ctx.at, deps.config), tokenValue: text };
  for (let attempt = 1; ; attempt++) {
    try {
      await commit(ctx, deps, items, response);
      return response;
    } catch (error) {
      if (conditionFailed(error, 'space')) noSpace(wanted.agentSpaceId);
      const full = conditionFailed(error, 'places')?.item as unknown as PlacesItem | undefined;
      if (!full) throw error;
      const taken = full.tokenIds ?? [];
      const freed = await freeExpiredPlaces(deps, accountId, wanted.agentSpaceId, taken, ctx.at);
      if (!freed || attempt === ATTEMPTS) throw quotaExceeded(deps);
    }
  }
}

function endOf({ expiresInDays }: WantedToken, at: number) {
  const end = Math.floor(at / 1000) + expiresInDays * DAY_SECONDS;
  return { expiresAtMs: end * 1000, expiresAt: end + KEPT_DAYS * DAY_SECONDS };
}

function writes(
  token: AccessTokenSettings,
  secret: string,
  guard: Guard,
  account: string,
  deps: Deps,
): TransactClause[] {
  const { tableName: table } = deps.config;
  const { tokenId, agentSpaceId: space, expiresAt } = token;
  const secretHash = hashSecret(secret).toString('hex');
  return [
    put(table, keys.accessToken(account, tokenId), { ...token, secretHash }, guard),
    put(table, keys.accessTokenCopy(account, space, tokenId), token),
    update(table, keys.accessTokenUse(account, tokenId), { set: { tokenId, expiresAt } }),
    takePlace(deps, account, space, tokenId),
    check(table, keys.space(account, space), present('space')),
  ];
}

function quotaExceeded(deps: Deps): Error {
  const quota = deps.config.quotas.accessTokensPerSpace;
  return fail(
    'ServiceQuotaExceededException',
    `An agent space may have ${quota} access tokens that have not expired (QUOTA_ACCESS_TOKENS_PER_SPACE). Revoke one, or raise the quota.`,
  );
}
