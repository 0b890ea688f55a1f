import { type ArchiveDeps, closeHours, type Run } from './closeHours.ts';
import { publishKey } from './publishKey.ts';

/**
 * One run of a scheduled archiver: the public key beside the archive, and all hours that can be closed.
 * @throws Error when hours are left or digests are gone, after it has done what it could: the run is then seen to fail
 */
export async function scheduledRun(deps: ArchiveDeps, goOn: () => boolean): Promise<Run> {
  await publishKey(deps.sink, deps.signer);
  const run = await closeHours(deps, goOn);
  const { closed, open, gaps } = run;
  deps.log('archive run', { closed, open, gaps: gaps.length });
  if (gaps.length > 0)
    throw new Error(`Digests of the audit archive are missing or changed: ${gaps.join(', ')}`);
  if (open > 0) throw new Error(`${open} hours of the audit archive are left to the next run.`);
  return run;
}
