import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';

/**
 * `none`: do not retry. `decided`: nothing was written; a retry is a new request. `throttled`: refused before it
 * ran. `unknown`: it may have been written, or may still be running; only the same request may be sent again.
 */
export type RetryKind = 'none' | 'decided' | 'throttled' | 'unknown';

const RETRIED_REASONS = new Set(['TransactionConflict', 'ProvisionedThroughputExceeded', 'ThrottlingError']);

const KINDS: Readonly<Record<string, RetryKind>> = {
  TransactionConflictException: 'decided',
  // The earlier try under this token still runs.
  TransactionInProgressException: 'unknown',
  ProvisionedThroughputExceededException: 'throttled',
  RequestLimitExceeded: 'throttled',
  ThrottlingException: 'throttled',
  // The SDK has already asked three times under this token; a caller cannot wait that long again.
  TimeoutError: 'none',
};

const NETWORK_CODES = new Set(['ECONNRESET', 'ECONNREFUSED', 'EPIPE', 'ETIMEDOUT', 'ECONNABORTED']);

/** What a failed TransactWriteItems allows. */
export function retryKind(error: unknown): RetryKind {
  if (!(error instanceof Error)) return 'none';
  if (error instanceof TransactionCanceledException) return cancelledKind(error);
  const known = KINDS[error.name];
  if (known) return known;
  return isNetworkError(error) || isServerError(error) ? 'unknown' : 'none';
}

/** A failed condition is final even beside a conflict; so is any reason that a retry would meet again. */
function cancelledKind(error: TransactionCanceledException): RetryKind {
  const codes = (error.CancellationReasons ?? []).map(reason => reason.Code ?? 'None');
  const causes = codes.filter(code => code !== 'None');
  return causes.length > 0 && causes.every(code => RETRIED_REASONS.has(code)) ? 'decided' : 'none';
}

function isNetworkError(error: Error): boolean {
  const code = 'code' in error ? error.code : undefined;
  return typeof code === 'string' && NETWORK_CODES.has(code);
}

function isServerError(error: Error): boolean {
  const metadata = '$metadata' in error ? (error.$metadata as { httpStatusCode?: number }) : undefined;
  return (metadata?.httpStatusCode ?? 0) >= 500;
}

const FIRST_DELAY_MS = 25;
const MAX_DELAY_MS = 600;

/** Milliseconds to wait after the `attempt`th try, from 1: exponential, with full jitter. */
export function backoff(attempt: number, random: () => number): number {
  return random() * Math.min(MAX_DELAY_MS, FIRST_DELAY_MS * 2 ** (attempt - 1));
}
