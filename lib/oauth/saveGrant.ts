import { ConditionFailed, conditionFailed } from '../store/conditionFailed.ts';
import { keys } from '../store/keys.ts';
import { type TransactClause, transact } from '../store/transact.ts';
import { type Lease, leaseRemoval } from './lease.ts';
import type { Standing, StoredTokenDeps, Wanted } from './refreshStored.ts';
import { type OpenTokens, sameTokens, type TokenPlace, tokenWrite } from './tokenItem.ts';
import type { Grant } from './types.ts';

/**
 * Writes what was granted. A granted refresh token may be the only good one, so an outage of the table or of the key
 * is outwaited for as long as the lease lasts. `undefined` where others changed the tokens meanwhile: theirs count.
 */
export async function saveGrant(
  place: TokenPlace,
  lease: Lease,
  standing: Standing,
  grant: Grant,
  wanted: Wanted,
  deps: StoredTokenDeps,
): Promise<OpenTokens | undefined> {
  const { kmsKeyArn } = standing.service;
  const more = {
    guard: sameTokens(standing.item),
    ...(wanted.replacedAt === undefined ? {} : { replacedAt: wanted.replacedAt }),
  };
  const { clause, open } = await outwaiting(lease, deps, () =>
    tokenWrite({ ...place, kmsKeyArn }, grant.tokens, deps, more),
  );
  const clauses = [clause, ...sameCredential(place, standing, deps)];
  const write = (all: TransactClause[]) => outwaiting(lease, deps, () => transact(deps.store, all, deps));
  try {
    await write([...clauses, leaseRemoval(place, lease, deps)]).catch(error => {
      // The lease ran out and is another's: the tokens still count, and the other will see them.
      if (!isOnly(error, 'lease')) throw error;
      return write(clauses);
    });
    return open;
  } catch (error) {
    if (!(error instanceof ConditionFailed)) throw error;
    // A try whose answer was lost may have written it.
    return conditionFailed(error, 'token')?.item?.version === open.version ? open : undefined;
  }
}

function isOnly(error: unknown, name: string): boolean {
  return error instanceof ConditionFailed && error.failures.every(failed => failed.name === name);
}

async function outwaiting<T>(lease: Lease, deps: StoredTokenDeps, work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await work();
    } catch (error) {
      if (error instanceof ConditionFailed || deps.now() >= lease.untilMs) throw error;
      await deps.sleep(Math.min(2_000, 100 * 2 ** tries));
    }
  }
}

/**
 * Tokens of client credentials are kept only while the credential is the one that they were got with. A consent's
 * tokens change together with its credential, and a rotated refresh token must not be lost to anything else.
 */
function sameCredential(
  { accountId, serviceId }: TokenPlace,
  { credential, stored }: Standing,
  { config }: StoredTokenDeps,
): TransactClause[] {
  if (credential.kind !== 'oauth-client-credentials') return [];
  return [
    {
      name: 'credential',
      item: {
        ConditionCheck: {
          TableName: config.tableName,
          Key: keys.credential(accountId, serviceId),
          ConditionExpression: 'ciphertext = :ciphertext',
          ExpressionAttributeValues: { ':ciphertext': stored.ciphertext },
        },
      },
    },
  ];
}
