import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PausingServer, startPausingServer } from '../operations/pausingServer.ts';
import { KEY } from '../operations/support.ts';
import { violationsInBothModes } from '../support/console/axe.ts';
import { type ConsoleWorld, startConsole, type Tab, unable } from '../support/console/world.ts';
import { manyTools } from '../support/mcp/toolShelf.ts';

describe.skipIf(unable)('a validation of a server that is slow to list its tools', () => {
  let world: ConsoleWorld;
  let server: PausingServer;
  let tab: Tab;
  let page: Page;

  beforeAll(async () => {
    server = await startPausingServer(manyTools(2));
    world = await startConsole();
    tab = await world.open('/servers/register');
    page = tab.page;
  });

  afterAll(async () => {
    await tab?.close();
    await world?.close();
    await server?.peer.close();
  });

  /** What the person sees while the server takes its time. */
  async function seenMeanwhile(): Promise<void> {
    await page.getByRole('row', { name: /MCP handshake Passed \d/ }).waitFor();
    await page.getByRole('row', { name: /^Tools Running$/ }).waitFor();
    await page.getByRole('heading', { name: 'Checking the server: Tools' }).waitFor();
    expect(await page.getByRole('row', { name: /Passed/ }).count()).toBe(7);
  }

  it('shows in the wizard which steps are done, and registers it in the end', async () => {
    const next = () => page.getByRole('button', { name: 'Next', exact: true }).click();
    await page.getByLabel('Name').first().fill('slow');
    await page.getByLabel('Endpoint URL').fill(server.peer.url);
    await next();
    await page.getByRole('radio', { name: 'API Key' }).check();
    await next();
    await page.getByLabel('Header name').fill('x-api-key');
    await page.getByLabel('API key', { exact: true }).fill(KEY);
    await next();
    const pause = server.pauseNext();
    await page.getByRole('button', { name: 'Register', exact: true }).click();
    await pause.seen;
    await seenMeanwhile();
    await tab.shoot('wizard-progress');
    expect(await violationsInBothModes(page)).toEqual([]);
    pause.release();
    await page.getByText('slow is registered.').waitFor();
  });

  it('shows the same on the page of the server', async () => {
    const pause = server.pauseNext();
    await page.getByRole('button', { name: 'Validate now' }).click();
    await pause.seen;
    await seenMeanwhile();
    pause.release();
    await page.getByRole('heading', { name: 'The server works' }).waitFor();
    await page.getByRole('row', { name: /Tools Passed \d/ }).waitFor();
  });

  it('shows the same while a new credential is proven', async () => {
    await page.getByRole('button', { name: 'Actions' }).click();
    await page.getByRole('menuitem', { name: 'Edit credentials' }).click();
    await page.getByLabel('API key', { exact: true }).fill(KEY);
    const pause = server.pauseNext();
    await page.getByRole('button', { name: 'Save credentials' }).click();
    await pause.seen;
    await seenMeanwhile();
    expect(await violationsInBothModes(page)).toEqual([]);
    pause.release();
    await page.getByText('The credentials of slow are replaced').waitFor();
    expect(tab.complaints.filter(line => !line.includes('Failed to load resource'))).toEqual([]);
  });
});
