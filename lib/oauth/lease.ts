import { randomUUID } from 'node:crypto';
import { DeleteCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { Deps } from '../context.ts';
import { holds } from '../store/conditional.ts';
import { type Key, keys, SCHEMA_VERSION } from '../store/keys.ts';
import { TTL_ATTRIBUTE } from '../store/table.ts';
import type { TransactClause } from '../store/transact.ts';
import { remove } from '../store/write.ts';
import type { TokenPlace } from './tokenItem.ts';
import { TOKEN_REQUEST_TIMEOUT_MS } from './tokenRequest.ts';

/** Milliseconds by which the clocks of two processes may differ. */
const CLOCK_SKEW_MS = 5_000;
/** Milliseconds for reading the credential before the token request; slower readers give the lease back. */
const READ_MS = 3_000;
/** Milliseconds for writing what was granted, retries included. */
const WRITE_MS = 4_000;

/** Milliseconds: whoever holds it has asked, been answered and written before another may begin. */
export const LEASE_MS = READ_MS + TOKEN_REQUEST_TIMEOUT_MS + WRITE_MS + CLOCK_SKEW_MS;

/** Seconds after which a forgotten lease is removed from the table; readers go by `untilMs`. */
const KEPT_S = 3_600;

/** The right to get new tokens for a registration, across processes. */
export interface Lease {
  owner: string;
  /** Epoch milliseconds; from then on another may take it. */
  untilMs: number;
}

export interface LeaseItem extends Key, Lease {}

type LeaseDeps = Pick<Deps, 'store' | 'config' | 'now'>;

/** Takes the lease, unless another holds one that has not run out. One conditional write. */
export async function takeLease(place: TokenPlace, deps: LeaseDeps): Promise<Lease | undefined> {
  const now = deps.now();
  const lease: Lease = { owner: randomUUID(), untilMs: now + LEASE_MS };
  const isOurs = await holds(
    deps.store.send(
      new PutCommand({
        TableName: deps.config.tableName,
        Item: {
          ...keys.lease(place.accountId, place.serviceId),
          ...lease,
          v: SCHEMA_VERSION,
          [TTL_ATTRIBUTE]: Math.ceil(lease.untilMs / 1000) + KEPT_S,
        },
        ConditionExpression: 'attribute_not_exists(pk) OR untilMs < :now',
        ExpressionAttributeValues: { ':now': now },
      }),
    ),
  );
  return isOurs ? lease : undefined;
}

/** Gives the lease back, where it is still this one. */
export async function dropLease(place: TokenPlace, lease: Lease, deps: LeaseDeps): Promise<void> {
  const { Delete } = leaseRemoval(place, lease, deps).item;
  if (Delete) await holds(deps.store.send(new DeleteCommand(Delete)));
}

/** The same as part of a transaction; its condition is named `lease`. */
export function leaseRemoval(
  { accountId, serviceId }: TokenPlace,
  { owner }: Lease,
  { config }: Pick<Deps, 'config'>,
): TransactClause {
  return remove(config.tableName, keys.lease(accountId, serviceId), {
    name: 'lease',
    condition: '#owner = :owner',
    names: { '#owner': 'owner' },
    values: { ':owner': owner },
  });
}

/** Whether enough of it is left for a token request and its write. */
export function hasTimeLeft(lease: Lease, now: number): boolean {
  return lease.untilMs - now >= LEASE_MS - READ_MS;
}
