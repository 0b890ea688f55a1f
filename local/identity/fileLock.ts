import { DatabaseSync } from 'node:sqlite';
import { ownerOnlyFile } from '../engine/dataDir.ts';

/** Edits take milliseconds; waiting this long means that a process hangs. */
const WAIT_MS = 10_000;

/**
 * Runs `edit` while no other process runs one under the same lock file. SQLite's file locks do it: the
 * system releases them when a process dies, so that no lock is ever left behind.
 * @throws Error when the lock is not free within 10 s
 */
export function withFileLock<T>(lockFile: string, edit: () => T): T {
  // Whoever may read it could hold it.
  ownerOnlyFile(lockFile);
  const lock = new DatabaseSync(lockFile, { timeout: WAIT_MS });
  try {
    lock.exec('BEGIN EXCLUSIVE');
    return edit();
  } finally {
    lock.close();
  }
}
