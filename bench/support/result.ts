import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import { join } from 'node:path';

/** Others may use the machine: above the number of cores, times say little. */
const LOAD_BEFORE = loadavg()[0] ?? 0;

const RESULTS = join(import.meta.dirname, '..', 'results');

/** Writes `bench/results/<date>-<name>.json`: when, on which machine, at which commit, and the numbers. */
export function writeResult(name: string, numbers: object, at = new Date()): void {
  const date = at.toISOString();
  const file = `${date.slice(0, 10)}-${name}.json`;
  const content = { name, date, machine: machine(), commit: commit(), ...numbers };
  mkdirSync(RESULTS, { recursive: true });
  writeFileSync(join(RESULTS, file), `${JSON.stringify(content, undefined, 2)}\n`);
  console.log(`\nWritten: bench/results/${file}`);
}

function machine() {
  const [first] = cpus();
  return {
    cores: cpus().length,
    cpu: first?.model.trim() ?? 'unknown',
    memoryGiB: Math.round((totalmem() / 2 ** 30) * 10) / 10,
    os: `${process.platform} ${process.arch}`,
    node: process.version,
    /** Of the minute before the bench began. */
    loadBefore: round(LOAD_BEFORE),
  };
}

/** The commit that was measured; with `-dirty` where files differ from it. */
function commit(): string {
  try {
    const cwd = import.meta.dirname;
    const args = ['describe', '--always', '--abbrev=12', '--dirty', '--exclude=*'];
    return execFileSync('git', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return 'unknown';
  }
}

export type Cell = string | number;

/** Prints rows under their headings: numbers to the right, text to the left. */
export function printTable(headings: readonly string[], rows: readonly (readonly Cell[])[]): void {
  const widths = headings.map((heading, column) =>
    Math.max(heading.length, ...rows.map(row => String(row[column] ?? '').length)),
  );
  const line = (cells: readonly Cell[], like: readonly Cell[]) =>
    cells.map((cell, column) => pad(cell, widths[column] ?? 0, typeof like[column] === 'number')).join('  ');
  const [first = []] = rows;
  console.log(line(headings, first).trimEnd());
  console.log(widths.map(width => '-'.repeat(width)).join('  '));
  for (const row of rows) console.log(line(row, first).trimEnd());
}

function pad(cell: Cell, width: number, toTheRight: boolean): string {
  return toTheRight ? String(cell).padStart(width) : String(cell).padEnd(width);
}

/** The middle of the values; the mean of both middles where their number is even. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** The value below which the given part of the values lies, interpolated. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = Float64Array.from(values).sort();
  const at = (sorted.length - 1) * part;
  const low = sorted[Math.floor(at)] ?? Number.NaN;
  const high = sorted[Math.ceil(at)] ?? low;
  return low + (high - low) * (at - Math.floor(at));
}

/** Rounded to so many digits behind the point. */
export function round(value: number, digits = 2): number {
  return Number(value.toFixed(digits));
}
