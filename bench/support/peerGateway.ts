import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../test/support/freePort.ts';
import { PROJECT_ROOT } from './privateBuild.ts';

/** Gateways from npm, as their documents have them run. */
export interface PeerGateway {
  origin: string;
  /** Of all their processes. */
  pids: number[];
  stop(): Promise<void>;
}

const BIN = join(PROJECT_ROOT, 'node_modules', '.bin');
const START_TIMEOUT_MS = 30_000;

/** Streamable HTTP to stdio (mcp-proxy), and back to the Streamable HTTP of a server (supergateway). */
export async function startPeer(endpoint: string): Promise<PeerGateway> {
  const port = await freePort();
  const args = ['--host', '127.0.0.1', '--port', String(port), '--server', 'stream', '--'];
  const inner = [join(BIN, 'supergateway'), '--streamableHttp', endpoint, '--logLevel', 'none'];
  const child = spawn(join(BIN, 'mcp-proxy'), [...args, ...inner], { stdio: ['ignore', 'ignore', 'ignore'] });
  const origin = `http://127.0.0.1:${port}`;
  await listening(origin, child);
  return { origin, pids: familyOf(child.pid ?? 0), stop: () => stop(child) };
}

async function listening(origin: string, child: ChildProcess): Promise<void> {
  for (let waited = 0; waited < START_TIMEOUT_MS; waited += 100) {
    if (child.exitCode !== null) break;
    const isUp = await fetch(`${origin}/ping`).then(
      () => true,
      () => false,
    );
    if (isUp) return;
    await sleep(100);
  }
  throw new Error('The gateways from npm did not start.');
}

/** A process and what it started (proc(5), field 4 of stat). */
function familyOf(pid: number): number[] {
  if (process.platform !== 'linux') return [pid];
  const parents = readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .map(name => [Number(name), parentOf(name)] as const);
  const children = (of: number): number[] =>
    parents.filter(([, parent]) => parent === of).flatMap(([child]) => [child, ...children(child)]);
  return [pid, ...children(pid)];
}

function parentOf(pid: string): number {
  try {
    return Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ')[1]);
  } catch {
    return 0;
  }
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  await gone;
}
