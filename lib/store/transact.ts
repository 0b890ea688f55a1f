import { randomUUID } from 'node:crypto';
import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import {
  type DynamoDBDocumentClient,
  TransactWriteCommand,
  type TransactWriteCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { fail } from '../api/errors.ts';
import { ConditionFailed, failedClauses } from './conditionFailed.ts';
import { backoff, type RetryKind, retryKind } from './transactRetry.ts';

export type TransactItem = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

/** One write or check of a transaction; the name tells which condition failed. */
export interface TransactClause {
  name?: string;
  item: TransactItem;
}

export interface TransactOptions {
  /** Waits this many milliseconds. */
  sleep: (ms: number) => Promise<unknown>;
  /** At least 0, below 1. */
  random: () => number;
  /** Makes a ClientRequestToken (at most 36 characters); random UUIDs when left out. */
  newToken?: () => string;
}

/** DynamoDB's own limit of one transaction. */
export const MAX_TRANSACT_ITEMS = 100;
/** With the delays of {@link backoff} about 3 s at worst: a caller still waits, and 32 writers of one item all get through. */
const MAX_TRIES = 10;

/**
 * Writes all clauses or none. Conflicts with other transactions and throttling are retried with full jitter,
 * 10 tries in about 3 s. An outcome that is unknown (a lost answer) is asked for again under the same
 * ClientRequestToken, so that the write happens once.
 * @throws ConditionFailed with each failed clause and the stored item that won
 * @throws ApiError ThrottlingException when conflicts or throttling outlast the tries
 */
export async function transact(
  client: DynamoDBDocumentClient,
  clauses: readonly TransactClause[],
  options: TransactOptions,
): Promise<void> {
  if (clauses.length < 1 || clauses.length > MAX_TRANSACT_ITEMS) {
    throw new RangeError(`A transaction takes 1 to ${MAX_TRANSACT_ITEMS} items, not ${clauses.length}.`);
  }
  const newToken = options.newToken ?? randomUUID;
  const items = clauses.map(clause => withLosingItem(clause.item));
  let token = newToken();
  for (let attempt = 1; ; attempt++) {
    try {
      await client.send(new TransactWriteCommand({ TransactItems: items, ClientRequestToken: token }));
      return;
    } catch (error) {
      const kind = retryKind(error);
      if (kind === 'none') throw typed(error, clauses);
      if (attempt === MAX_TRIES) throw exhausted(error, kind);
      // A decided transaction must not be answered from its token's record; an undecided one must.
      if (kind === 'decided') token = newToken();
      await options.sleep(backoff(attempt, options.random));
    }
  }
}

function typed(error: unknown, clauses: readonly TransactClause[]): unknown {
  if (!(error instanceof TransactionCanceledException)) return error;
  const names = clauses.map(clause => clause.name);
  const failures = failedClauses(error.CancellationReasons ?? [], names);
  return failures.length > 0 ? new ConditionFailed(failures) : cancelled(error);
}

/** The same error without the stored items that its reasons carry. */
function cancelled(error: TransactionCanceledException): Error {
  const reasons = (error.CancellationReasons ?? []).map(({ Code, Message }) =>
    Message ? `${Code}: ${Message}` : (Code ?? 'None'),
  );
  return new Error(`Transaction cancelled (${reasons.join('; ')})`);
}

function exhausted(error: unknown, kind: RetryKind): unknown {
  if (kind === 'unknown') return error;
  return fail('ThrottlingException', 'Too many changes at once. Wait a moment and try again.');
}

function withLosingItem(item: TransactItem): TransactItem {
  const asked = { ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const };
  return {
    ...(item.Put && { Put: { ...asked, ...item.Put } }),
    ...(item.Update && { Update: { ...asked, ...item.Update } }),
    ...(item.Delete && { Delete: { ...asked, ...item.Delete } }),
    ...(item.ConditionCheck && { ConditionCheck: { ...asked, ...item.ConditionCheck } }),
  };
}
