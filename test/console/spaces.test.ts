import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { violationsInBothModes } from '../support/console/axe.ts';
import { type ConsoleWorld, startConsole, type Tab, unable } from '../support/console/world.ts';
import { type McpPeer, startModern } from '../support/mcp/modern.ts';
import { DEFAULT_TOOLS, manyTools } from '../support/mcp/toolShelf.ts';

const LONG = `long_${'x'.repeat(60)}`;
const HOSTILE = '<script>document.title="owned"</script>';
const TOOLS = [
  ...DEFAULT_TOOLS,
  { name: LONG, description: HOSTILE, inputSchema: { type: 'object' } },
  ...manyTools(60),
];
/** Of the first of them, what its server makes of it in the end. */
const LATEST = { ...DEFAULT_TOOLS[0], description: 'Third words.' };

describe.skipIf(unable)('agent spaces in the console', () => {
  let world: ConsoleWorld;
  let peer: McpPeer;
  let tab: Tab;
  let page: Page;
  let serviceId: string;
  let agentSpaceId: string;

  beforeAll(async () => {
    peer = await startModern({ tools: TOOLS });
    world = await startConsole({ QUOTA_TOOLS_PER_SPACE: '50' });
    serviceId = await register('weather');
    tab = await world.open('/spaces');
    page = tab.page;
  });

  afterAll(async () => {
    await tab?.close();
    await world?.close();
    await peer?.close();
  });

  async function register(name: string, shownAs?: string): Promise<string> {
    const apiKey = { apiKeyName: 'key', apiKeyHeader: 'x-api-key', apiKeyValue: 'some-key' };
    const details = { name, endpoint: peer.url, authorizationConfig: { apiKey } };
    const answer = await world.client.registerService({
      service: 'mcpserver',
      ...(shownAs && { name: shownAs }),
      serviceDetails: { mcpserver: details },
    });
    return answer.serviceId ?? '';
  }

  const association = async () => {
    const { associations } = await world.client.listAssociations({ agentSpaceId });
    const found = associations.find(one => one.serviceId === serviceId);
    return { ...found, ...found?.configuration.mcpserver };
  };
  const find = (text: string) => page.getByPlaceholder('Find tools').fill(text);
  const button = (name: string) => page.getByRole('button', { name, exact: true });
  const noViolations = async () => expect(await violationsInBothModes(page)).toEqual([]);

  it('creates a space, renames it, and tells what is wrong with a name beside it', async () => {
    await page.getByText('No agent spaces').waitFor();
    await button('Create agent space').click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').fill('x'.repeat(300));
    await dialog.getByRole('button', { name: 'Create agent space' }).click();
    await dialog.getByText(/255/).waitFor();
    await noViolations();
    await dialog.getByLabel('Name').fill('Night shift');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Night shift', level: 1 }).waitFor();
    agentSpaceId = new URL(page.url()).pathname.split('/').at(-1) ?? '';
    await button('Edit').click();
    await page.getByRole('dialog').getByLabel('Name').fill('Day shift');
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
    await page.getByRole('heading', { name: 'Day shift', level: 1 }).waitFor();
    await noViolations();
  });

  it('adds a server with the tools that are selected and how they are classified', async () => {
    await button('Add server').click();
    await page.getByRole('radio', { name: 'weather' }).check();
    await noViolations();
    await button('Choose tools').click();
    await page.getByRole('heading', { name: /^Tools \(64\)/ }).waitFor();
    await page.getByText('0 of 64 tools allowed · 0 of 50 tools in this space').waitFor();
    await page.getByText(`weather_${LONG}: 73 of 64 characters`).waitFor();
    await page.getByText('Longer than agents accept').waitFor();
    expect(await page.getByRole('checkbox', { name: `Select ${LONG}` }).isDisabled()).toBe(true);
    await page.getByRole('cell', { name: HOSTILE }).waitFor();
    for (const name of ['echo', 'add']) await page.getByRole('checkbox', { name: `Select ${name}` }).check();
    await find('write');
    await page.getByRole('button', { name: 'Classification of write_note Default: Mutative' }).waitFor();
    await page.getByRole('checkbox', { name: 'Select write_note' }).check();
    await find('');
    await page.getByText('3 of 64 tools allowed · 3 of 50').waitFor();
    await page.getByRole('button', { name: /^Classification of add/ }).click();
    await page.getByRole('option', { name: 'Mutative', exact: true }).click();
    await tab.shoot('tool-picker');
    await noViolations();

    await find('tool_0');
    await page.getByRole('checkbox', { name: 'Select all tools on this page' }).check();
    // What was selected on other pages of the list stays so.
    await page.getByText('33 of 64 tools allowed').waitFor();
    await find('');
    await page.getByRole('button', { name: 'Next page' }).click();
    await page.getByRole('checkbox', { name: 'Select all tools on this page' }).check();
    await page.getByText('An agent space may allow 50 tools. Select fewer.').first().waitFor();
    expect(await button('Add server').getAttribute('aria-disabled')).toBe('true');
    const whole = page.getByRole('checkbox', { name: 'Select all tools on this page' });
    await whole.uncheck();
    await find('tool_0');
    await whole.check();
    await whole.uncheck();
    await find('write');
    await whole.check();
    await find('');
    await page.getByText('3 of 64 tools allowed · 3 of 50').waitFor();
    await button('Add server').click();
    await page.getByText('weather is connected.').waitFor();
    await page.getByRole('cell', { name: '3 tools' }).waitFor();
    await tab.shoot('space');
    expect(await association()).toMatchObject({
      tools: ['add', 'echo', 'write_note'],
      toolDetails: [{ name: 'add', toolClassification: 'MUTATIVE' }],
    });
  });

  it('shows what the server changed, side by side, and confirms it', async () => {
    const changed = { ...DEFAULT_TOOLS[0], description: `Repeats the text. ${HOSTILE}` };
    peer.setTools([changed, ...TOOLS.slice(1)]);
    await world.client.validateService({ serviceId });
    expect(await association()).toMatchObject({ status: 'pending-confirmation' });
    await page.reload();
    await page.getByText('Pending confirmation').waitFor();
    await button('Review changes of weather').click();
    await page.getByRole('heading', { name: 'echo: changed description' }).waitFor();
    const description = page.getByRole('region', { name: 'Confirmed and offered description of echo' });
    await description.locator('del', { hasText: 'Repeats the text.' }).waitFor();
    await description.locator('ins b', { hasText: '<script>document.title=' }).waitFor();
    expect(await page.locator('main script').count()).toBe(0);
    // Both definitions are there whole, with what stayed the same.
    await page.getByRole('button', { name: 'input schema (unchanged)' }).click();
    const schema = page.getByRole('region', { name: 'Confirmed and offered input schema of echo' });
    expect(await schema.getByText('"properties": {').count()).toBe(2);
    expect(await schema.locator('del, ins').count()).toBe(0);
    await tab.shoot('drift');
    await noViolations();
    expect(await page.getByRole('checkbox', { name: 'Select echo' }).isChecked()).toBe(true);
    // What it changes behind the back of whoever looks is shown before it can be confirmed.
    peer.setTools([LATEST, ...TOOLS.slice(1)]);
    await button('Save and confirm definitions').click();
    await page.getByText('The server has changed echo since').waitFor();
    expect(await association()).toMatchObject({ status: 'pending-confirmation' });
    await description.locator('ins', { hasText: 'Third words.' }).waitFor();
    await button('Save and confirm definitions').click();
    await page.getByText('their definitions confirmed').waitFor();
    expect(await association()).toMatchObject({ status: 'valid', tools: ['add', 'echo', 'write_note'] });
  });

  it('allows all tools, and counts them against the space', async () => {
    await button('Edit tools of weather').click();
    await page.getByRole('radio', { name: 'Allow all tools' }).check();
    await page.getByRole('button', { name: 'Classification of echo Default: Read-only' }).waitFor();
    await page.getByText('63 of 64 tools allowed · 63 of 50').waitFor();
    await page.getByRole('radio', { name: 'Select specific tools' }).check();
    await page.getByText('3 of 64 tools allowed').waitFor();
    await page.getByRole('radio', { name: 'Allow all tools' }).check();
    peer.setTools([LATEST, ...TOOLS.slice(1, 10)]);
    await button('Save').click();
    await page.getByRole('cell', { name: 'All tools' }).waitFor();
    expect((await association()).tools).toEqual(['*']);
  });

  it('counts and tells how agents see the tools of a server that is shown under a name of its own', async () => {
    const shownAs = 'Weather of the whole world and of every other planet';
    const id = await register('world', shownAs);
    await page.goto(`${world.server.url}/console/spaces/${agentSpaceId}/add?serviceId=${id}`);
    await page.getByText('world_write_note: 16 of 64 characters').waitFor();
    await page.getByText(`world_${LONG}: 71 of 64 characters`).waitFor();
    await noViolations();
    await page.getByRole('radio', { name: 'Allow all tools' }).check();
    await button('Add server').click();
    await page.getByText(`${shownAs} is connected.`).waitFor();
    await page.getByRole('link', { name: shownAs }).click();
    await page.getByText('world_<tool>').waitFor();
    await page.goto(`${world.server.url}/console/activity?space=${agentSpaceId}`);
    await page.getByRole('button', { name: /All servers/ }).click();
    await page.getByRole('option', { name: shownAs }).getByText('world_<tool>').waitFor();
    expect(await page.getByText('weather_<tool>').count()).toBe(0);
    await page.goto(`${world.server.url}/console/spaces/${agentSpaceId}`);
    await button(`Remove ${shownAs}`).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove', exact: true }).click();
    await page.getByText(`${shownAs} is removed from this space.`).waitFor();
  });

  it('creates, rotates and revokes access tokens; each value works and is shown once', async () => {
    await page.getByRole('tab', { name: 'Access tokens' }).click();
    await button('Create access token').click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').fill('laptop');
    await dialog.getByLabel('Allowed addresses').fill('127.0.0.1/8 nonsense');
    await dialog.getByRole('button', { name: 'Create access token' }).click();
    await dialog
      .getByText(/CIDR|range/)
      .last()
      .waitFor();
    await noViolations();
    await dialog.getByLabel('Allowed addresses').fill('127.0.0.0/8');
    await dialog.getByRole('button', { name: 'Create access token' }).click();
    const value = page.getByRole('region', { name: 'Access token', exact: true });
    const first = await value.innerText();
    expect(await listTools(first)).toContain('weather_echo');
    await noViolations();
    await page.getByRole('dialog').getByRole('button', { name: 'Close' }).last().click();
    await button('Rotate laptop').click();
    await page.getByRole('dialog').getByRole('button', { name: 'Rotate' }).click();
    const second = await value.innerText();
    expect(second).not.toBe(first);
    expect(await listTools(second)).toContain('weather_echo');
    await page.getByRole('dialog').getByRole('button', { name: 'Close' }).last().click();
    await button('Revoke laptop').click();
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
    await page.getByText('laptop is revoked.').waitFor();
    await page.getByText('No access tokens').waitFor();
    expect(await page.content()).not.toContain(second);
  });

  /** Names of the tools that the holder of a token sees; the status where there are none. */
  async function listTools(token: string): Promise<string> {
    const answer = await fetch(`${world.server.url}/v1/agentspaces/${agentSpaceId}/mcp`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
      },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} }),
    });
    return answer.ok ? answer.text() : String(answer.status);
  }

  it('shows configuration to paste for each agent', async () => {
    await page.getByRole('tab', { name: 'Connect an agent' }).click();
    const endpoint = `${world.server.url}/v1/agentspaces/${agentSpaceId}/mcp`;
    const shown = (name: string) =>
      page.getByRole('region', { name: `Configuration for ${name}` }).innerText();
    expect(await shown('Claude Code')).toBe(
      `claude mcp add --transport http switchboard "${endpoint}" --header "Authorization: Bearer swbt_…"`,
    );
    expect(JSON.parse(await shown('Cursor')).mcpServers.switchboard.url).toBe(endpoint);
    expect(JSON.parse(await shown('VS Code')).servers.switchboard.url).toBe(endpoint);
    expect(await shown('MCP Inspector')).toContain(endpoint);
    await tab.shoot('connect');
    await noViolations();
  });

  it('removes a server from the space, and deletes the space', async () => {
    await page.getByRole('tab', { name: 'Servers' }).click();
    await button('Remove weather').click();
    await noViolations();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove', exact: true }).click();
    await page.getByText('weather is removed from this space.').waitFor();
    await button('Actions').click();
    await page.getByRole('menuitem', { name: 'Disable' }).click();
    await page.getByText('Day shift is disabled').waitFor();
    await button('Actions').click();
    await page.getByRole('menuitem', { name: 'Delete' }).click();
    const confirm = page.getByRole('dialog').getByRole('button', { name: 'Delete' });
    expect(await confirm.isDisabled()).toBe(true);
    await page.getByLabel('To confirm, type Day shift').fill('Day shift');
    await confirm.click();
    await page.getByText('Day shift is deleted.').waitFor();
    await page.getByText('No agent spaces').waitFor();
    expect(tab.complaints.filter(line => !line.includes('Failed to load resource'))).toEqual([]);
  });
});
