/**
 * Milliseconds until the console shows something in Chromium, on the machine that it is served from: the first table among
 * many registrations, a search in it and its sorting, and the tool picker of a server with many tools; and how long the page
 * answered nothing meanwhile.
 */

import { TABLE_DEFAULT_NAME } from '../lib/store/table.ts';
import { rootClient } from '../test/support/client.ts';
import { chromium, signIn, startConsole, type Tab } from '../test/support/console/world.ts';
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
  /** The longest that the page answered nothing meanwhile (a "long task"), the median of the samples; 0 below 50 ms. */
  longestTaskMs: number;
}

interface Sample {
  ms: number;
  task: number;
}

if (typeof chromium === 'string') throw new Error(chromium);
const world = await startConsole({ QUOTA_SERVICES: '20000', QUOTA_TOOLS_PER_SPACE: '500' });
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
  ['what', 'among', 'median ms', 'longest task ms'],
  rows.map(({ what, among, medianMs, longestTaskMs }) => [what, among, medianMs, longestTaskMs]),
);
writeResult('console', { samples: SAMPLES, rows });

/** A new tab that notes the page's long tasks, with nothing in the browser's cache. */
async function openTab(path: string): Promise<Tab> {
  const tab = await world.openSignedOut('/config.json');
  await signIn(tab.page);
  await tab.page.addInitScript(() => {
    const tasks: number[] = [];
    Object.assign(window, { tasks });
    new PerformanceObserver(list => tasks.push(...list.getEntries().map(({ duration }) => duration))).observe(
      {
        type: 'longtask',
      },
    );
  });
  void tab.page.goto(`${world.server.url}/console${path}`);
  return tab;
}

/** How long something takes until what it leads to is there, and the longest task on the way. */
async function timed({ page }: Tab, work: () => Promise<unknown>): Promise<Sample> {
  const read = () =>
    page.evaluate(() => {
      // Entries come once the page is idle.
      return new Promise<number[]>(resolve =>
        setTimeout(() => resolve((window as unknown as { tasks?: number[] }).tasks ?? []), 100),
      );
    });
  const before = await read().then(
    tasks => tasks.length,
    () => 0,
  );
  const began = performance.now();
  await work();
  const ms = performance.now() - began;
  return { ms, task: Math.max(0, ...(await read()).slice(before)) };
}

async function table(among: number): Promise<void> {
  const samples: Record<string, Sample[]> = {};
  const last = `server-${String(among - 1).padStart(6, '0')}`;
  for (let sample = 0; sample < SAMPLES; sample++) {
    const began = performance.now();
    const tab = await openTab('/servers');
    const { page } = tab;
    const note = (what: string, one: Sample) => {
      samples[what] = [...(samples[what] ?? []), one];
    };
    await page.getByRole('link', { name: 'server-000000' }).waitFor();
    note('first rows of the table', { ms: performance.now() - began, task: 0 });
    const whole = await timed(tab, () => page.getByText(`(${among})`).waitFor({ timeout: 120_000 }));
    note('the whole list', { ms: performance.now() - began, task: whole.task });
    const find = page.getByPlaceholder('Find servers');
    note(
      'a search for one, key by key',
      await timed(tab, async () => {
        await find.pressSequentially(last);
        await page.getByRole('link', { name: last }).waitFor();
      }),
    );
    await find.fill('');
    note(
      'sorting by name',
      await timed(tab, async () => {
        const name = page.getByRole('button', { name: 'Name', exact: true });
        await name.click();
        await name.click();
        await page.getByRole('link', { name: last }).waitFor();
      }),
    );
    await tab.close();
  }
  for (const [what, some] of Object.entries(samples)) add(what, among, some);
}

async function picker(): Promise<void> {
  const api = rootClient(world.server.url);
  const apiKey = { apiKeyName: 'key', apiKeyHeader: 'x-api-key', apiKeyValue: 'a-key-that-nobody-checks' };
  const mcpserver = { name: 'bench', endpoint: peer.url, authorizationConfig: { apiKey } };
  const { serviceId } = await api.registerService({ service: 'mcpserver', serviceDetails: { mcpserver } });
  const { agentSpaceId } = (await api.createAgentSpace({ name: 'bench' })).agentSpace;
  const shown: Sample[] = [];
  const all: Sample[] = [];
  for (let sample = 0; sample < SAMPLES; sample++) {
    const tab = await openTab(`/spaces/${agentSpaceId}/add?serviceId=${serviceId}`);
    const { page } = tab;
    shown.push(await timed(tab, () => page.getByRole('checkbox', { name: 'Select tool_001' }).waitFor()));
    all.push(
      await timed(tab, async () => {
        await page.getByRole('checkbox', { name: 'Select all tools on this page' }).check();
        await page.getByText(`30 of ${TOOLS} tools allowed`).waitFor();
      }),
    );
    await tab.close();
  }
  add('the tool picker, server asked', TOOLS, shown);
  add('selecting a page of tools', TOOLS, all);
}

function add(what: string, among: number, samples: readonly Sample[]): void {
  const medianOf = (member: keyof Sample) => round(median(samples.map(sample => sample[member])), 0);
  rows.push({ what, among, medianMs: medianOf('ms'), longestTaskMs: medianOf('task') });
}
