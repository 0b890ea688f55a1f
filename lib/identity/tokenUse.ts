import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Deps } from '../context.ts';
import { keys } from '../store/keys.ts';
import type { VerifiedToken } from './verifyAccessToken.ts';

/** How exact `lastUsedAt` is: people ask whether a token is in use at all, and each answer costs a write. */
const INTERVAL_MS = 5 * 60_000;

/** Tokens that a process remembers, some 100 bytes each. */
const MAX_REMEMBERED = 10_000;

/** Notes that a token was used. Never rejects: what could not be written is left out. */
export type NoteTokenUse = (token: Pick<VerifiedToken, 'accountId' | 'tokenId'>) => Promise<void>;

/**
 * Notes the last use of tokens, each at most once in five minutes per process. A token that is gone stays gone, and
 * a later use is never replaced by an earlier one.
 */
export function createTokenUse(deps: Pick<Deps, 'store' | 'config' | 'now'>): NoteTokenUse {
  const noted = new Map<string, number>();
  return async ({ accountId, tokenId }) => {
    const now = deps.now();
    if (now - (noted.get(tokenId) ?? Number.NEGATIVE_INFINITY) < INTERVAL_MS) return;
    remember(noted, tokenId, now);
    await write(accountId, tokenId, now, deps).catch(() => undefined);
  };
}

/** Before the write, so that calls meanwhile do without; the oldest makes room. */
function remember(noted: Map<string, number>, tokenId: string, now: number): void {
  noted.delete(tokenId);
  const oldest = noted.size >= MAX_REMEMBERED ? noted.keys().next().value : undefined;
  if (oldest !== undefined) noted.delete(oldest);
  noted.set(tokenId, now);
}

async function write(
  accountId: string,
  tokenId: string,
  now: number,
  deps: Pick<Deps, 'store' | 'config'>,
): Promise<void> {
  await deps.store.send(
    new UpdateCommand({
      TableName: deps.config.tableName,
      Key: keys.accessTokenUse(accountId, tokenId),
      UpdateExpression: 'SET lastUsedAt = :at',
      ConditionExpression: 'attribute_exists(pk) AND (attribute_not_exists(lastUsedAt) OR lastUsedAt < :at)',
      ExpressionAttributeValues: { ':at': new Date(now).toISOString() },
    }),
  );
}
