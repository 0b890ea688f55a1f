import { mkdirSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { build } from '../../scripts/build.ts';
import { PROJECT_ROOT } from './engine.ts';

/** What the embedded server is made from. */
const SOURCES = ['local', 'functions', 'lib', 'scripts/build.ts', 'package-lock.json'];

export const SERVER_ENTRY = join(PROJECT_ROOT, 'dist', 'local', 'main.mjs');

/** Builds the embedded server if it is missing or older than its sources; of several test processes, one does. */
export async function ensureServerBuilt(): Promise<void> {
  if (isFresh()) return;
  const release = await takeBuildLock();
  try {
    if (!isFresh()) await build({ root: PROJECT_ROOT, only: 'local', log: () => {} });
  } finally {
    release();
  }
}

function isFresh(): boolean {
  const built = statSync(SERVER_ENTRY, { throwIfNoEntry: false })?.mtimeMs;
  return built !== undefined && SOURCES.every(source => newest(join(PROJECT_ROOT, source)) < built);
}

/** The latest change below a path, epoch milliseconds. */
function newest(path: string): number {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(0, ...readdirSync(path).map(name => newest(join(path, name))));
}

/** SQLite holds the lock: the system releases it when a test process dies. */
async function takeBuildLock(): Promise<() => void> {
  const folder = join(PROJECT_ROOT, 'dist');
  mkdirSync(folder, { recursive: true });
  for (;;) {
    const lock = new DatabaseSync(join(folder, 'test-build.lock'), { timeout: 0 });
    try {
      lock.exec('BEGIN EXCLUSIVE');
      return () => lock.close();
    } catch {
      lock.close();
      await sleep(100);
    }
  }
}
