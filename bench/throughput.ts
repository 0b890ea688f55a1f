/**
 * Requests a second and latency of GetService and ListServices in embedded mode, beside an empty HTTP server
 * that answers the same bytes and beside the engine alone, in one run. Client, server and engine share the
 * machine's cores: the ratios say more than the numbers.
 */
import { TABLE_DEFAULT_NAME } from '../lib/store/table.ts';
import { testClient } from '../test/support/engine.ts';
import type { EmptyAnswer } from './support/emptyServer.ts';
import type { Load, LoadResult } from './support/loadClient.ts';
import { buildServer } from './support/privateBuild.ts';
import {
  cpuTimeMs,
  type Helper,
  KEY,
  type ServerProcess,
  startHelper,
  startServer,
} from './support/processes.ts';
import {
  getService,
  listServices,
  type Request,
  rawGetItem,
  rawPut,
  rawQuery,
  signed,
} from './support/requests.ts';
import { printTable, round, writeResult } from './support/result.ts';
import { seedServices } from './support/seed.ts';

const CONCURRENCY = [1, 16, 64];
const SECONDS = 5;
const PAGE = 10;
const SERVICES = 100;
const ACCOUNT = '000000000000';

interface Row extends LoadResult {
  what: string;
  auditReads: boolean | null;
  concurrency: number;
  /** CPU milliseconds of the process that answers, per request; other programs hardly move it. */
  cpuMs?: number;
  /** Its rate as a part of the baselines' rates, at the same concurrency. */
  ofEmptyServer?: number;
  ofEngine?: number;
}

const OPERATIONS = [
  { what: 'GetService', baseline: 'GetItem', request: (port: number) => getService(port, SERVICES / 2) },
  { what: 'ListServices', baseline: 'Query', request: (port: number) => listServices(port, PAGE) },
];

const load: Helper<Load, LoadResult> = startHelper(new URL('./support/loadClient.ts', import.meta.url));
const empty: Helper<EmptyAnswer, number> = startHelper(new URL('./support/emptyServer.ts', import.meta.url));
const built = await buildServer();
const rows: Row[] = [];
let engine = '';
try {
  for (const auditReads of [true, false]) {
    const server = await startServer(built.main, KEY, { AUDIT_READS: String(auditReads) });
    try {
      engine = server.engine;
      await measureServer(server, auditReads);
    } finally {
      await server.stop();
    }
  }
} finally {
  await Promise.all([load.stop(), empty.stop()]);
  built.dispose();
}
print();
writeResult('throughput', { engine, secondsEach: SECONDS, page: PAGE, registrations: SERVICES, rows });

/** Baselines are measured next to each audit setting, and before it: the machine's mood changes. */
async function measureServer(server: ServerProcess, auditReads: boolean): Promise<void> {
  const { port, engineEndpoint } = server;
  const place = { client: testClient(engineEndpoint), tableName: TABLE_DEFAULT_NAME, accountId: ACCOUNT };
  await seedServices(place, 0, SERVICES);
  place.client.destroy();
  const engineOf: Record<string, Request> = {
    GetItem: rawGetItem(engineEndpoint, TABLE_DEFAULT_NAME, ACCOUNT, SERVICES / 2),
    Query: rawQuery(engineEndpoint, TABLE_DEFAULT_NAME, ACCOUNT, PAGE),
    PutItem: rawPut(engineEndpoint, TABLE_DEFAULT_NAME),
  };
  for (const concurrency of CONCURRENCY) {
    const engineRates: Record<string, number> = {};
    for (const [name, request] of Object.entries(engineOf)) {
      const result = await measure(`engine alone: ${name}`, null, request, concurrency);
      engineRates[name] = result.requestsPerSecond;
    }
    for (const { what, baseline, request } of OPERATIONS) {
      const bare = await measureEmpty(what, request(port), concurrency);
      const row = await measure(what, auditReads, await signed(request(port), KEY), concurrency, server.pid);
      row.ofEmptyServer = round(row.requestsPerSecond / bare.requestsPerSecond, 3);
      row.ofEngine = round(row.requestsPerSecond / (engineRates[baseline] ?? Number.NaN), 3);
    }
  }
}

async function measureEmpty(what: string, request: Request, concurrency: number): Promise<Row> {
  const port = await empty.ask(await answerOf(request));
  // The same request, signature and all.
  const same = { ...(await signed(request, KEY)), origin: `http://127.0.0.1:${port}` };
  return measure(`empty server: ${what}`, null, same, concurrency, empty.pid);
}

/** The bytes of a real answer. */
async function answerOf(request: Request): Promise<EmptyAnswer> {
  const { origin, path, method, headers } = await signed(request, KEY);
  const { host: _, ...sent } = headers;
  const answer = await fetch(new URL(path, origin), { method, headers: sent });
  const body = await answer.text();
  if (answer.status !== 200) throw new Error(`${method} ${path} answered ${answer.status}: ${body}`);
  const own = ['connection', 'date', 'keep-alive', 'content-length', 'transfer-encoding'];
  return { headers: Object.fromEntries([...answer.headers].filter(([name]) => !own.includes(name))), body };
}

async function measure(
  what: string,
  auditReads: boolean | null,
  request: Request,
  concurrency: number,
  pid?: number,
): Promise<Row> {
  const before = pid && cpuTimeMs(pid);
  const result = await load.ask({ ...request, concurrency, seconds: SECONDS });
  const row: Row = { what, auditReads, concurrency, ...result };
  if (pid && before) row.cpuMs = round(((cpuTimeMs(pid) ?? 0) - before) / result.requestsSent);
  rows.push(row);
  console.log(`${what}, ${concurrency} at a time: ${result.requestsPerSecond} a second`);
  return row;
}

function print(): void {
  console.log('');
  printTable(
    [
      'what',
      'AUDIT_READS',
      'at a time',
      'requests/s',
      'p50 ms',
      'p99 ms',
      'CPU ms',
      'of empty server',
      'of engine',
    ],
    rows.map(row => [
      row.what,
      row.auditReads === null ? '' : String(row.auditReads),
      row.concurrency,
      row.requestsPerSecond,
      row.p50Ms,
      row.p99Ms,
      row.cpuMs ?? '',
      row.ofEmptyServer ?? '',
      row.ofEngine ?? '',
    ]),
  );
}
