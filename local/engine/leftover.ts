import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pidExists, processIdentity } from './processIdentity.ts';

const RECORD_FILE = 'engine.pid';
/** Milliseconds from asking an engine to end to killing it: Dynoxide takes a few, a Java engine up to a second. */
const GRACE_MS = 5_000;
const POLL_MS = 5;

interface EngineRecord {
  pid: number;
  identity: string | null;
}

/** Writes which engine serves this folder, before anything else can go wrong. */
export function recordEngine(dataDir: string, pid: number): void {
  const record: EngineRecord = { pid, identity: processIdentity(pid) ?? null };
  writeFileSync(join(dataDir, RECORD_FILE), JSON.stringify(record), { mode: 0o600 });
}

export function forgetEngine(dataDir: string): void {
  rmSync(join(dataDir, RECORD_FILE), { force: true });
}

/**
 * Ends the engine that a dead server left behind. Call it under the folder's lock. A process that merely has the
 * same pid is left alone.
 * @throws Error when a process has the pid and this system cannot tell whether it is the engine
 */
export async function stopLeftoverEngine(dataDir: string, log: (message: string) => void): Promise<void> {
  const record = readRecord(dataDir);
  if (record && pidExists(record.pid)) {
    const identity = processIdentity(record.pid);
    if (record.identity === null) {
      throw new Error(
        `Process ${record.pid} may be a database engine left over in ${dataDir}. End it if it is, then delete ${RECORD_FILE} there.`,
      );
    }
    if (identity === record.identity) {
      log(`Stopping the database engine that an earlier server left behind (pid ${record.pid}).`);
      await endProcess(record.pid, record.identity);
    }
  }
  forgetEngine(dataDir);
}

/** Asks a process to end, kills it after 5 s; resolves when it is gone. */
export async function endProcess(pid: number, identity: string | undefined): Promise<void> {
  const isGone = () => identity === undefined || processIdentity(pid) !== identity;
  signal(pid, 'SIGTERM', isGone);
  for (let waited = 0; waited < GRACE_MS && !isGone(); waited += POLL_MS) await sleep(POLL_MS);
  signal(pid, 'SIGKILL', isGone);
  for (let waited = 0; waited < GRACE_MS && !isGone(); waited += POLL_MS) await sleep(POLL_MS);
  if (!isGone()) throw new Error(`The database engine (pid ${pid}) does not end.`);
}

function signal(pid: number, name: NodeJS.Signals, isGone: () => boolean): void {
  if (isGone()) return;
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function readRecord(dataDir: string): EngineRecord | undefined {
  let text: string;
  try {
    text = readFileSync(join(dataDir, RECORD_FILE), 'utf8');
  } catch {
    return undefined;
  }
  try {
    const { pid, identity } = JSON.parse(text) as Partial<EngineRecord>;
    // A pid below 2 would signal a group, or init.
    if (!Number.isInteger(pid) || pid === undefined || pid < 2) return undefined;
    return { pid, identity: typeof identity === 'string' ? identity : null };
  } catch {
    // Cut short by a crash.
    return undefined;
  }
}
