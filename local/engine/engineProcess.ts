import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FoundEngine } from './findEngine.ts';
import { type LaunchPlan, planLaunch } from './launchPlan.ts';
import { endProcess, recordEngine } from './leftover.ts';
import { processIdentity } from './processIdentity.ts';

const LOG_FILE = 'engine.log';
/** Milliseconds to begin listening: Dynoxide takes a few, Java on a busy machine several seconds. */
const START_TIMEOUT_MS = 30_000;
const POLL_MS = 1;
/** Other processes rarely take the very port that was just free; three in a row is another fault. */
const MAX_TRIES = 3;

export interface EngineProcess {
  pid: number;
  endpoint: string;
  /** Called once, when it ends without having been asked to. */
  onExit(listener: (how: string) => void): void;
  stop(): Promise<void>;
}

/**
 * Starts the engine on the data folder and waits until it answers. It is its own process group, so that Ctrl-C in a
 * terminal ends the server first.
 * @throws Error with the end of the engine's own log
 */
export async function startEngineProcess(engine: FoundEngine, dataDir: string): Promise<EngineProcess> {
  for (let attempt = 1; ; attempt++) {
    const plan = await planLaunch(engine, dataDir);
    const logPath = join(dataDir, LOG_FILE);
    const child = spawnLogged(plan, logPath);
    const pid = await spawned(child, plan.command);
    recordEngine(dataDir, pid);
    const port = await listeningPort(child, plan, logPath);
    if (port !== undefined) return running(child, pid, `http://${plan.host}:${port}`);
    await endProcess(pid, processIdentity(pid));
    const log = readFileSync(logPath, 'utf8');
    if (attempt < MAX_TRIES && plan.portTaken.test(log)) continue;
    throw new Error(`The database engine (${engine.kind}) did not start.\n${log.slice(-2_000)}`.trim());
  }
}

function spawnLogged(plan: LaunchPlan, logPath: string): ChildProcess {
  // A file, not a pipe: an engine that outlives the server can still write.
  const log = openSync(logPath, 'w', 0o600);
  try {
    return spawn(plan.command, plan.args, {
      cwd: plan.cwd,
      env: { ...engineEnv(), ...plan.env },
      stdio: ['ignore', log, log],
      detached: true,
    });
  } finally {
    closeSync(log);
  }
}

/** Only what a program needs to run: keys in the server's environment are none of the engine's business. */
function engineEnv(): NodeJS.ProcessEnv {
  const names = ['PATH', 'HOME', 'TMPDIR', 'TEMP', 'TMP', 'SystemRoot', 'LANG', 'JAVA_HOME'];
  return Object.fromEntries(names.flatMap(name => (process.env[name] ? [[name, process.env[name]]] : [])));
}

function spawned(child: ChildProcess, command: string): Promise<number> | number {
  if (child.pid !== undefined) return child.pid;
  return new Promise((_, reject) => {
    child.once('error', error => reject(new Error(`${command} cannot be run: ${error.message}`)));
  });
}

/** The port, or undefined when the engine ended, failed to bind, or took too long. Its own word: another program may answer there. */
async function listeningPort(
  child: ChildProcess,
  plan: LaunchPlan,
  logPath: string,
): Promise<number | undefined> {
  const deadline = performance.now() + START_TIMEOUT_MS;
  while (performance.now() < deadline) {
    const ended = hasEnded(child);
    const log = readFileSync(logPath, 'utf8');
    const port = plan.listening.exec(log)?.[1];
    if (ended || plan.portTaken.test(log)) return undefined;
    if (port !== undefined) return Number(port);
    await sleep(POLL_MS);
  }
  return undefined;
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

function running(child: ChildProcess, pid: number, endpoint: string): EngineProcess {
  const identity = processIdentity(pid);
  let stopping: Promise<void> | undefined;
  // The server ends in an orderly way (process.exit, an uncaught error) without having stopped the engine.
  const endWithServer = () => child.kill('SIGTERM');
  process.once('exit', endWithServer);
  child.once('exit', () => process.off('exit', endWithServer));
  // A signal that cannot be delivered is no reason to end the server.
  child.on('error', () => {});
  return {
    pid,
    endpoint,
    onExit(listener) {
      const tell = () =>
        stopping === undefined && listener(child.signalCode ?? `exit code ${child.exitCode}`);
      if (hasEnded(child)) tell();
      else child.once('exit', tell);
    },
    stop() {
      stopping ??= endProcess(pid, hasEnded(child) ? undefined : identity);
      return stopping;
    },
  };
}
