import type * as z from 'zod';
import { fail } from '../api/errors.ts';
import type { AccessToken } from '../api/schemas/accessTokens.ts';
import type { Config, Deps, RequestContext } from '../context.ts';
import { accessTokenResource } from '../identity/arn.ts';
import { isOutdated } from '../identity/outdated.ts';
import { concernsSpace } from '../spaces/spaceItem.ts';
import { type Key, keys } from '../store/keys.ts';
import { getItem } from '../store/read.ts';

type Shown = z.input<typeof AccessToken>;

/** Everything about a token but its secret. */
export interface AccessTokenSettings
  extends Pick<
    Shown,
    'tokenId' | 'agentSpaceId' | 'name' | 'scope' | 'clientType' | 'allowedCidrs' | 'expiresInDays'
  > {
  createdAt: string;
  /** ARN of whoever created it. */
  createdBy: string;
  rotatedAt?: string;
  /** Epoch milliseconds, of a whole second: from then on it is refused. */
  expiresAtMs: number;
  /** Epoch seconds: from then on it may be removed. */
  expiresAt: number;
  /** Counts its values: 1 is that of its creation. */
  version: number;
}

/** A token as its space lists it. */
export interface AccessTokenCopy extends AccessTokenSettings, Key {}

/** A token as it is found by its id alone. */
export interface AccessTokenItem extends AccessTokenCopy {
  /** SHA-256 of the secret, in hexadecimal. */
  secretHash: string;
}

/** When a token was last used; apart, so that noting it never meets a change of the token. */
export interface AccessTokenUseItem extends Key {
  tokenId: string;
  lastUsedAt?: string;
  expiresAt: number;
}

/** What stays the same from one value of a token to the next. */
export function lastingMembers(token: AccessTokenSettings) {
  const { tokenId, agentSpaceId, name, scope, clientType, allowedCidrs, expiresInDays } = token;
  const { createdAt, createdBy } = token;
  return {
    tokenId,
    agentSpaceId,
    name,
    scope,
    clientType,
    allowedCidrs,
    expiresInDays,
    createdAt,
    createdBy,
  };
}

/** Whether the token's value is from before `TOKENS_VALID_FROM`, or tells no time. */
export function hasOutdatedValue(
  { createdAt, rotatedAt }: Pick<AccessTokenSettings, 'createdAt' | 'rotatedAt'>,
  config: Pick<Config, 'tokensValidFrom'>,
): boolean {
  return isOutdated(Date.parse(rotatedAt ?? createdAt), config);
}

/** What callers see of a token at a moment (epoch milliseconds). */
export function toAccessToken(
  token: AccessTokenSettings,
  at: number,
  config: Pick<Config, 'tokensValidFrom'>,
  lastUsedAt?: string,
): Shown {
  return {
    ...lastingMembers(token),
    status: token.expiresAtMs > at && !hasOutdatedValue(token, config) ? 'active' : 'expired',
    expiresAt: new Date(token.expiresAtMs).toISOString(),
    rotatedAt: token.rotatedAt,
    lastUsedAt,
  };
}

/** The token of a space, with its name in the event of the call. @throws ResourceNotFoundException */
export async function requireAccessToken(
  { agentSpaceId, tokenId }: { agentSpaceId: string; tokenId: string },
  ctx: RequestContext,
  deps: Deps,
): Promise<AccessTokenCopy> {
  concernsAccessToken(ctx, deps, agentSpaceId, tokenId);
  const key = keys.accessTokenCopy(ctx.caller.accountId, agentSpaceId, tokenId);
  const token = (await getItem<AccessTokenCopy>(deps, key)) ?? noAccessToken(agentSpaceId, tokenId);
  ctx.audit.add({ accessTokenName: token.name });
  return token;
}

/** @throws ResourceNotFoundException always */
export function noAccessToken(space: string, tokenId: string): never {
  throw fail(
    'ResourceNotFoundException',
    `Agent space ${space} has no access token ${tokenId}. ListAccessTokens shows those it has.`,
  );
}

/** Names the token and its space in the audit event of a call. */
export function concernsAccessToken(ctx: RequestContext, deps: Deps, space: string, tokenId: string): void {
  const place = { accountId: ctx.caller.accountId, region: deps.config.region };
  ctx.audit.concerns(accessTokenResource(place, space, tokenId));
  concernsSpace(ctx, deps, space);
}
