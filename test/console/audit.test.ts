import { readFileSync } from 'node:fs';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { counterItem, hourOf } from '../../lib/invocations/callCounters.ts';
import { TABLE_DEFAULT_NAME } from '../../lib/store/table.ts';
import { violationsInBothModes } from '../support/console/axe.ts';
import { type ConsoleWorld, startConsole, type Tab, unable } from '../support/console/world.ts';
import { testClient } from '../support/engine.ts';
import { type McpPeer, startModern } from '../support/mcp/modern.ts';

describe.skipIf(unable)('the event history and the activity', () => {
  let world: ConsoleWorld;
  let peer: McpPeer;
  let tab: Tab;
  let page: Page;
  let serviceId: string;
  let agentSpaceId: string;

  beforeAll(async () => {
    peer = await startModern();
    world = await startConsole();
    const apiKey = { apiKeyName: 'key', apiKeyHeader: 'x-api-key', apiKeyValue: 'canary-key-5d20' };
    const details = { name: 'weather', endpoint: peer.url, authorizationConfig: { apiKey } };
    const registered = await world.client.registerService({
      service: 'mcpserver',
      serviceDetails: { mcpserver: details },
    });
    serviceId = registered.serviceId ?? '';
    agentSpaceId = (await world.client.createAgentSpace({ name: 'Night shift' })).agentSpace.agentSpaceId;
    const configuration = { mcpserver: { tools: ['echo', 'add'] } };
    await world.client.associateService({ agentSpaceId, serviceId, configuration });
    await world.client
      .associateService({ agentSpaceId, serviceId: 'mcpserver-none', configuration })
      .catch(() => {});
    const { tokenValue } = await world.client.createAccessToken({
      agentSpaceId,
      name: 'laptop',
      scope: 'read',
    });
    for (const name of ['weather_echo', 'weather_add', 'weather_none']) await call(tokenValue, name);
    await vi.waitFor(async () => {
      expect((await world.client.listInvocations({ agentSpaceId })).invocations).toHaveLength(3);
    });
    tab = await world.open('/audit');
    page = tab.page;
  });

  afterAll(async () => {
    await tab?.close();
    await world?.close();
    await peer?.close();
  });

  async function call(token: string, name: string): Promise<void> {
    const params = { name, arguments: { text: 'hello', a: 1, b: 2 } };
    const answer = await fetch(`${world.server.url}/v1/agentspaces/${agentSpaceId}/mcp`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
      },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params }),
    });
    await answer.text();
  }

  const noViolations = async () => expect(await violationsInBothModes(page)).toEqual([]);
  const rows = () => page.locator('tbody tr').count();

  async function saved(kind: string): Promise<string> {
    await page.getByRole('button', { name: 'Export' }).click();
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('menuitem', { name: kind }).click(),
    ]);
    return readFileSync(await file.path(), 'utf8');
  }

  it('is searched by an attribute, which is part of the address', async () => {
    await page.getByRole('link', { name: 'Record of RegisterService' }).waitFor();
    await tab.shoot('audit');
    await noViolations();
    await page.getByRole('button', { name: /^Filter by/ }).click();
    await page.getByRole('option', { name: 'Event name' }).click();
    await page.getByRole('textbox', { name: 'Value' }).fill('AssociateService');
    await page.keyboard.press('Enter');
    await expect.poll(rows).toBe(2);
    await page.getByRole('cell', { name: 'ResourceNotFoundException' }).waitFor();
    expect(new URL(page.url()).search).toBe('?attribute=EventName&value=AssociateService');
    await page.reload();
    await expect.poll(rows).toBe(2);
  });

  it('is exported as CSV and as JSON', async () => {
    const csv = (await saved('Export CSV')).trim().split('\r\n');
    expect(csv).toHaveLength(3);
    expect(csv[0]).toBe(
      'Event time,Event name,Event ID,User name,Access key ID,Source IP address,Event source,Resources,Error code,Read-only',
    );
    expect(csv[1]).toMatch(/^\d{4}-.*,AssociateService,.*,ResourceNotFoundException,false$/);
    const { Records } = JSON.parse(await saved('Export JSON'));
    expect(Records).toHaveLength(2);
    expect(Records[1]).toMatchObject({ eventName: 'AssociateService', eventVersion: '1.11' });
  });

  it('is exported whole, and not only as far as the table shows it', async () => {
    for (let n = 0; n < 60; n++) await world.client.getAgentSpace({ agentSpaceId });
    await page.goto(`${world.server.url}/console/audit?attribute=EventName&value=GetAgentSpace`);
    await page.getByRole('button', { name: 'Load more events' }).waitFor();
    expect(await rows()).toBe(50);
    expect(JSON.parse(await saved('Export JSON')).Records.length).toBeGreaterThanOrEqual(60);
  });

  it('is narrowed to a time range', async () => {
    await page.goto(`${world.server.url}/console/audit?attribute=ResourceName&value=${serviceId}`);
    await page.getByRole('link', { name: 'Record of RegisterService' }).waitFor();
    const all = await rows();
    await page.getByRole('button', { name: 'Any time' }).click();
    await page.getByRole('radio', { name: 'Last 1 hour' }).check();
    await noViolations();
    await page.getByRole('button', { name: 'Apply' }).click();
    await page.getByRole('link', { name: 'Record of RegisterService' }).waitFor();
    expect(await rows()).toBe(all);
    await page.getByRole('button', { name: /Last 1 hour/ }).click();
    await page.getByRole('button', { name: 'Absolute range' }).click();
    await page.getByRole('textbox', { name: 'Start date' }).fill('2020/01/01');
    await page.getByRole('textbox', { name: 'End date' }).fill('2020/01/02');
    await page.getByRole('button', { name: 'Apply' }).click();
    await page.getByText('Nothing matches the filter and the time range.').waitFor();
  });

  it('shows the whole record of an event, without the secret', async () => {
    await page.goto(`${world.server.url}/console/servers/${serviceId}?tab=history`);
    await page.getByRole('link', { name: 'Record of RegisterService' }).click();
    const record = JSON.parse(await page.getByRole('region', { name: 'Event record' }).innerText());
    expect(record).toMatchObject({ eventName: 'RegisterService', eventSource: 'aidevops.switchboard' });
    expect(JSON.stringify(record)).toContain(peer.url);
    expect(await page.content()).not.toContain('canary-key-5d20');
    await tab.shoot('event');
    await noViolations();
    await page.getByRole('link', { name: serviceId }).click();
    await page.getByRole('link', { name: 'Record of AssociateService' }).first().waitFor();
    await page.goto(`${world.server.url}/console/audit/00000000-0000-0000-0000-000000000000`);
    await page.getByText('There is no such event').waitFor();
  });

  it('shows the calls of agents by space and server', async () => {
    await page.getByRole('link', { name: 'Activity' }).click();
    await page.getByRole('heading', { name: 'Calls and errors by hour' }).waitFor();
    await page.getByText('3 calls, 1 error').waitFor();
    await page.getByRole('heading', { name: 'Latest calls (3)' }).waitFor();
    await page.getByRole('row').filter({ hasText: 'weather_none' }).getByText('Refused').waitFor();
    await page.getByRole('row').filter({ hasText: 'weather_echo' }).getByText('laptop').waitFor();
    await tab.shoot('activity');
    await noViolations();
    await page.getByRole('button', { name: /^Server/ }).click();
    await page.getByRole('option', { name: 'weather' }).click();
    await page.getByRole('heading', { name: 'Latest calls (2)' }).waitFor();
    await page.getByText('2 calls, 0 errors').waitFor();
    expect(new URL(page.url()).searchParams.get('server')).toBe(serviceId);
  });

  it('counts every call of the range, however many there were, and says where it ends before', async () => {
    const counter = { accountId: '000000000000', agentSpaceId, serviceId, id: 'of-another-process' };
    const hour = hourOf(Date.now() - 2 * 86_400_000);
    const busy = counterItem({ ...counter, hour, calls: 250_000, errors: 12 }, { auditRetentionDays: 90 });
    await testClient(world.server.databaseEndpoint).send(
      new PutCommand({ TableName: TABLE_DEFAULT_NAME, Item: busy }),
    );
    await page.getByRole('button', { name: /^Time range/ }).click();
    await page.getByRole('option', { name: 'Last 7 days' }).click();
    await page.getByRole('heading', { name: 'Calls and errors by day' }).waitFor();
    await page.getByText('250,002 calls, 12 errors').waitFor();
    expect(tab.complaints.filter(line => !line.includes('Failed to load resource'))).toEqual([]);

    // More counters than it asks for would take minutes to make.
    let asked = 0;
    await page.route('**/counts/list**', async route => {
      const oldest = { startTime: '2026-01-05T10:00:00.000Z', calls: 1, errors: 0 };
      await route.fulfill({ json: { invocationCounts: [oldest], nextToken: `page-${++asked}` } });
    });
    await page.reload();
    await page.getByText(/^Calls before .*5.* are not counted/).waitFor();
    expect(asked).toBe(10);
    await noViolations();
  });
});
