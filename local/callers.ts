import type { FailureCode } from '../lib/api/errors.ts';
import { countByMinute } from '../lib/audit/minuteCounts.ts';
import type { Deps } from '../lib/context.ts';
import type { AccessKeys } from './accessKeys.ts';
import type { CallerOptions } from './http/pipeline.ts';
import type { Progress } from './progress.ts';
import { recordUnverified } from './recordRefusals.ts';

/** Five reasons exist; this keeps 50 minutes of a store that refuses records, and bounds memory. */
const MAX_UNVERIFIED = 256;

export interface UnknownCallers {
  count(reason: FailureCode): void;
  /** Writes what was counted. */
  close(): Promise<void>;
}

/** Callers that could not be verified, in this process: one event for each reason and minute. */
export function countUnknown(accountId: string, deps: Deps): UnknownCallers {
  const counts = countByMinute<FailureCode>(
    entry => recordUnverified(entry, accountId, deps),
    deps.now,
    MAX_UNVERIFIED,
  );
  return { count: reason => void counts.count(reason, reason), close: () => counts.close() };
}

/** What a process's servers have in common, whoever calls. */
export function callerOptions(
  { accountId, accessKeys, say }: { accountId: string; accessKeys: AccessKeys; say: Progress },
  unknown: UnknownCallers,
  { config, now }: Deps,
): CallerOptions {
  return {
    region: config.region,
    accountId,
    accessKeys,
    now,
    onUnverified: ({ reason }) => unknown.count(reason),
    onError: (error, requestId) =>
      say(`Request ${requestId} failed: ${(error as Error)?.name ?? 'unknown error'}`),
  };
}
