import { accessSync, chmodSync, constants, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

const LOCK_FILE = 'server.lock';
const HOLDER_FILE = 'server.pid';
/** SQLite's result code of a database that another process has locked. */
const SQLITE_BUSY = 5;

export interface DataDirLock {
  release(): void;
}

/**
 * Makes the folder, for its owner alone. One that exists keeps its mode; when others may enter, the log says so.
 * @throws Error naming the variable and the folder where it cannot be made or written to
 */
export function prepareDataDir(dataDir: string, log: (message: string) => void): void {
  const made = makeFolder(dataDir);
  if (made !== undefined) chmodSync(dataDir, 0o700);
  else if (statSync(dataDir).mode & 0o077) {
    log(`The data folder ${dataDir} is open to other users of this machine: chmod 700 it.`);
  }
}

function makeFolder(dataDir: string): string | undefined {
  try {
    const made = mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    accessSync(dataDir, constants.W_OK | constants.X_OK);
    return made;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new Error(
      `SWITCHBOARD_DATA_DIR must be a folder that this user may write to, or one that can be made: ${dataDir} is neither (${code}).`,
    );
  }
}

/** Creates an empty file if there is none, and leaves it readable and writable by its owner alone. */
export function ownerOnlyFile(path: string): void {
  writeFileSync(path, '', { flag: 'a', mode: 0o600 });
  chmodSync(path, 0o600);
}

/**
 * Takes the folder for this process until `release()` or the process's death, however it dies. The system holds
 * the lock (SQLite's, on a file of its own), so a dead server never leaves one behind and two never both take over.
 * @throws Error naming the folder and the process that holds it
 */
export function lockDataDir(dataDir: string): DataDirLock {
  const path = join(dataDir, LOCK_FILE);
  ownerOnlyFile(path);
  const lock = new DatabaseSync(path, { timeout: 0 });
  try {
    lock.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
  } catch (error) {
    lock.close();
    throw isBusy(error) ? new Error(heldMessage(dataDir)) : error;
  }
  writeFileSync(join(dataDir, HOLDER_FILE), `${process.pid}\n`, { mode: 0o600 });
  return { release: () => lock.isOpen && lock.close() };
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY;
}

function heldMessage(dataDir: string): string {
  let holder = 'another process';
  try {
    holder = `process ${readFileSync(join(dataDir, HOLDER_FILE), 'utf8').trim()}`;
  } catch {
    // It has the lock and has not yet written who it is.
  }
  return `The data folder ${dataDir} is in use by ${holder}. Stop that server, or set SWITCHBOARD_DATA_DIR to another folder.`;
}
