import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { violationsInBothModes } from '../support/console/axe.ts';
import { API_KEY, type Peers, SIGNED_FOR, startPeers, TOKEN } from '../support/console/peers.ts';
import { type Tab, unable } from '../support/console/world.ts';
import { CLIENTS } from '../support/oauth/clients.ts';

describe.skipIf(unable)('the register wizard', () => {
  let world: Peers;
  let tab: Tab;
  let page: Page;

  beforeAll(async () => {
    world = await startPeers();
    tab = await world.open('/servers');
    page = tab.page;
  });

  afterAll(async () => {
    await tab?.close();
    await world?.close();
  });

  const next = () => page.getByRole('button', { name: 'Next', exact: true }).click();
  const fill = (label: string | RegExp, value: string) => page.getByLabel(label).first().fill(value);
  const heading = (name: string) => page.getByRole('heading', { name, exact: true }).first().waitFor();

  /** The first step, and the second. */
  async function begin(name: string, endpoint: string, flow: string): Promise<void> {
    await page.goto(`${world.server.url}/console/servers/register`);
    await fill('Name', name);
    await fill('Endpoint URL', endpoint);
    await next();
    await page.getByRole('radio', { name: flow }).check();
    await next();
    await heading('Authorization configuration');
  }

  /** Submits, and is at the details of the server that was registered. */
  async function registered(name: string, button = 'Register'): Promise<string> {
    await heading('Review and submit');
    await page.getByRole('button', { name: button, exact: true }).click();
    await page.getByRole('heading', { name, level: 1 }).waitFor();
    await page.getByText(`${name} is registered.`).waitFor();
    const { pathname } = new URL(page.url());
    const { service } = await world.client.getService({ serviceId: pathname.split('/').at(-1) ?? '' });
    expect(service).toMatchObject({ name, validationStatus: 'valid' });
    return service.additionalServiceDetails?.mcpserver?.authorizationMethod ?? service.serviceType;
  }

  it('leads through the steps of an API key, and places each error on its field', async () => {
    await page.getByRole('button', { name: 'Register server' }).first().click();
    await heading('MCP server details');
    await page.getByText('appears in audit logs').waitFor();
    await next();
    expect(await page.getByText('Enter a value.').count()).toBe(2);
    expect(await violationsInBothModes(page)).toEqual([]);
    await fill('Name', 'not a name');
    await fill('Endpoint URL', world.keyed.url);
    await next();
    await heading('Authorization flow');
    expect(await violationsInBothModes(page)).toEqual([]);
    await tab.shoot('wizard-flow');
    await page.getByRole('radio', { name: 'API Key' }).check();
    await next();
    expect(await page.getByLabel('Header name').inputValue()).toBe('Authorization');
    await fill('Header name', 'x-api-key');
    await fill(/^Token prefix/, 'Key');
    await page.getByLabel('API key', { exact: true }).fill('a-wrong-key');
    expect(await violationsInBothModes(page)).toEqual([]);
    await next();
    // A step with nothing to ask is skipped.
    await heading('Review and submit');
    expect(await page.innerText('main')).not.toContain('a-wrong-key');

    await page.getByRole('button', { name: 'Register', exact: true }).click();
    await heading('MCP server details');
    await page.getByText('may hold letters, digits, _ and -').waitFor();
    await fill('Name', 'keyed');
    for (let step = 0; step < 3; step++) await next();
    await page.getByRole('button', { name: 'Register', exact: true }).click();
    await page.getByText('CREDENTIAL_REJECTED').first().waitFor();
    await heading('Authorization configuration');
    await page.getByLabel('API key', { exact: true }).fill(API_KEY);
    await next();
    // What the last attempt found is still told.
    await page.getByRole('row', { name: /Credential Failed/ }).waitFor();
    await tab.shoot('wizard-review');
    expect(await violationsInBothModes(page)).toEqual([]);
    expect(await registered('keyed')).toBe('api-key');
    expect(world.keyed.requests.at(-1)?.credentials['x-api-key']).toBe(`Key ${API_KEY}`);
  });

  it('tells of a name that is taken beside the name', async () => {
    await begin('KEYED', world.bearer.url, 'Bearer token');
    await page.getByLabel('Bearer token', { exact: true }).fill(TOKEN);
    await next();
    await page.getByRole('button', { name: 'Register', exact: true }).click();
    await heading('MCP server details');
    await page.getByText('The name KEYED is taken').waitFor();
    await fill('Name', 'bearer');
    for (let step = 0; step < 3; step++) await next();
    expect(await registered('bearer')).toBe('bearer-token');
  });

  it('asks for OAuth client credentials in two parts', async () => {
    await begin('client-credentials', world.guarded.url, 'OAuth Client Credentials');
    await fill('Client ID', CLIENTS.confidential.clientId);
    await fill('Client secret', CLIENTS.confidential.clientSecret);
    await fill('Exchange URL', world.provider.tokenUrl);
    await page.getByRole('button', { name: 'Add' }).click();
    await fill('Exchange parameters: Name', 'audience');
    await fill('Exchange parameters: Value', 'here');
    expect(await violationsInBothModes(page)).toEqual([]);
    await next();
    await heading('Scopes and OAuth parameters');
    await page.getByText('offline_access').waitFor();
    await fill(/^Scopes/, 'mcp:read');
    await tab.shoot('wizard-scopes');
    await next();
    expect(await registered('client-credentials')).toBe('oauth-client-credentials');
  });

  it('goes to the consent of OAuth 3LO, and comes back when it is declined and when it is given', async () => {
    await begin('consented', world.guarded.url, 'OAuth 3LO');
    await fill('Client ID', CLIENTS.confidential.clientId);
    await fill(/^Client secret/, CLIENTS.confidential.clientSecret);
    await fill('Exchange URL', world.provider.tokenUrl);
    await next();
    await fill('Authorization URL', world.provider.authorizationUrl);
    await fill(/^Scopes/, 'mcp:read');
    await next();
    await page.getByText('sent to a page that leads to the authorization server').waitFor();
    world.provider.setPerson('denies');
    const consent = async () => {
      await page.getByRole('button', { name: 'Check and continue to consent' }).click();
      const onward = page.getByRole('button', { name: /^Continue to/ });
      await onward.waitFor();
      const kept = await page.evaluate(() => sessionStorage.getItem('switchboard.register'));
      expect(kept).toContain('"name":"consented"');
      expect(kept).not.toContain('client-canary');
      await onward.click();
    };
    await consent();
    await page.getByText('The access was declined.').waitFor();
    await heading('Review and submit');
    expect(new URL(page.url()).search).toBe('');

    world.provider.setPerson('consents');
    await page.getByRole('button', { name: 'Previous' }).click();
    await page.getByRole('button', { name: 'Previous' }).click();
    expect(await page.getByLabel('Client ID').inputValue()).toBe(CLIENTS.confidential.clientId);
    await fill(/^Client secret/, CLIENTS.confidential.clientSecret);
    await next();
    await next();
    await consent();
    await page.getByText('consented is registered.').waitFor();
    await page.getByRole('heading', { name: 'consented', level: 1 }).waitFor();
    await page.getByText('OAuth 3LO').waitFor();
  });

  it('skips to the review where clients are registered dynamically', async () => {
    await page.goto(`${world.server.url}/console/servers/register`);
    await fill('Name', 'discovered');
    await fill('Endpoint URL', world.guarded.url);
    await page.getByLabel('Enable Dynamic Client Registration').check();
    await next();
    await heading('Review and submit');
    await page.getByRole('button', { name: 'Check and continue to consent' }).click();
    await page.getByRole('button', { name: /^Continue to/ }).click();
    await page.getByText('discovered is registered.').waitFor();
  });

  it('registers servers whose requests are signed', async () => {
    await begin('signed', world.signed.url, 'AWS SigV4');
    await fill('Region', 'eu-central-1');
    await fill('Service', SIGNED_FOR.service);
    await next();
    await page.getByRole('button', { name: 'Register', exact: true }).click();
    await page
      .getByText(/CREDENTIAL_/)
      .first()
      .waitFor();
    await page.getByText('External ID that the role must trust').waitFor();
    await page.getByRole('button', { name: 'Previous' }).click();
    await fill('Region', SIGNED_FOR.region);
    await next();
    expect(await registered('signed')).toBe('mcpserversigv4');
  });

  it('leaves the browser nothing to complain of', () => {
    // The browser itself tells of answers with an error.
    expect(tab.complaints.filter(line => !line.includes('Failed to load resource'))).toEqual([]);
  });
});
