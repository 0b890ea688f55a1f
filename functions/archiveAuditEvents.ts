import type { Context } from 'aws-lambda';
import type { Run } from '../lib/archive/closeHours.ts';
import { scheduledRun } from '../lib/archive/scheduledRun.ts';
import { archiveDeps } from '../lib/deps/archive.ts';

/** Milliseconds that closing one hour is given at least: what does not fit is left to the next run. */
const RESERVE_MS = 120_000;

/** Scheduled: archives the hours of the audit trail that are over. */
export const handler = async (_: unknown, context: Pick<Context, 'getRemainingTimeInMillis'>): Promise<Run> =>
  scheduledRun(await archiveDeps(), () => context.getRemainingTimeInMillis() > RESERVE_MS);
