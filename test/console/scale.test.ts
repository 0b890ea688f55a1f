import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seedServices } from '../../bench/support/seed.ts';
import { TABLE_DEFAULT_NAME } from '../../lib/store/table.ts';
import { type ConsoleWorld, startConsole, type Tab, unable } from '../support/console/world.ts';
import { testClient } from '../support/engine.ts';
import { type McpPeer, startModern } from '../support/mcp/modern.ts';
import { manyTools } from '../support/mcp/toolShelf.ts';

const SERVERS = 10_000;
const TOOLS = 500;
/** Elements of a page, whatever its lists hold. */
const MAX_ELEMENTS = 4_000;

/** What a page does grows with what it shows, not with what there is. Times are measured in bench/console.ts. */
describe.skipIf(unable)(`the console of ${SERVERS} servers`, () => {
  let world: ConsoleWorld;
  let peer: McpPeer;
  let tab: Tab;
  let page: Page;

  beforeAll(async () => {
    peer = await startModern({ tools: manyTools(TOOLS) });
    world = await startConsole({ QUOTA_SERVICES: '20000', QUOTA_TOOLS_PER_SPACE: '500' });
    const client = testClient(world.server.databaseEndpoint);
    await seedServices({ client, tableName: TABLE_DEFAULT_NAME, accountId: '000000000000' }, 0, SERVERS - 1);
    // A page that asks for no list of servers.
    tab = await world.open('/audit');
    page = tab.page;
  }, 120_000);

  afterAll(async () => {
    await tab?.close();
    await world?.close();
    await peer?.close();
  });

  const rows = () => page.locator('tbody tr').count();
  const elements = () => page.evaluate(() => document.querySelectorAll('*').length);

  /** How often each operation is asked for while something happens, by the end of its path. */
  async function asked(work: () => Promise<unknown>): Promise<Record<string, number>> {
    const before = tab.requests.length;
    await work();
    const paths = tab.requests.slice(before).map(url => new URL(url).pathname);
    const calls = paths
      .filter(path => path.startsWith('/v1/'))
      .map(path => path.split('/').slice(3).join('/'));
    return Object.fromEntries(
      [...new Set(calls)].map(call => [call, calls.filter(one => one === call).length]),
    );
  }

  it('lists them in pages of a hundred, and shows twenty', async () => {
    const apiKey = { apiKeyName: 'key', apiKeyHeader: 'x-api-key', apiKeyValue: 'some-key' };
    const mcpserver = { name: 'shelf', endpoint: peer.url, authorizationConfig: { apiKey } };
    await world.client.registerService({ service: 'mcpserver', serviceDetails: { mcpserver } });
    const calls = await asked(async () => {
      await page.goto(`${world.server.url}/console/servers`);
      await page.getByText(`(${SERVERS})`).waitFor({ timeout: 60_000 });
    });
    expect(calls).toEqual({ list: SERVERS / 100, 'association-counts': 1 });
    expect(await rows()).toBe(20);
    expect(await elements()).toBeLessThan(MAX_ELEMENTS);
  }, 90_000);

  it('searches, sorts, filters and turns pages without asking for the list again', async () => {
    const calls = await asked(async () => {
      await page.getByPlaceholder('Find servers').fill('server-009998');
      await page.getByRole('link', { name: 'server-009998' }).waitFor();
      expect(await rows()).toBe(1);
      await page.getByPlaceholder('Find servers').fill('');
      await page.getByRole('button', { name: 'Name', exact: true }).click();
      await page.getByRole('link', { name: 'server-000019' }).waitFor();
      await page.getByRole('button', { name: 'Next page' }).first().click();
      await page.getByRole('link', { name: 'server-000020' }).waitFor();
      await page.getByRole('button', { name: /^Authorization Any/ }).click();
      await page.getByRole('option', { name: 'API key' }).click();
      await page.getByRole('link', { name: 'shelf' }).waitFor();
      expect(await rows()).toBe(1);
    });
    expect(Object.keys(calls)).toEqual(['association-counts']);
    // The row that was found, the page that was turned to, and the one that the filter left.
    expect(calls['association-counts']).toBeLessThanOrEqual(3);
  });

  it(`lets ${TOOLS} tools be picked, of which it shows thirty`, async () => {
    const { agentSpaceId } = (await world.client.createAgentSpace({ name: 'Night shift' })).agentSpace;
    await page.goto(`${world.server.url}/console/spaces/${agentSpaceId}/add`);
    await page.getByText(`(${SERVERS})`).waitFor({ timeout: 60_000 });
    expect(await rows()).toBe(20);
    await page.getByPlaceholder('Find servers').fill('shelf');
    await page.getByRole('radio', { name: 'shelf' }).check();
    await page.getByRole('button', { name: 'Choose tools' }).click();
    await page.getByRole('heading', { name: `Tools (${TOOLS})` }).waitFor();
    expect(await rows()).toBe(30);
    expect(await elements()).toBeLessThan(MAX_ELEMENTS);
    const calls = await asked(async () => {
      await page.getByRole('checkbox', { name: 'Select all tools on this page' }).check();
      await page.getByText(`30 of ${TOOLS} tools allowed`).waitFor();
      await page.getByPlaceholder('Find tools').fill('tool_499');
      await page.getByRole('checkbox', { name: 'Select tool_499' }).check();
      await page.getByText(`31 of ${TOOLS} tools allowed`).waitFor();
      await page.getByRole('radio', { name: 'Allow all tools' }).check();
      await page.getByText(`${TOOLS} of ${TOOLS} tools allowed`).waitFor();
    });
    expect(calls).toEqual({});
  }, 90_000);
});
