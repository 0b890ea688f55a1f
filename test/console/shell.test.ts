import { readFileSync, statSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accessKeysFile } from '../../local/accessKeys.ts';
import { createAccessKey } from '../../local/identity/manageAccessKeys.ts';
import { signInLinkFile } from '../../local/identity/signInLink.ts';
import { rootClient } from '../support/client.ts';
import { violationsInBothModes } from '../support/console/axe.ts';
import { paste } from '../support/console/paste.ts';
import { type ConsoleWorld, startConsole, unable } from '../support/console/world.ts';
import { type McpPeer, startModern } from '../support/mcp/modern.ts';
import { ROOT_KEY } from '../support/serverProcess.ts';

const HOSTILE = '<img src=x onerror="document.title=\'owned\'">';

describe.skipIf(unable)('the console', () => {
  let world: ConsoleWorld;
  let peer: McpPeer;

  beforeAll(async () => {
    const tools = [{ name: 'hostile', description: HOSTILE, inputSchema: { type: 'object' } }];
    peer = await startModern({ tools });
    world = await startConsole();
    const apiKey = { apiKeyName: 'key', apiKeyHeader: 'x-api-key', apiKeyValue: 'some-key' };
    for (const name of ['first', 'second']) {
      const details = { name, endpoint: `${peer.url}?a=1`, description: `${HOSTILE} of ${name}` };
      await world.client.registerService({
        service: 'mcpserver',
        serviceDetails: { mcpserver: { ...details, authorizationConfig: { apiKey } } },
      });
    }
  });

  afterAll(async () => {
    await world?.close();
    await peer?.close();
  });

  it('lists the registered servers, and shows one with its tools; what they say is text', async () => {
    const { page, complaints, requests, shoot, close } = await world.open('/servers');
    await page.getByRole('link', { name: 'first' }).waitFor();
    await page.getByText('0 spaces').first().waitFor();
    // The rows' counts are one request, for all of them together.
    const counts = requests.filter(url => url.endsWith('/association-counts'));
    expect(counts).toHaveLength(1);
    expect(requests.filter(url => url.includes('/associations/'))).toEqual([]);
    await shoot('servers');
    expect(await violationsInBothModes(page)).toEqual([]);

    await page.getByRole('button', { name: /^Status Any/ }).click();
    await page.getByRole('option', { name: 'Invalid' }).click();
    await page.getByText('No matches').waitFor();
    expect(await page.getByText('No MCP servers').count()).toBe(0);
    await page.getByRole('button', { name: 'Clear filter' }).click();
    await page.getByRole('link', { name: 'first' }).waitFor();
    await page.getByRole('button', { name: /^Status Any/ }).click();
    await page.getByRole('option', { name: 'Valid', exact: true }).click();
    await page.getByRole('link', { name: 'first' }).waitFor();
    await page.getByPlaceholder('Find servers').fill('of second');
    await expect.poll(() => page.getByRole('link', { name: 'first' }).count()).toBe(0);
    await page.getByRole('link', { name: 'second' }).click();
    await page.getByRole('heading', { name: 'second', level: 1 }).waitFor();
    await page.getByRole('cell', { name: HOSTILE }).waitFor();
    expect(await page.locator('main img, [onerror]').count()).toBe(0);
    expect(await page.title()).toBe('second - Switchboard');
    await page.getByRole('button', { name: 'Show definition of hostile' }).click();
    await page.getByRole('region', { name: 'Definition of hostile' }).waitFor();
    expect(await violationsInBothModes(page)).toEqual([]);
    await page.getByRole('button', { name: 'Close', exact: true }).first().click();
    expect(complaints).toEqual([]);
    await close();
  });

  it('validates a server step by step, and tells the history of it', async () => {
    const { page, complaints, shoot, close } = await world.open('/servers');
    await page.getByRole('link', { name: 'first' }).click();
    await page.getByRole('button', { name: 'Validate now' }).click();
    await page.getByRole('heading', { name: 'The server works' }).waitFor();
    await page.getByRole('row', { name: /MCP handshake Passed \d/ }).waitFor();
    await page.getByText('2026-07-28').waitFor();
    await shoot('server-validation');
    await page.reload();
    await page.getByRole('row', { name: /MCP handshake Passed \d/ }).waitFor();
    expect(await violationsInBothModes(page)).toEqual([]);
    for (const tab of ['Agent spaces', 'Tags']) {
      await page.getByRole('tab', { name: tab }).click();
      expect(await violationsInBothModes(page)).toEqual([]);
    }
    await page.getByRole('button', { name: 'Add tag' }).click();
    await page.getByRole('textbox', { name: 'Key' }).fill('team');
    await page.getByRole('textbox', { name: 'Value' }).fill('night shift');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('The tags are saved.').waitFor();
    await page.getByRole('tab', { name: 'History' }).click();
    for (const event of ['RegisterService', 'ValidateService', 'TagResource']) {
      await page.getByRole('row').filter({ hasText: event }).first().waitFor();
    }
    expect(page.url()).toContain('?tab=history');
    expect(complaints).toEqual([]);
    await close();
  });

  it('shows and edits tags in the account of whoever signed in', async () => {
    const file = accessKeysFile(world.server.dataDir);
    const { accessKeyId, secretAccessKey } = createAccessKey(
      file,
      { role: 'admin', accountId: '444455556666' },
      Date.now,
    );
    const key = { accessKeyId, secretAccessKey };
    const theirs = rootClient(world.server.url, { credentials: key });
    const { agentSpace } = await theirs.createAgentSpace({ name: 'Theirs', tags: { team: 'night' } });
    const { agentSpaceId } = agentSpace;
    const { page, close } = await world.open(`/spaces/${agentSpaceId}?tab=tags`, {}, key);
    expect(await page.getByRole('textbox', { name: 'Value' }).inputValue()).toBe('night');
    await page.getByRole('textbox', { name: 'Value' }).fill('day');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('The tags are saved.').waitFor();
    const { tags, arn } = await theirs.getAgentSpace({ agentSpaceId });
    expect(tags).toEqual({ team: 'day' });
    expect(arn).toBe(`arn:aws:aidevops:us-east-1:444455556666:agentspace/${agentSpaceId}`);
    await close();
  });

  it('signs in with an access key, keeps it to the tab, and forgets it', async () => {
    const { page, shoot, close } = await world.openSignedOut('/servers');
    const submit = page.getByRole('button', { name: 'Sign in' });
    await page.getByLabel('Access key ID').fill(ROOT_KEY.accessKeyId);
    expect(await violationsInBothModes(page)).toEqual([]);
    await shoot('sign-in');
    await submit.click();
    await page.getByText('Enter a value.').waitFor();
    await page.getByLabel('Secret access key').fill('not-the-secret-at-all');
    await submit.click();
    await page.getByText('This access key is not known here').waitFor();
    await page.getByLabel('Secret access key').fill(ROOT_KEY.secretAccessKey);
    await submit.click();
    await page.getByRole('link', { name: 'first' }).waitFor();
    await page.reload();
    await page.getByRole('link', { name: 'first' }).waitFor();
    expect(await page.evaluate(() => JSON.stringify({ ...localStorage }) + document.cookie)).not.toContain(
      ROOT_KEY.accessKeyId,
    );
    await page.getByRole('button', { name: 'Sign out' }).click();
    await submit.waitFor();
    expect(await page.evaluate(() => sessionStorage.length)).toBe(0);
    await close();
  });

  it('takes temporary credentials as they are pasted, and tells why this server has none', async () => {
    const { page, complaints, close } = await world.openSignedOut('/servers');
    const requests: string[] = [];
    page.on('request', request => requests.push(request.headers()['x-amz-security-token'] ?? ''));
    const field = page.getByLabel('Access key ID');
    const { accessKeyId, secretAccessKey } = ROOT_KEY;
    const lines = `export AWS_ACCESS_KEY_ID=${accessKeyId}\nexport AWS_SECRET_ACCESS_KEY=${secretAccessKey}\n`;
    await paste(field, `${lines}export AWS_SESSION_TOKEN=IQoJtoken\n`);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('The keys of this server have no session token').waitFor();
    expect(requests.at(-1)).toBe('IQoJtoken');
    await paste(field, lines);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('link', { name: 'first' }).waitFor();
    expect(complaints.filter(text => !text.includes('403'))).toEqual([]);
    await close();
  });

  it('signs in once with the link of the start, with a session of its own', async () => {
    const file = signInLinkFile(world.server.dataDir);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const link = readFileSync(file, 'utf8').trim();
    expect(world.server.stdout()).toContain(file);
    expect(world.server.stdout()).not.toContain(link);
    const path = link.slice(`${world.server.url}/console`.length);
    const { page, close } = await world.openSignedOut(path);
    await page.getByRole('link', { name: 'first' }).waitFor();
    expect(page.url()).not.toContain('code=');
    expect(() => statSync(file)).toThrow('ENOENT');
    const session = JSON.parse(
      await page.evaluate(() => sessionStorage.getItem('switchboard.session') ?? ''),
    );
    expect(session.accessKeyId).toMatch(/^SWBK/);
    expect(session.accessKeyId).not.toBe(ROOT_KEY.accessKeyId);
    const { Events } = await world.client.lookupEvents({
      LookupAttributes: [{ AttributeKey: 'EventName', AttributeValue: 'ConsoleLogin' }],
    });
    expect(Events).toMatchObject([{ Username: 'root', AccessKeyId: session.accessKeyId }]);

    const again = await world.openSignedOut(path);
    await again.page.getByText('The sign-in link does not work any more').waitFor();
    await again.close();

    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('button', { name: 'Sign in' }).waitFor();
    // The key of the session is dead, not only forgotten.
    await page.evaluate(kept => sessionStorage.setItem('switchboard.session', kept), JSON.stringify(session));
    await page.reload();
    await page.getByText('Your session has ended').waitFor();
    await close();
  });

  it('shows pages of deep links, and says so where there is none', async () => {
    const { page, close } = await world.open('/nowhere');
    await page.getByRole('heading', { name: 'There is no such page' }).waitFor();
    await page.goto(`${world.server.url}/console/servers/mcpserver-unknown`);
    await page.getByText('Request ID:').waitFor();
    expect(await violationsInBothModes(page)).toEqual([]);
    await close();
  });
});
