import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const SUITE = fileURLToPath(import.meta.resolve('@modelcontextprotocol/conformance/dist/index.js'));
/** The suite's processes at a time: each is busy starting for most of its second. */
const LANES = 2;

export interface Outcome {
  passed: boolean;
  /** What the suite printed. */
  output: string;
}

/** The scenarios that the suite has for a server or a client, by its own list. */
export async function scenariosOf(side: 'client' | 'server'): Promise<string[]> {
  const { stdout } = await run(process.execPath, [SUITE, 'list', `--${side}`]);
  return [...stdout.matchAll(/^ {2}- (\S+)/gm)].map(([, name = '']) => name);
}

/** Runs the suite with `args` for each scenario; what is in `env` is all that it sees of the environment. */
export async function outcomesOf(
  scenarios: readonly string[],
  args: readonly string[],
  env: Record<string, string | undefined> = {},
): Promise<Map<string, Outcome>> {
  const outcomes = new Map<string, Outcome>();
  const waiting = scenarios.values();
  const lane = async () => {
    for (const scenario of waiting)
      outcomes.set(scenario, await outcomeOf([...args, '--scenario', scenario], env));
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return outcomes;
}

async function outcomeOf(args: string[], env: Record<string, string | undefined>): Promise<Outcome> {
  const options = { env: { PATH: process.env.PATH, ...env }, maxBuffer: 2 ** 24 };
  try {
    const { stderr, stdout } = await run(process.execPath, [SUITE, ...args], options);
    return { passed: true, output: stdout + stderr };
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    return { passed: false, output: stdout + stderr };
  }
}
