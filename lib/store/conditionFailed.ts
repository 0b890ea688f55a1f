import type { CancellationReason } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { understood } from './storedVersion.ts';

/** One clause of a transaction whose condition did not hold. */
export interface FailedClause {
  /** Its place in the transaction. */
  index: number;
  name?: string;
  /** The stored item that won; left out when there is none (the item was expected to exist). */
  item?: Record<string, unknown>;
}

/** Conditions of a transaction did not hold: nothing was written. */
export class ConditionFailed extends Error {
  override readonly name = 'ConditionFailed';
  // Private, so that stored items never show when the error is logged.
  readonly #failures: readonly FailedClause[];
  constructor(failures: readonly FailedClause[]) {
    super(`Condition failed: ${failures.map(failure => failure.name ?? `item ${failure.index}`).join(', ')}`);
    this.#failures = failures;
  }
  get failures(): readonly FailedClause[] {
    return this.#failures;
  }
}

/** The named clause that failed, or undefined: when `error` is another error, or that clause's condition held. */
export function conditionFailed(error: unknown, name: string): FailedClause | undefined {
  if (!(error instanceof ConditionFailed)) return undefined;
  return error.failures.find(failure => failure.name === name);
}

/** The failed clauses among a cancelled transaction's reasons, which come in the order of its items. */
export function failedClauses(
  reasons: readonly CancellationReason[],
  names: readonly (string | undefined)[],
): FailedClause[] {
  return reasons.flatMap((reason, index) =>
    reason.Code === 'ConditionalCheckFailed' ? [failedClause(reason, index, names[index])] : [],
  );
}

function failedClause(reason: CancellationReason, index: number, name: string | undefined): FailedClause {
  return {
    index,
    ...(name === undefined ? {} : { name }),
    // The document client leaves cancellation reasons marshalled.
    ...(reason.Item === undefined ? {} : { item: understood(unmarshall(reason.Item)) }),
  };
}
