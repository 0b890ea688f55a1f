import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { PROJECT_ROOT } from './privateBuild.ts';

/** A helper process that answers each message with one message. */
export interface Helper<Question, Answer> {
  pid: number;
  ask(question: Question): Promise<Answer>;
  stop(): Promise<void>;
}

export function startHelper<Question extends object, Answer>(module: URL): Helper<Question, Answer> {
  const child = fork(module);
  return {
    pid: child.pid ?? 0,
    ask: question =>
      new Promise((resolve, reject) => {
        const ended = () => reject(new Error('The helper process ended.'));
        child.once('exit', ended).once('message', answer => {
          child.off('exit', ended);
          resolve(answer as Answer);
        });
        child.send(question);
      }),
    stop: () => ended(child),
  };
}

/** The embedded server as people run it, on a data folder of its own. */
export interface ServerProcess {
  pid: number;
  port: number;
  /** Where its processes of agents listen, if it has some. */
  agentsPort?: number;
  engine: string;
  engineEndpoint: string;
  /** What it has said so far. */
  lines(): readonly string[];
  stop(): Promise<void>;
}

export interface RootKey {
  accessKeyId: string;
  secretAccessKey: string;
}

/** The root key of servers that are measured. */
export const KEY: RootKey = { accessKeyId: 'SWBKBENCHBENCHBENCH1', secretAccessKey: 'b'.repeat(40) };

/** Milliseconds: it is ready within 2 s on a machine with nothing else to do. */
const READY_TIMEOUT_MS = 30_000;

/** Starts the built server and waits until it is ready. */
export async function startServer(
  main: string,
  key: RootKey,
  env: Record<string, string>,
): Promise<ServerProcess> {
  const dataDir = mkdtempSync(join(tmpdir(), 'switchboard-bench-data-'));
  const child = spawn(process.execPath, [main], {
    cwd: PROJECT_ROOT,
    env: {
      PATH: process.env.PATH ?? '',
      PORT: '0',
      SWITCHBOARD_DATA_DIR: dataDir,
      SWITCHBOARD_ACCESS_KEY_ID: key.accessKeyId,
      SWITCHBOARD_SECRET_ACCESS_KEY: key.secretAccessKey,
      ...env,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const stop = async () => {
    await ended(child);
    rmSync(dataDir, { recursive: true, force: true });
  };
  try {
    const lines: string[] = [];
    return { ...(await ready(child, lines)), pid: child.pid ?? 0, lines: () => lines, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Reads from the server's own words where it and its engine listen. */
function ready(
  child: ChildProcess,
  lines: string[],
): Promise<Pick<ServerProcess, 'port' | 'agentsPort' | 'engine' | 'engineEndpoint'>> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('The server is not ready.')), READY_TIMEOUT_MS);
    child.once('exit', code => reject(new Error(`The server ended with ${code}.`)));
    let database: { engine: string; engineEndpoint: string } | undefined;
    let agentsPort: number | undefined;
    if (!child.stdout) throw new Error('The server has no output.');
    createInterface(child.stdout).on('line', line => {
      lines.push(line);
      const [, engine, engineEndpoint] = /^Database: (\S+) at (\S+)$/.exec(line) ?? [];
      if (engine && engineEndpoint) database = { engine, engineEndpoint };
      const [, agents] = /^Agents .* at http:\/\/[\d.]+:(\d+)$/.exec(line) ?? [];
      if (agents) agentsPort = Number(agents);
      const [, port] = /ready at http:\/\/[\d.]+:(\d+)/.exec(line) ?? [];
      if (!port || !database) return;
      clearTimeout(timer);
      resolve({ port: Number(port), ...(agentsPort && { agentsPort }), ...database });
    });
  });
}

/** USER_HZ: Linux tells CPU times in hundredths of a second, whatever its own clock is. */
const TICK_MS = 10;

/** Milliseconds of CPU time that a process has taken so far; `undefined` where only other means would tell. */
export function cpuTimeMs(pid: number): number | undefined {
  if (process.platform !== 'linux') return undefined;
  // Behind the name, which may hold spaces: proc(5) fields 14 and 15, user and system.
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}

/** MiB of memory that a process holds now (proc(5), VmRSS); `undefined` where only other means would tell. */
export function memoryMiB(pid: number): number | undefined {
  if (process.platform !== 'linux') return undefined;
  const [, kib] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kib) / 1024;
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  await gone;
}
