import type { Context } from 'aws-lambda';
import { scheduled } from '../lib/api/scheduled.ts';
import type { Run } from '../lib/archive/closeHours.ts';
import { scheduledRun } from '../lib/archive/scheduledRun.ts';
import { archiveDeps } from '../lib/deps/archive.ts';

/** Milliseconds that closing one hour is given at least: what does not fit is left to the next run. */
const RESERVE_MS = 120_000;

type Invocation = Pick<Context, 'awsRequestId' | 'getRemainingTimeInMillis'>;

/** Scheduled: archives the hours of the audit trail that are over. */
export const handler = (event: unknown, context: Invocation): Promise<Run> => {
  const goOn = () => context.getRemainingTimeInMillis() > RESERVE_MS;
  const run = scheduled('archiveAuditEvents', async deps => scheduledRun(await deps, goOn), archiveDeps);
  return run(event, context);
};
