import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { lockDataDir, prepareDataDir } from './dataDir.ts';
import { startEngineProcess } from './engineProcess.ts';
import { type FoundEngine, findEngine, type ProcessKind } from './findEngine.ts';
import { storePath } from './launchPlan.ts';
import { forgetEngine, stopLeftoverEngine } from './leftover.ts';

export interface EngineOptions {
  /** Holds the database; made (0700) when missing. One server at a time. */
  dataDir: string;
  log: (message: string) => void;
  /** Where `node_modules` and `.cache` are; the working directory when left out. */
  projectRoot?: string;
  /** Runs this kind or nothing. */
  kind?: ProcessKind;
  /** `DYNAMODB_ENDPOINT`, `PATH`, `JAVA_HOME`; the process's own environment when left out. */
  env?: Readonly<Record<string, string | undefined>>;
  /** Told once when the engine ends by itself. The server cannot go on: end it. */
  onExit?: (message: string) => void;
}

export interface Engine {
  kind: 'endpoint' | ProcessKind;
  endpoint: string;
  /** The engine's process, when it is ours. */
  pid?: number;
  /** Ends the engine (gracefully, then not) and gives the data folder back. Safe to call twice. */
  stop(): Promise<void>;
}

/**
 * Locks the data folder, ends the engine that a dead server may have left there, and starts one that listens on
 * loopback only. With `DYNAMODB_ENDPOINT` set it starts nothing and uses that.
 * @throws Error saying what to do: folder in use, no engine installed, engine does not start
 */
export async function startEngine(options: EngineOptions): Promise<Engine> {
  const dataDir = resolve(options.dataDir);
  prepareDataDir(dataDir, options.log);
  const lock = lockDataDir(dataDir);
  try {
    await stopLeftoverEngine(dataDir, options.log);
    const engine = await choose(options, dataDir);
    const stop = () => engine.stop().finally(() => lock.release());
    return { ...engine, stop };
  } catch (error) {
    lock.release();
    throw error;
  }
}

async function choose(options: EngineOptions, dataDir: string): Promise<Engine> {
  const env = options.env ?? process.env;
  const endpoint = options.kind === undefined ? env.DYNAMODB_ENDPOINT : undefined;
  if (endpoint) return { kind: 'endpoint', endpoint: endpointUrl(endpoint), stop: async () => {} };
  const found = findEngine(resolve(options.projectRoot ?? '.'), env, options.kind);
  refuseOtherStore(dataDir, found.kind);
  return run(found, dataDir, options);
}

async function run(found: FoundEngine, dataDir: string, options: EngineOptions): Promise<Engine> {
  const { pid, endpoint, onExit, stop } = await startEngineProcess(found, dataDir);
  onExit(how => options.onExit?.(`The database engine (${found.kind}, pid ${pid}) ended: ${how}.`));
  return {
    kind: found.kind,
    endpoint,
    pid,
    stop: async () => {
      await stop();
      forgetEngine(dataDir);
    },
  };
}

/** Another engine would begin with an empty database, as if everything were lost. */
function refuseOtherStore(dataDir: string, kind: ProcessKind): void {
  const other = kind === 'dynoxide' ? 'dynamodb-local' : 'dynoxide';
  if (existsSync(storePath(dataDir, kind)) || !existsSync(storePath(dataDir, other))) return;
  throw new Error(
    `The data folder ${dataDir} belongs to the engine ${other}, but only ${kind} was found here. Install ${other}, or set SWITCHBOARD_DATA_DIR to another folder.`,
  );
}

/** `DYNAMODB_ENDPOINT` as a URL. @throws Error naming the variable when it is none */
export function endpointUrl(value: string): string {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url.href;
  throw new Error('DYNAMODB_ENDPOINT must be an http:// or https:// URL.');
}
