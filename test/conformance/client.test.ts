import { execFile } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectedFailures, expectedRefusals } from './expectedFailures.ts';
import { play, Scenario } from './scenario.ts';
import { type Switchboard, startSwitchboard } from './switchboard.ts';

const run = promisify(execFile);
const SUITE = fileURLToPath(import.meta.resolve('@modelcontextprotocol/conformance/dist/index.js'));
const DRIVER = fileURLToPath(new URL('./driver.ts', import.meta.url));
/** Milliseconds for all scenarios: alone they take half a minute, on a busy machine several times that. */
const ALL_MS = 300_000;
const SCENARIO = /^(auth\/\S+|initialize|tools_call|sse-retry)$/;

let switchboard: Switchboard;
let desk: Server;
let deskUrl: string;

beforeAll(async () => {
  switchboard = await startSwitchboard();
  desk = createServer(async (request, response) => {
    try {
      await play(Scenario.parse(JSON.parse(await text(request))), switchboard);
      response.end();
    } catch (error) {
      response.writeHead(500).end(String(error));
    }
  });
  await new Promise<void>(resolve => desk.listen(0, '127.0.0.1', resolve));
  deskUrl = `http://127.0.0.1:${(desk.address() as AddressInfo).port}`;
});

afterAll(async () => {
  desk?.close();
  await switchboard?.stop();
});

interface Outcome {
  passed: boolean;
  /** What the suite printed. */
  output: string;
}

async function outcomeOf(scenario: string): Promise<Outcome> {
  const command = `${process.execPath} ${DRIVER}`;
  const args = [SUITE, 'client', '--command', command, '--scenario', scenario];
  const env = { PATH: process.env.PATH, CONFORMANCE_SWITCHBOARD: deskUrl };
  try {
    const { stderr, stdout } = await run(process.execPath, args, { env, maxBuffer: 2 ** 24 });
    return { passed: true, output: stdout + stderr };
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    return { passed: false, output: stdout + stderr };
  }
}

/** The suite's processes at a time: each is busy starting for most of its second. */
const LANES = 2;

async function allOutcomes(): Promise<Map<string, Outcome>> {
  const outcomes = new Map<string, Outcome>();
  const waiting = names.values();
  const lane = async () => {
    for (const scenario of waiting) outcomes.set(scenario, await outcomeOf(scenario));
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return outcomes;
}

/** The scenarios of Switchboard's part, by the suite's own list. */
async function scenarios(): Promise<string[]> {
  const { stdout } = await run(process.execPath, [SUITE, 'list', '--client']);
  const names = [...stdout.matchAll(/^ {2}- (\S+)/gm)].map(([, name = '']) => name);
  return names.filter(name => SCENARIO.test(name));
}

const names = await scenarios();

it('knows the scenarios, and none that the suite has not', () => {
  expect(names.length).toBeGreaterThanOrEqual(25);
  expect(names).toEqual(expect.arrayContaining(Object.keys({ ...expectedFailures, ...expectedRefusals })));
});

describe('the conformance suite against Switchboard as the client', () => {
  let outcomes: Map<string, Outcome>;

  beforeAll(async () => {
    outcomes = await allOutcomes();
  }, ALL_MS);

  it.each(names)('%s', scenario => {
    const reason = expectedFailures[scenario];
    const { passed, output = '' } = outcomes.get(scenario) ?? {};
    expect(passed, output).toBe(reason === undefined);
    expect(output).toContain(expectedRefusals[scenario] ?? '');
  });
});
