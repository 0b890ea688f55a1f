import type { Deps } from '../context.ts';
import { ConditionFailed } from '../store/conditionFailed.ts';
import { type Key, keys } from '../store/keys.ts';
import { getMany } from '../store/read.ts';
import { type TransactClause, transact } from '../store/transact.ts';
import { check, type Guard, present, update } from '../store/write.ts';
import type { AccessTokenCopy } from './accessTokenItem.ts';

/**
 * The ids of a space's tokens, as one set. Its size is the condition of every new token, so that the quota holds
 * under any concurrency. Ids of tokens that ended by themselves stay until their place is needed.
 */
export interface PlacesItem extends Key {
  tokenIds?: Set<string>;
}

/** Keys of one BatchGetItem at most, and below the 100 items of a transaction. */
const BATCH = 90;

/** Takes a place, or keeps the one that the token has. The guard is called `places`. */
export function takePlace(deps: Deps, account: string, space: string, tokenId: string): TransactClause {
  const guard: Guard = {
    name: 'places',
    condition: 'attribute_not_exists(#ids) OR contains(#ids, :tokenId) OR size(#ids) < :quota',
    names: { '#ids': 'tokenIds' },
    values: { ':tokenId': tokenId, ':quota': deps.config.quotas.accessTokensPerSpace },
  };
  const key = keys.accessTokenPlaces(account, space);
  return update(deps.config.tableName, key, { add: { tokenIds: new Set([tokenId]) } }, guard);
}

/** Gives places up. */
export function freePlaces(
  deps: Pick<Deps, 'config'>,
  account: string,
  space: string,
  tokenIds: readonly string[],
  guard?: Guard,
): TransactClause {
  const key = keys.accessTokenPlaces(account, space);
  return update(deps.config.tableName, key, { drop: { tokenIds: new Set(tokenIds) } }, guard);
}

/**
 * Frees the places of tokens that have expired, some of them at least. Each must still be expired when that is
 * written: one that is rotated at the same moment keeps its place. Answers whether there were any.
 */
export async function freeExpiredPlaces(
  deps: Deps,
  account: string,
  space: string,
  taken: Iterable<string>,
  at: number,
): Promise<boolean> {
  const expired = await expiredAmong(deps, account, space, [...taken], at);
  if (expired.length === 0) return false;
  const over = { name: 'expired', condition: OVER, values: { ':at': at } };
  const checks = expired.map(tokenId =>
    check(deps.config.tableName, keys.accessTokenCopy(account, space, tokenId), over),
  );
  // Unguarded, it would make an item anew that went with its space.
  const freed = freePlaces(deps, account, space, expired, present('places'));
  try {
    await transact(deps.store, [freed, ...checks], deps);
  } catch (error) {
    // One was rotated, or the space deleted meanwhile: the next look tells.
    if (!(error instanceof ConditionFailed)) throw error;
  }
  return true;
}

const OVER = 'attribute_not_exists(pk) OR expiresAtMs <= :at';

async function expiredAmong(
  deps: Deps,
  account: string,
  space: string,
  tokenIds: readonly string[],
  at: number,
): Promise<string[]> {
  const expired: string[] = [];
  for (let from = 0; from < tokenIds.length && expired.length === 0; from += BATCH) {
    const some = tokenIds.slice(from, from + BATCH);
    const copies = await getMany<AccessTokenCopy>(
      deps,
      some.map(tokenId => keys.accessTokenCopy(account, space, tokenId)),
    );
    const live = new Set(copies.filter(({ expiresAtMs }) => expiresAtMs > at).map(({ tokenId }) => tokenId));
    expired.push(...some.filter(tokenId => !live.has(tokenId)));
  }
  return expired;
}
