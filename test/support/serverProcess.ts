import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { endProcess, stopLeftoverEngine } from '../../local/engine/leftover.ts';
import { processIdentity } from '../../local/engine/processIdentity.ts';
import { caFile } from './caFile.ts';
import { PROJECT_ROOT } from './engine.ts';
import { ensureServerBuilt, SERVER_ENTRY } from './serverBuild.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** The root key of test servers, unless a test unsets it. */
export const ROOT_KEY = {
  accessKeyId: 'SWBKROOTROOTROOTROOT',
  secretAccessKey: 'root-secret-6b1f0c77d2e94a58b3',
};

/** Milliseconds for a start on a machine that is busy with other tests; alone it takes a few hundred. */
const START_TIMEOUT_MS = 30_000;

export interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** A process of the embedded server, from its spawn to its end. */
export interface ServerProcess {
  pid: number;
  dataDir: string;
  /** Everything it wrote so far. */
  stdout(): string;
  stderr(): string;
  ended: Promise<Ended>;
  /** SIGTERM; resolves when it has ended. */
  stop(): Promise<Ended>;
  /** SIGKILL of the server alone: its database engine goes on. */
  kill(): Promise<void>;
  /** Ends what is left of it, engine included. The data folder stays. */
  end(): Promise<void>;
}

/** A server that said it is ready. */
export interface RunningServer extends ServerProcess {
  url: string;
  port: number;
  /** Of the database engine, which takes any credentials. */
  databaseEndpoint: string;
}

/** A new folder for a server's data; remove it with {@link removeDataDir}. */
export function newDataDir(): string {
  return mkdtempSync(join(tmpdir(), 'switchboard-server-'));
}

export function removeDataDir(dataDir: string): void {
  rmSync(dataDir, { recursive: true, force: true });
}

/**
 * Spawns the built server on a data folder. Its environment is the settings below and `env`; `undefined` unsets.
 * @param wrap turns the command into another one, such as one that runs it on a terminal
 */
export async function spawnServer(
  dataDir: string,
  env: Env = {},
  wrap: (command: string, args: string[]) => [string, string[]] = (command, args) => [command, args],
): Promise<ServerProcess> {
  const settings = { ...(await defaults(dataDir)), ...env };
  await ensureServerBuilt();
  const [command, args] = wrap(process.execPath, [SERVER_ENTRY]);
  const child = spawn(command, args, {
    cwd: PROJECT_ROOT,
    env: Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined)),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return handle(child, dataDir);
}

/** Settings of a server whose clock is ahead from the start; whoever signs requests to it has to `advance` as well. */
export function clockAhead(ms: number): Env {
  const clock = new URL('serverClock.ts', import.meta.url).href;
  return { NODE_OPTIONS: `--import ${clock}`, CLOCK_AHEAD_MS: String(ms) };
}

/** Starts a server and waits until it is ready. A server that does not get there is ended. */
export async function startServer(dataDir: string, env: Env = {}): Promise<RunningServer> {
  const server = await spawnServer(dataDir, env);
  const ready = await said(server, /ready at (https?:\/\/\S+:(\d+))$/m);
  const database = /^Database: \S+ at (\S+)$/m.exec(server.stdout())?.[1];
  const [, url, port] = ready ?? [];
  if (!url || !database) {
    await server.end();
    throw new Error(`The server did not start.\n${server.stdout()}${server.stderr()}`);
  }
  return { ...server, url, port: Number(port), databaseEndpoint: database };
}

/** Waits for a line of standard output; nothing when the process ends first or takes too long. */
export async function said(server: ServerProcess, line: RegExp): Promise<RegExpExecArray | undefined> {
  let over = false;
  void server.ended.then(() => {
    over = true;
  });
  for (let waited = 0; waited < START_TIMEOUT_MS; waited += 5) {
    const match = line.exec(server.stdout());
    if (match || over) return match ?? undefined;
    await sleep(5);
  }
  return undefined;
}

async function defaults(dataDir: string): Promise<Env> {
  return {
    PATH: process.env.PATH,
    PORT: '0',
    SWITCHBOARD_DATA_DIR: dataDir,
    SWITCHBOARD_ACCESS_KEY_ID: ROOT_KEY.accessKeyId,
    SWITCHBOARD_SECRET_ACCESS_KEY: ROOT_KEY.secretAccessKey,
    EGRESS_CA_FILE: await caFile(),
    ALLOWED_PRIVATE_CIDRS: '127.0.0.0/8',
    QUOTA_VALIDATIONS_PER_MINUTE: '100000',
  };
}

/** Servers that run: they must not outlive the tests. */
const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

function handle(child: ChildProcess, dataDir: string): ServerProcess {
  const pid = child.pid;
  if (pid === undefined) throw new Error('The server could not be spawned.');
  running.add(child);
  child.once('exit', () => running.delete(child));
  const stdout = collect(child.stdout);
  const stderr = collect(child.stderr);
  const ended = once(child, 'close').then(([code, signal]) => ({ code, signal }) as Ended);
  const signal = (name: NodeJS.Signals) => {
    child.kill(name);
    return ended;
  };
  return {
    pid,
    dataDir,
    stdout,
    stderr,
    ended,
    stop: () => signal('SIGTERM'),
    kill: async () => void (await signal('SIGKILL')),
    async end() {
      await signal('SIGKILL');
      await stopLeftoverEngine(dataDir, () => {});
    },
  };
}

function collect(stream: ChildProcess['stdout']): () => string {
  const chunks: Buffer[] = [];
  stream?.on('data', (chunk: Buffer) => chunks.push(chunk));
  return () => Buffer.concat(chunks).toString();
}

/** Where a server's processes of agents serve, as it says. */
export function agentsUrlOf({ stdout }: ServerProcess): string {
  return /^Agents have processes of their own at (\S+)$/m.exec(stdout())?.[1] ?? '';
}

/** The pid of the engine that serves a data folder. */
export function enginePid(dataDir: string): number {
  return (JSON.parse(readFileSync(join(dataDir, 'engine.pid'), 'utf8')) as { pid: number }).pid;
}

/** SIGKILL of a server and its engine, as when the machine's power goes. */
export async function killWithEngine(server: ServerProcess): Promise<void> {
  const engine = enginePid(server.dataDir);
  const identity = processIdentity(engine);
  const killed = server.kill();
  process.kill(engine, 'SIGKILL');
  await killed;
  await endProcess(engine, identity);
}
