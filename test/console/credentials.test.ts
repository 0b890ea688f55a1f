import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { violationsInBothModes } from '../support/console/axe.ts';
import { API_KEY, type Peers, SIGNED_FOR, startPeers, TOKEN } from '../support/console/peers.ts';
import { type Tab, unable } from '../support/console/world.ts';
import { CLIENTS } from '../support/oauth/clients.ts';

describe.skipIf(unable)('a server in use', () => {
  let world: Peers;
  let tab: Tab;
  let page: Page;
  let serviceId: string;

  beforeAll(async () => {
    world = await startPeers();
    const apiKey = {
      apiKeyName: 'key',
      apiKeyHeader: 'x-api-key',
      apiKeyPrefix: 'Key',
      apiKeyValue: API_KEY,
    };
    const details = { name: 'changing', endpoint: world.keyed.url, authorizationConfig: { apiKey } };
    const registered = await world.client.registerService({
      service: 'mcpserver',
      serviceDetails: { mcpserver: details },
    });
    serviceId = registered.serviceId ?? '';
    tab = await world.open(`/servers/${serviceId}`);
    page = tab.page;
  });

  afterAll(async () => {
    await tab?.close();
    await world?.close();
  });

  const button = (name: string) => page.getByRole('button', { name, exact: true });
  const fill = (label: string | RegExp, value: string) => page.getByLabel(label).first().fill(value);
  const noViolations = async () => expect(await violationsInBothModes(page)).toEqual([]);

  async function edit(method?: string): Promise<void> {
    await button('Actions').click();
    await page.getByRole('menuitem', { name: 'Edit credentials' }).click();
    await page.getByRole('heading', { name: /^Edit credentials of/, level: 1 }).waitFor();
    if (!method) return;
    await page.getByRole('button', { name: /^Authorization method/ }).click();
    await page.getByRole('option', { name: method }).click();
  }

  /** How the server is let in now; its validation shows that it works. */
  async function saved(): Promise<string | undefined> {
    await page.getByRole('heading', { name: /^(changing|signed)$/, level: 1 }).waitFor();
    await page
      .getByText(/The credentials of .* are replaced/)
      .first()
      .waitFor();
    const { service } = await world.client.getService({ serviceId });
    expect(service.validationStatus).toBe('valid');
    const { mcpserver, mcpserversigv4 } = service.additionalServiceDetails ?? {};
    return mcpserver?.authorizationMethod ?? mcpserversigv4?.region;
  }

  async function asClient(): Promise<void> {
    await fill('Endpoint URL', world.guarded.url);
    await fill('Client ID', CLIENTS.confidential.clientId);
    await fill(/^Client secret/, CLIENTS.confidential.clientSecret);
    await fill('Exchange URL', world.provider.tokenUrl);
    await fill(/^Scopes/, 'mcp:read');
  }

  it('has its API key rotated, after the new one was proven', async () => {
    await edit();
    expect(await page.getByLabel('Header name').inputValue()).toBe('x-api-key');
    await button('Save credentials').click();
    await page.getByText('Enter a value.').waitFor();
    await page.getByLabel('API key', { exact: true }).fill('wrong');
    await button('Save credentials').click();
    await page.getByText('CREDENTIAL_REJECTED').waitFor();
    await tab.shoot('edit-credentials');
    await noViolations();
    await page.getByLabel('API key', { exact: true }).fill(API_KEY);
    await button('Save credentials').click();
    expect(await saved()).toBe('api-key');
  });

  it('changes to a bearer token, and to OAuth client credentials', async () => {
    await edit('Bearer token');
    await fill('Endpoint URL', world.bearer.url);
    await page.getByRole('textbox', { name: 'Bearer token' }).fill(TOKEN);
    await button('Save credentials').click();
    expect(await saved()).toBe('bearer-token');

    await edit('OAuth Client Credentials');
    await asClient();
    await fill('Exchange URL', `${world.provider.issuer}/nowhere`);
    await button('Save credentials').click();
    await page.getByText(/TOKEN_/).waitFor();
    await fill('Exchange URL', world.provider.tokenUrl);
    await button('Save credentials').click();
    expect(await saved()).toBe('oauth-client-credentials');
  });

  it('changes to OAuth 3LO by way of a consent, and is consented to again', async () => {
    await edit('OAuth 3LO');
    await asClient();
    await fill('Authorization URL', world.provider.authorizationUrl);
    world.provider.setPerson('denies');
    await button('Continue to consent').click();
    await page.getByRole('button', { name: /^Continue to/ }).click();
    await page.getByText('The access was declined.').waitFor();
    expect(new URL(page.url()).pathname).toBe(`/console/servers/${serviceId}/credentials`);

    world.provider.setPerson('consents');
    await page.getByRole('button', { name: /^Authorization method/ }).click();
    await page.getByRole('option', { name: 'Dynamic Client Registration' }).click();
    await fill('Endpoint URL', world.guarded.url);
    await button('Continue to consent').click();
    await page.getByRole('button', { name: /^Continue to/ }).click();
    expect(await saved()).toBe('oauth-3lo');
  });

  it('whose consent is revoked at the provider says so, and works again once it is consented to again', async () => {
    await edit('OAuth 3LO');
    await asClient();
    await fill('Authorization URL', world.provider.authorizationUrl);
    await button('Continue to consent').click();
    await page.getByRole('button', { name: /^Continue to/ }).click();
    expect(await saved()).toBe('oauth-3lo');

    await world.provider.revokeConsents();
    await button('Validate now').click();
    await page
      .getByRole('row', { name: /Credential Failed .*CONSENT_REQUIRED: .*Give consent again/ })
      .waitFor();
    await page.getByText('Invalid', { exact: true }).waitFor();
    await tab.shoot('consent-required');

    await edit();
    await fill('Client ID', CLIENTS.confidential.clientId);
    await fill(/^Client secret/, CLIENTS.confidential.clientSecret);
    await fill('Exchange URL', world.provider.tokenUrl);
    await fill('Authorization URL', world.provider.authorizationUrl);
    await button('Continue to consent').click();
    const consents = () =>
      world.provider.requests.filter(({ path }) => path.startsWith('/interaction/')).length;
    const before = consents();
    await page.getByRole('button', { name: /^Continue to/ }).click();
    expect(await saved()).toBe('oauth-3lo');
    // The person was at the provider's own page again.
    expect(consents()).toBeGreaterThan(before);
    expect(new URL(page.url()).search).toBe('');
    await button('Validate now').click();
    await page.getByRole('heading', { name: 'The server works' }).waitFor();
    await page.getByText('Valid', { exact: true }).waitFor();
  });

  it('has its signing changed', async () => {
    const changing = serviceId;
    const authorizationConfig = SIGNED_FOR;
    const details = { name: 'signed', endpoint: world.signed.url, authorizationConfig };
    const registered = await world.client.registerService({
      service: 'mcpserversigv4',
      serviceDetails: { mcpserversigv4: details },
    });
    serviceId = registered.serviceId ?? '';
    await page.goto(`${world.server.url}/console/servers/${serviceId}`);
    await edit();
    expect(await page.getByLabel('Region').inputValue()).toBe(SIGNED_FOR.region);
    await fill('Region', 'nowhere');
    await button('Save credentials').click();
    await page.getByText('must be an AWS region such as us-east-1').waitFor();
    await fill('Region', SIGNED_FOR.region);
    await button('Save credentials').click();
    expect(await saved()).toBe(SIGNED_FOR.region);
    serviceId = changing;
  });

  it('is deleted once no space uses it: the spaces are told, and left in order', async () => {
    const spaces: string[] = [];
    for (const name of ['Night shift', 'Day shift']) {
      const { agentSpace } = await world.client.createAgentSpace({ name });
      const { agentSpaceId } = agentSpace;
      const configuration = { mcpserver: { tools: ['echo'] } };
      await world.client.associateService({ agentSpaceId, serviceId, configuration });
      spaces.push(agentSpaceId);
    }
    await page.goto(`${world.server.url}/console/servers`);
    await page.getByRole('link', { name: '2 spaces' }).click();
    await page.getByRole('link', { name: 'Night shift' }).waitFor();
    await button('Actions').click();
    await page.getByRole('menuitem', { name: 'Delete' }).click();
    await page.getByText('2 agent spaces still use this server').waitFor();
    expect(await page.getByRole('button', { name: 'Delete server' }).count()).toBe(0);
    expect(await page.getByRole('link', { name: 'Day shift' }).getAttribute('href')).toBe(
      `/console/spaces/${spaces[1]}`,
    );
    await tab.shoot('delete-blocked');
    await noViolations();
    await button('Remove from all').click();
    // The second removal is held up, so that the progress can be seen.
    let removals = 0;
    let goOn = () => {};
    const held = new Promise<void>(resolve => {
      goOn = resolve;
    });
    await page.route('**/associations/**', async route => {
      if (route.request().method() === 'DELETE' && ++removals === 2) await held;
      await route.continue();
    });
    await page.getByRole('dialog').getByRole('button', { name: 'Remove from all' }).click();
    await page.getByText('Removed from 1 of 2 agent spaces').waitFor();
    goOn();
    await page.getByText('it can be deleted').waitFor();
    await noViolations();
    await button('Delete server').click();
    await page.getByLabel('To confirm, type changing').fill('changing');
    await page.getByRole('dialog').getByRole('button', { name: 'Delete server' }).click();
    await page.getByText('changing is deleted.').waitFor();
    await page.getByRole('link', { name: 'signed' }).waitFor();
    await expect.poll(() => page.getByRole('link', { name: 'changing' }).count()).toBe(0);
    const { associations } = await world.client.listAssociations({ agentSpaceId: spaces[0] ?? '' });
    expect(associations).toEqual([]);
    expect(tab.complaints.filter(line => !line.includes('Failed to load resource'))).toEqual([]);
  });
});
