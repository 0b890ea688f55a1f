import { timingSafeEqual } from 'node:crypto';
import { type AccessTokenItem, hasOutdatedValue } from '../accessTokens/accessTokenItem.ts';
import type { Config, Deps } from '../context.ts';
import { keys } from '../store/keys.ts';
import { getItem } from '../store/read.ts';
import { type AccessTokenParts, hashSecret, readAccessToken } from './accessTokenText.ts';
import { isAllowedAddress } from './addressAllowlist.ts';

/** A token whose secret was proven. */
export interface VerifiedToken
  extends Pick<
    AccessTokenItem,
    'tokenId' | 'agentSpaceId' | 'name' | 'scope' | 'clientType' | 'allowedCidrs' | 'version'
  > {
  accountId: string;
  /** Epoch milliseconds. */
  expiresAt: number;
}

/** Whoever comes with it may be anyone. */
export type UnprovenRefusal = 'malformed' | 'unknown' | 'wrong-secret';
/** The token is the caller's, and not good for this. */
export type ProvenRefusal = 'expired' | 'outdated' | 'other-space' | 'address-not-allowed' | 'space-deleted';
export type TokenRefusal = UnprovenRefusal | ProvenRefusal;

export type TokenVerdict =
  | { ok: true; token: VerifiedToken }
  | { ok: false; reason: UnprovenRefusal }
  | { ok: false; reason: ProvenRefusal; token: VerifiedToken };

/** What a token is wanted for. */
export interface TokenRequest {
  agentSpaceId: string;
  /** As the entry point has it; see {@link isAllowedAddress}. */
  sourceIp: string;
}

/** Verifies the text of an access token with one read; none where the text is no token. */
export async function verifyAccessToken(
  text: string,
  request: TokenRequest,
  deps: Pick<Deps, 'store' | 'config' | 'now'>,
): Promise<TokenVerdict> {
  const parts = readAccessToken(text);
  if (!parts) return { ok: false, reason: 'malformed' };
  const item = await findAccessToken(parts, deps);
  if (!item) return { ok: false, reason: 'unknown' };
  return judgeAccessToken(item, parts, { ...request, now: deps.now() }, deps.config);
}

/** The stored token of an id, strongly consistent; its secret is not looked at. */
export function findAccessToken(
  { accountId, tokenId }: Pick<AccessTokenParts, 'accountId' | 'tokenId'>,
  deps: Pick<Deps, 'store' | 'config'>,
): Promise<AccessTokenItem | undefined> {
  return getItem<AccessTokenItem>(deps, keys.accessToken(accountId, tokenId));
}

/**
 * Judges a stored token that was found under these parts' account and id. The secret comes first: of a token that
 * is not the caller's nothing else is told. Expiry is judged here, since removal of expired items lags.
 */
export function judgeAccessToken(
  item: AccessTokenItem,
  { accountId, secret }: Pick<AccessTokenParts, 'accountId' | 'secret'>,
  { agentSpaceId, sourceIp, now }: TokenRequest & { now: number },
  config: Pick<Config, 'tokensValidFrom'>,
): TokenVerdict {
  if (!timingSafeEqual(Buffer.from(item.secretHash, 'hex'), hashSecret(secret))) {
    return { ok: false, reason: 'wrong-secret' };
  }
  const token = verified(item, accountId);
  if (now >= token.expiresAt) return { ok: false, reason: 'expired', token };
  if (hasOutdatedValue(item, config)) return { ok: false, reason: 'outdated', token };
  if (agentSpaceId !== token.agentSpaceId) return { ok: false, reason: 'other-space', token };
  if (token.allowedCidrs && !isAllowedAddress(sourceIp, token.allowedCidrs)) {
    return { ok: false, reason: 'address-not-allowed', token };
  }
  return { ok: true, token };
}

function verified(item: AccessTokenItem, accountId: string): VerifiedToken {
  const { tokenId, agentSpaceId, name, scope, clientType, allowedCidrs, version, expiresAtMs } = item;
  return {
    accountId,
    tokenId,
    agentSpaceId,
    name,
    scope,
    clientType,
    allowedCidrs,
    version,
    expiresAt: expiresAtMs,
  };
}
