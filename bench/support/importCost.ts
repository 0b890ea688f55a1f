import { execFile } from 'node:child_process';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { median, round } from './result.ts';

/** What importing a module cost a process that had done nothing else, in milliseconds. */
export interface ImportCost {
  /** User and system time. */
  cpuMs: number;
  wallMs: number;
}

const run = promisify(execFile);

const PROGRAM = `
const cpu = process.cpuUsage();
const begun = performance.now();
await import(process.argv[1]);
const wallMs = performance.now() - begun;
const { user, system } = process.cpuUsage(cpu);
console.log(JSON.stringify({ cpuMs: (user + system) / 1000, wallMs }));
process.exit(0);
`;

/**
 * Imports each file in fresh Node processes, `runs` times, one process at a time and in turns, so that a busy
 * moment of the machine does not fall on one file alone. The answer holds medians.
 */
export async function importCosts(files: readonly string[], runs: number): Promise<Map<string, ImportCost>> {
  const samples = new Map<string, ImportCost[]>(files.map(file => [file, []]));
  for (let n = 0; n < runs; n++) {
    for (const file of files) samples.get(file)?.push(await importOnce(file));
  }
  return new Map([...samples].map(([file, costs]) => [file, middle(costs)]));
}

async function importOnce(file: string): Promise<ImportCost> {
  const args = ['--input-type=module', '--eval', PROGRAM, pathToFileURL(file).href];
  const { stdout } = await run(process.execPath, args, { env: { AWS_REGION: 'us-east-1' } });
  return JSON.parse(stdout) as ImportCost;
}

function middle(costs: readonly ImportCost[]): ImportCost {
  return {
    cpuMs: round(median(costs.map(({ cpuMs }) => cpuMs)), 1),
    wallMs: round(median(costs.map(({ wallMs }) => wallMs)), 1),
  };
}
