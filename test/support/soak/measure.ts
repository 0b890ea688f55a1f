import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** The module that has a server report its heap. */
export const HEAP_REPORTER = new URL('./heapReporter.ts', import.meta.url).href;

/** What a process holds at a moment. */
export interface Held {
  /** Bytes, garbage collected. */
  heap: number;
  /** Open files and connections. */
  files: number;
}

/** Measures the processes of a server that {@link HEAP_REPORTER} was loaded into; the sum of what they hold. */
export async function heldBy(pids: readonly number[], heapFile: string): Promise<Held> {
  const all = await Promise.all(pids.map(pid => heldByOne(pid, `${heapFile}.${pid}`)));
  const sum = (of: (held: Held) => number) => all.reduce((total, held) => total + of(held), 0);
  return { heap: sum(({ heap }) => heap), files: sum(({ files }) => files) };
}

async function heldByOne(pid: number, heapFile: string): Promise<Held> {
  rmSync(heapFile, { force: true });
  process.kill(pid, 'SIGUSR2');
  for (let waited = 0; waited < 10_000; waited += 20) {
    const heap = Number(read(heapFile));
    if (heap > 0) return { heap, files: readdirSync(`/proc/${pid}/fd`).length };
    await sleep(20);
  }
  throw new Error('The server does not tell its heap.');
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

/** The middle one of some values. */
export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
