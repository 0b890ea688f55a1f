/**
 * Calls of a tool through Switchboard, as it is by itself and with processes of agents, beside the same calls sent to
 * the server itself, through the least that a reverse proxy can do, and through a pair of gateways that people use
 * (mcp-proxy before supergateway), in one run.
 * Client, gateway and server share the machine's cores: ratios say more than numbers.
 */
import { availableParallelism } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { agentPidsOf } from '../test/support/agentPids.ts';
import { FOR_AGENTS, prepareSpace, toolCall } from './support/agentSpace.ts';
import type { FloorTarget } from './support/floorProxy.ts';
import type { Load, LoadResult } from './support/loadClient.ts';
import { startPeer } from './support/peerGateway.ts';
import { buildServer } from './support/privateBuild.ts';
import { cpuTimeMs, type Helper, KEY, memoryMiB, startHelper, startServer } from './support/processes.ts';
import type { Request } from './support/requests.ts';
import { median, printTable, round, writeResult } from './support/result.ts';

const CONCURRENCY = [1, 16, 64];
/** Several short rounds of all, one after the other: the machine's mood changes. */
const ROUNDS = 3;
const SECONDS = 3;
/** Calls over which memory is watched. */
const CALLS_FOR_MEMORY = 100_000;
const PROCESSES = availableParallelism();
/** What is compared with the floor and the peer. */
const OURS = ['switchboard', `switchboard, ${PROCESSES} processes of agents`];

interface Target {
  what: string;
  request: Request;
  /** Processes whose CPU time and memory count. */
  pids: number[];
}

interface Row {
  what: string;
  concurrency: number;
  callsPerSecond: number;
  p50Ms: number;
  p99Ms: number;
  /** CPU milliseconds of the gateway per call. */
  cpuMs: number;
  rssMiB: number;
}

const load: Helper<Load, LoadResult> = startHelper(new URL('./support/loadClient.ts', import.meta.url));
const echo: Helper<object, number> = startHelper(new URL('./support/echoUpstream.ts', import.meta.url));
const floor: Helper<FloorTarget, number> = startHelper(new URL('./support/floorProxy.ts', import.meta.url));
const built = await buildServer();
const origin = `http://127.0.0.1:${await echo.ask({})}`;
const floorPort = await floor.ask({ origin, path: '/mcp' });
const server = await startServer(built.main, KEY, {
  AGENT_PROCESSES: String(PROCESSES),
  ...FOR_AGENTS,
});
const peer = await startPeer(`${origin}/mcp`);
const measured: Row[] = [];
const memory: { what: string; calls: number; rssMiB: number }[] = [];
try {
  const { path, token } = await prepareSpace(server.port, KEY, `${origin}/mcp`);
  const targets: Target[] = [
    { what: 'direct', request: toolCall(origin, '/mcp', 'echo'), pids: [] },
    { what: 'floor', request: toolCall(`http://127.0.0.1:${floorPort}`, '/mcp', 'echo'), pids: [floor.pid] },
    ...OURS.map((what, n) => ({
      what,
      request: toolCall(`http://127.0.0.1:${n === 0 ? server.port : server.agentsPort}`, path, 'echo', {
        authorization: `Bearer ${token}`,
      }),
      pids: n === 0 ? [server.pid] : agentPidsOf(server),
    })),
    { what: 'mcp-proxy + supergateway', request: toolCall(peer.origin, '/mcp', 'echo'), pids: peer.pids },
  ];
  for (const target of targets) await check(target);
  for (let round = 0; round < ROUNDS; round++) {
    for (const concurrency of CONCURRENCY) for (const target of targets) await measure(target, concurrency);
  }
  for (const target of targets.filter(({ what }) => OURS.includes(what))) await measureMemory(target);
} finally {
  await Promise.all([load.stop(), echo.stop(), floor.stop(), server.stop(), peer.stop()]);
  built.dispose();
}
const rows = summary(measured);
print(rows);
printTable(
  ['what', 'calls', 'RSS MiB'],
  memory.map(({ what, calls, rssMiB }) => [what, calls, rssMiB]),
);
writeResult('gateway', {
  engine: server.engine,
  rounds: ROUNDS,
  secondsEach: SECONDS,
  rows,
  ratios: ratios(rows),
  memory,
});

/** What is quick because it fails is not measured. */
async function check({ what, request }: Target): Promise<void> {
  const { method, headers, body = '' } = request;
  const answer = await fetch(new URL(request.path, request.origin), { method, headers, body });
  const text = await answer.text();
  if (!text.includes('x'.repeat(100)) || text.includes('"error"'))
    throw new Error(`${what} answered ${text}`);
}

async function measure({ what, request, pids }: Target, concurrency: number): Promise<void> {
  const cpu = () => pids.reduce((sum, pid) => sum + (cpuTimeMs(pid) ?? 0), 0);
  const before = cpu();
  const result = await load.ask({ ...request, concurrency, seconds: SECONDS });
  measured.push({
    what,
    concurrency,
    callsPerSecond: result.requestsPerSecond,
    p50Ms: result.p50Ms,
    p99Ms: result.p99Ms,
    cpuMs: (cpu() - before) / result.requestsSent,
    rssMiB: pids.reduce((sum, pid) => sum + (memoryMiB(pid) ?? 0), 0),
  });
  console.log(`${what}, ${concurrency} at a time: ${result.requestsPerSecond} a second`);
  // What the one before left to do is not the next one's.
  await sleep(300);
}

/** Memory stays flat: what one call leaves behind, a hundred thousand would show. */
async function measureMemory({ what, request, pids }: Target): Promise<void> {
  let calls = 0;
  while (calls < CALLS_FOR_MEMORY) {
    calls += (await load.ask({ ...request, concurrency: 16, seconds: SECONDS })).requestsSent;
    memory.push({
      what,
      calls,
      rssMiB: round(
        pids.reduce((sum, pid) => sum + (memoryMiB(pid) ?? 0), 0),
        0,
      ),
    });
  }
}

/** The middle of the rounds. */
function summary(all: readonly Row[]): Row[] {
  return CONCURRENCY.flatMap(concurrency =>
    [...new Set(all.map(({ what }) => what))].map(what => {
      const same = all.filter(row => row.what === what && row.concurrency === concurrency);
      const middle = (of: (row: Row) => number, digits: number) => round(median(same.map(of)), digits);
      return {
        what,
        concurrency,
        callsPerSecond: middle(row => row.callsPerSecond, 0),
        p50Ms: middle(row => row.p50Ms, 3),
        p99Ms: middle(row => row.p99Ms, 3),
        cpuMs: middle(row => row.cpuMs, 3),
        rssMiB: middle(row => row.rssMiB, 0),
      };
    }),
  );
}

/** The targets: added p50 at most 1.5 × the floor's and 0.3 ms; at least 60 % of the floor's rate, 3 × the peer's. */
function ratios(all: readonly Row[]) {
  return OURS.flatMap(what =>
    CONCURRENCY.map(concurrency => {
      const of = (name: string) =>
        all.find(row => row.what === name && row.concurrency === concurrency) as Row;
      const [direct, least, theirs] = [of('direct'), of('floor'), of('mcp-proxy + supergateway')];
      const ours = of(what);
      return {
        what,
        concurrency,
        addedP50Ms: round(ours.p50Ms - direct.p50Ms, 3),
        addedP50AllowedMs: round(1.5 * (least.p50Ms - direct.p50Ms) + 0.3, 3),
        ofFloorRate: round(ours.callsPerSecond / least.callsPerSecond, 3),
        ofPeerRate: round(ours.callsPerSecond / theirs.callsPerSecond, 2),
      };
    }),
  );
}

function print(all: readonly Row[]): void {
  console.log('');
  printTable(
    ['what', 'at a time', 'calls/s', 'p50 ms', 'p99 ms', 'CPU ms', 'RSS MiB'],
    all.map(row => [
      row.what,
      row.concurrency,
      row.callsPerSecond,
      row.p50Ms,
      row.p99Ms,
      row.cpuMs,
      row.rssMiB,
    ]),
  );
  console.log('');
  const found = ratios(all);
  printTable(
    ['what', 'at a time', 'added p50 ms', 'allowed', 'of floor (≥ 0.6)', 'of peer (≥ 3)'],
    found.map(row => [
      row.what,
      row.concurrency,
      row.addedP50Ms,
      row.addedP50AllowedMs,
      row.ofFloorRate,
      row.ofPeerRate,
    ]),
  );
}
