/**
 * Milliseconds until the console shows something in Chromium, on the machine that it is served from: the first table among
 * many registrations, a search in it, and the tool picker of a server with many tools.
 */

import { TABLE_DEFAULT_NAME } from '../lib/store/table.ts';
import { rootClient } from '../test/support/client.ts';
import { chromium, signIn, startConsole } from '../test/support/console/world.ts';
import { testClient } from '../test/support/engine.ts';
import { startModern } from '../test/support/mcp/modern.ts';
import { manyTools } from '../test/support/mcp/toolShelf.ts';
import { median, printTable, round, writeResult } from './support/result.ts';
import { seedServices } from './support/seed.ts';

const ACCOUNT = '000000000000';
const SAMPLES = 5;
const TOOLS = 500;

interface Row {
  what: string;
  among: number;
  medianMs: number;
}

if (typeof chromium === 'string') throw new Error(chromium);
const world = await startConsole({ QUOTA_SERVICES: '20000' });
const peer = await startModern({ tools: manyTools(TOOLS) });
const rows: Row[] = [];
try {
  let seeded = 0;
  const client = testClient(world.server.databaseEndpoint);
  for (const among of [1_000, 10_000]) {
    await seedServices({ client, tableName: TABLE_DEFAULT_NAME, accountId: ACCOUNT }, seeded, among);
    seeded = among;
    await table(among);
  }
  await picker();
} finally {
  await world.close();
  await peer.close();
}
printTable(
  ['what', 'among', 'median ms'],
  rows.map(({ what, among, medianMs }) => [what, among, medianMs]),
);
writeResult('console', { samples: SAMPLES, rows });

/** Of a new tab each time, without anything in the browser's cache. */
async function table(among: number): Promise<void> {
  const first: number[] = [];
  const whole: number[] = [];
  const search: number[] = [];
  for (let sample = 0; sample < SAMPLES; sample++) {
    const tab = await world.openSignedOut('/config.json');
    await signIn(tab.page);
    const began = performance.now();
    await tab.page.goto(`${world.server.url}/console/servers`);
    await tab.page.getByRole('link', { name: 'server-000000' }).waitFor();
    first.push(performance.now() - began);
    await tab.page.getByText(`(${among})`).waitFor({ timeout: 120_000 });
    whole.push(performance.now() - began);
    const last = `server-${String(among - 1).padStart(6, '0')}`;
    const typed = performance.now();
    await tab.page.getByPlaceholder('Find servers').fill(last);
    await tab.page.getByRole('link', { name: last }).waitFor();
    search.push(performance.now() - typed);
    await tab.close();
  }
  add('first rows of the table', among, first);
  add('the whole list', among, whole);
  add('a search for one', among, search);
}

async function picker(): Promise<void> {
  const api = rootClient(world.server.url);
  const apiKey = { apiKeyName: 'key', apiKeyHeader: 'x-api-key', apiKeyValue: 'a-key-that-nobody-checks' };
  const mcpserver = { name: 'bench', endpoint: peer.url, authorizationConfig: { apiKey } };
  const { serviceId } = await api.registerService({ service: 'mcpserver', serviceDetails: { mcpserver } });
  const { agentSpaceId } = (await api.createAgentSpace({ name: 'bench' })).agentSpace;
  const shown: number[] = [];
  const all: number[] = [];
  for (let sample = 0; sample < SAMPLES; sample++) {
    const tab = await world.openSignedOut('/config.json');
    await signIn(tab.page);
    const began = performance.now();
    await tab.page.goto(`${world.server.url}/console/spaces/${agentSpaceId}/add?serviceId=${serviceId}`);
    await tab.page.getByRole('checkbox', { name: 'Select tool_001' }).waitFor();
    shown.push(performance.now() - began);
    const chosen = performance.now();
    await tab.page.getByRole('checkbox', { name: 'Select all tools on this page' }).check();
    await tab.page.getByText(`30 of ${TOOLS} tools allowed`).waitFor();
    all.push(performance.now() - chosen);
    await tab.close();
  }
  add('the tool picker, server asked', TOOLS, shown);
  add('selecting a page of tools', TOOLS, all);
}

function add(what: string, among: number, samples: number[]): void {
  rows.push({ what, among, medianMs: round(median(samples), 0) });
}
