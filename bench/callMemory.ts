/**
 * What a call of a tool leaves to V8's collections: the bytes that it allocates, and those that outlive a collection of the
 * young generation, each of which is copied and costs many times as much. Both are counts, which other programs on the
 * machine do not move.
 */
import { FOR_AGENTS, prepareSpace, toolCall } from './support/agentSpace.ts';
import { collectionsIn } from './support/collections.ts';
import type { Load, LoadResult } from './support/loadClient.ts';
import { buildServer } from './support/privateBuild.ts';
import { type Helper, KEY, startHelper, startServer } from './support/processes.ts';
import { printTable, round, writeResult } from './support/result.ts';

const CONCURRENCY = [16, 64];
/** Compiled code and the size of the young generation settle within the first seconds. */
const SETTLE_SECONDS = 4;
const SECONDS = 8;

const load: Helper<Load, LoadResult> = startHelper(new URL('./support/loadClient.ts', import.meta.url));
const echo: Helper<object, number> = startHelper(new URL('./support/echoUpstream.ts', import.meta.url));
const built = await buildServer();
const origin = `http://127.0.0.1:${await echo.ask({})}`;
const server = await startServer(built.main, KEY, {
  ...FOR_AGENTS,
  NODE_OPTIONS: `--import ${new URL('./support/traceGc.ts', import.meta.url).href}`,
});
const rows = [];
try {
  const { path, token } = await prepareSpace(server.port, KEY, `${origin}/mcp`);
  const authorization = `Bearer ${token}`;
  const request = toolCall(`http://127.0.0.1:${server.port}`, path, 'echo', { authorization });
  for (const concurrency of CONCURRENCY) {
    await load.ask({ ...request, concurrency, seconds: SETTLE_SECONDS });
    const from = server.lines().length;
    const { requestsSent: calls } = await load.ask({ ...request, concurrency, seconds: SECONDS });
    const { young, full, allocated, outlived, youngMs } = collectionsIn(server.lines().slice(from));
    rows.push({
      concurrency,
      calls,
      allocatedBytes: round(allocated / calls, 0),
      outlivedBytes: round(outlived / calls, 0),
      young,
      full,
      youngMicroseconds: round((youngMs * 1000) / calls, 1),
    });
  }
} finally {
  await Promise.all([load.stop(), echo.stop(), server.stop()]);
  built.dispose();
}
printTable(
  ['at a time', 'calls', 'bytes a call', 'outlive', 'young', 'full', 'µs a call'],
  rows.map(row => Object.values(row)),
);
writeResult('callMemory', { engine: server.engine, rows });
