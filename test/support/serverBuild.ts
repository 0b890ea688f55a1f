import { mkdirSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { build } from '../../scripts/build.ts';
import { PROJECT_ROOT } from './engine.ts';

type Part = 'local' | 'console';

const BUILD = ['scripts/build.ts', 'scripts/build', 'package-lock.json'];

/** What each part is made from, and the file that shows when. */
const PARTS: Record<Part, { sources: string[]; made: string }> = {
  local: { sources: ['local', 'functions', 'lib', ...BUILD], made: 'dist/local/main.mjs' },
  console: { sources: ['console', 'client/src', ...BUILD], made: 'dist/console/index.html' },
};

export const SERVER_ENTRY = join(PROJECT_ROOT, PARTS.local.made);

/** Builds the embedded server if it is missing or older than its sources; of several test processes, one does. */
export function ensureServerBuilt(): Promise<void> {
  return ensureBuilt('local');
}

/** The same for the console. */
export function ensureConsoleBuilt(): Promise<void> {
  return ensureBuilt('console');
}

async function ensureBuilt(part: Part): Promise<void> {
  if (isFresh(part)) return;
  const release = await takeBuildLock();
  try {
    if (!isFresh(part)) await build({ root: PROJECT_ROOT, only: part, log: () => {} });
  } finally {
    release();
  }
}

function isFresh(part: Part): boolean {
  const { sources, made } = PARTS[part];
  const built = statSync(join(PROJECT_ROOT, made), { throwIfNoEntry: false })?.mtimeMs;
  return built !== undefined && sources.every(source => newest(join(PROJECT_ROOT, source)) < built);
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
