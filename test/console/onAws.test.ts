import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { violationsInBothModes } from '../support/console/axe.ts';
import { type Cloud, deployCloud } from '../support/console/cloud.ts';
import { paste } from '../support/console/paste.ts';
import { type ConsoleWorld, openTab, startConsole, unable } from '../support/console/world.ts';
import { type McpPeer, startModern } from '../support/mcp/modern.ts';

const KEY = {
  accessKeyId: 'ASIAPERSON',
  secretAccessKey: 'a-secret+of/STS',
  sessionToken: 'IQoJb3Jp//Z2lu+==',
};
const LINES = `export AWS_ACCESS_KEY_ID="${KEY.accessKeyId}"
export AWS_SECRET_ACCESS_KEY="${KEY.secretAccessKey}"
export AWS_SESSION_TOKEN="${KEY.sessionToken}"
`;

describe.skipIf(unable)('the console on AWS', () => {
  let world: ConsoleWorld;
  let peer: McpPeer;
  let cloud: Cloud;

  beforeAll(async () => {
    [world, peer] = await Promise.all([startConsole(), startModern()]);
    cloud = await deployCloud({ server: world.server.url });
    cloud.keys.set(KEY.accessKeyId, KEY);
    const apiKey = { apiKeyName: 'key', apiKeyHeader: 'x-api-key', apiKeyValue: 'some-key' };
    await world.client.registerService({
      service: 'mcpserver',
      serviceDetails: {
        mcpserver: { name: 'first', endpoint: peer.url, authorizationConfig: { apiKey } },
      },
    });
  });
  afterAll(async () => {
    await cloud?.close();
    await world?.close();
    await peer?.close();
  });

  it('signs for the API in a stage of its own host, and sends to the console', async () => {
    const { page, complaints, shoot, close } = await openTab(`${cloud.url}/console/spaces`);
    const origins = new Set<string>();
    page.on('request', request => origins.add(new URL(request.url()).origin));
    await page.getByText('Use credentials of a user or role').waitFor();
    expect(await violationsInBothModes(page)).toEqual([]);
    await paste(page.getByLabel('Access key ID'), LINES);
    await page.getByRole('button', { name: 'Sign in' }).click();
    // What has a body and what has none, labels that are encoded, and the trail, which is a POST to /.
    await page.getByRole('button', { name: 'Create agent space' }).first().click();
    await page.getByRole('dialog').getByRole('textbox').first().fill('Night shift');
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /^Create/ })
      .click();
    await page.getByRole('link', { name: 'Night shift' }).first().waitFor();
    await page.getByRole('link', { name: 'MCP servers' }).click();
    await page.getByRole('link', { name: 'first' }).click();
    await page.getByRole('tab', { name: 'Tags' }).click();
    await page.getByRole('button', { name: 'Add tag' }).waitFor();
    await page.getByRole('tab', { name: 'History' }).click();
    await page.getByRole('row').filter({ hasText: 'RegisterService' }).first().waitFor();
    await shoot('on-aws');
    expect([...origins]).toEqual([cloud.url]);
    expect(complaints).toEqual([]);
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('button', { name: 'Sign in' }).waitFor();
    await close();
  });

  it('says when credentials have expired', async () => {
    const { page, close } = await openTab(`${cloud.url}/console/servers`);
    cloud.keys.set(KEY.accessKeyId, { ...KEY, expiresAt: Date.now() - 1 });
    await paste(page.getByLabel('Access key ID'), LINES);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('The security token is expired').waitFor();
    cloud.keys.set(KEY.accessKeyId, KEY);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('link', { name: 'first' }).waitFor();
    cloud.keys.delete(KEY.accessKeyId);
    await page.getByRole('link', { name: 'Agent spaces' }).click();
    await page.getByText('Your session has ended').waitFor();
    await close();
  });

  it('loads anew when its files were replaced under an open tab', async () => {
    cloud.keys.set(KEY.accessKeyId, KEY);
    const { page, complaints, close } = await openTab(`${cloud.url}/console/servers`);
    await paste(page.getByLabel('Access key ID'), LINES);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('link', { name: 'first' }).waitFor();
    await page.route('**/SpacesPage-*.js', route => route.fulfill({ status: 403 }), { times: 1 });
    await page.getByRole('link', { name: 'Agent spaces' }).click();
    await page.getByRole('heading', { name: 'Agent spaces', level: 1 }).waitFor();
    expect(page.url()).toBe(`${cloud.url}/console/spaces`);
    expect(complaints.filter(text => !text.includes('403'))).toEqual([]);
    await close();
  });

  it('answers as the embedded server does: pages, files, headers', async () => {
    const headersOf = ({ headers }: Response) =>
      Object.fromEntries(
        [...headers].filter(([name]) => /^(content-(sec|type)|x-(content|frame)|referrer|cross)/.test(name)),
      );
    const { page, close } = await openTab(`${cloud.url}/console/`);
    for (const path of ['/console/', '/console/servers/a.b/c', '/console/config.json']) {
      const own = await fetch(world.server.url + path);
      const answered = await page.request.get(cloud.url + path);
      expect([path, answered.status()]).toEqual([path, own.status]);
      expect(answered.headers()).toMatchObject(headersOf(own));
      expect(answered.headers()['cache-control']).toBe('no-cache');
      expect(answered.headers()['strict-transport-security']).toBe('max-age=31536000');
      if (!path.endsWith('.json')) expect(await answered.text()).toBe(await own.text());
    }
    const moved = await page.request.get(`${cloud.url}/console`, { maxRedirects: 0 });
    expect([moved.status(), moved.headers().location]).toEqual([308, '/console/']);
    await close();
  });

  it('turns no error of the API, and no missing file, into its page', async () => {
    const { page, close } = await openTab(`${cloud.url}/console/`);
    const unsigned = await page.request.get(`${cloud.url}/v1/services/none`);
    expect([unsigned.status(), (await unsigned.json()).__type]).toEqual([403, 'InvalidSignatureException']);
    const missing = await page.request.get(`${cloud.url}/console/assets/none.js`);
    expect([missing.status(), await missing.text()]).toEqual([403, '<Error/>']);
    await close();
  });
});
