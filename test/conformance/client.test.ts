import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectedFailures, expectedRefusals } from './expectedFailures.ts';
import { play, Scenario } from './scenario.ts';
import { type Outcome, outcomesOf, scenariosOf } from './suite.ts';
import { type Switchboard, startSwitchboard } from './switchboard.ts';

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

/** The scenarios of Switchboard's part. */
const names = (await scenariosOf('client')).filter(name => SCENARIO.test(name));

it('knows the scenarios, and none that the suite has not', () => {
  expect(names.length).toBeGreaterThanOrEqual(25);
  expect(names).toEqual(expect.arrayContaining(Object.keys({ ...expectedFailures, ...expectedRefusals })));
});

describe('the conformance suite against Switchboard as the client', () => {
  let outcomes: Map<string, Outcome>;

  beforeAll(async () => {
    const command = `${process.execPath} ${DRIVER}`;
    outcomes = await outcomesOf(names, ['client', '--command', command], {
      CONFORMANCE_SWITCHBOARD: deskUrl,
    });
  }, ALL_MS);

  it.each(names)('%s', scenario => {
    const reason = expectedFailures[scenario];
    const { passed, output = '' } = outcomes.get(scenario) ?? {};
    expect(passed, output).toBe(reason === undefined);
    expect(output).toContain(expectedRefusals[scenario] ?? '');
  });
});
