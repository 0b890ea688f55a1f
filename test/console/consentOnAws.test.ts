import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Cloud, deployCloud } from '../support/console/cloud.ts';
import { paste } from '../support/console/paste.ts';
import { type Peers, startPeers } from '../support/console/peers.ts';
import { openTab, unable } from '../support/console/world.ts';
import { freePort } from '../support/freePort.ts';
import { CLIENTS } from '../support/oauth/clients.ts';

const KEY = { AccessKeyId: 'ASIAPERSON', SecretAccessKey: 'a-secret', SessionToken: 'a-token' };

describe.skipIf(unable)('a consent from the console on AWS', () => {
  let world: Peers;
  let cloud: Cloud;

  beforeAll(async () => {
    const port = await freePort();
    // What the template gives the functions (test/infra/console.test.ts).
    world = await startPeers({ CONSOLE_ORIGINS: `https://127.0.0.1:${port}` });
    cloud = await deployCloud({ server: world.server.url, port });
    cloud.keys.set(KEY.AccessKeyId, {
      secretAccessKey: KEY.SecretAccessKey,
      sessionToken: KEY.SessionToken,
    });
  });
  afterAll(async () => {
    await cloud?.close();
    await world?.close();
  });

  it('goes on at the API and comes back to the console', async () => {
    const { page, complaints, close } = await openTab(`${cloud.url}/console/servers/register`);
    const fill = (label: string | RegExp, value: string) => page.getByLabel(label).first().fill(value);
    const next = () => page.getByRole('button', { name: 'Next', exact: true }).click();
    await paste(page.getByLabel('Access key ID'), JSON.stringify({ Credentials: KEY }));
    await page.getByRole('button', { name: 'Sign in' }).click();
    await fill('Name', 'consented');
    await fill('Endpoint URL', world.guarded.url);
    await next();
    await page.getByRole('radio', { name: 'OAuth 3LO' }).check();
    await next();
    await fill('Client ID', CLIENTS.confidential.clientId);
    await fill(/^Client secret/, CLIENTS.confidential.clientSecret);
    await fill('Exchange URL', world.provider.tokenUrl);
    await next();
    await fill('Authorization URL', world.provider.authorizationUrl);
    await fill(/^Scopes/, 'mcp:read');
    await next();
    await page.getByRole('button', { name: 'Check and continue to consent' }).click();
    const onward = page.getByRole('button', { name: /^Continue to/ });
    await onward.waitFor();
    expect(new URL(page.url()).origin).toBe(world.server.url);
    await onward.click();
    await page.getByRole('heading', { name: 'consented', level: 1 }).waitFor();
    expect(page.url()).toMatch(new RegExp(`^${cloud.url}/console/servers/[\\w-]+$`));
    expect(complaints).toEqual([]);
    await close();
  });
});
