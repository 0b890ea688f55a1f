import { readFileSync } from 'node:fs';

/** The pids of a server's processes of agents; none where only other means than Linux's would tell. */
export function agentPidsOf({ pid }: { pid: number }): number[] {
  if (process.platform !== 'linux') return [];
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').map(Number);
  return children.filter(child =>
    readFileSync(`/proc/${child}/cmdline`, 'utf8').includes('agentProcess.mjs'),
  );
}
