import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium } from '../support/chromium.ts';
import { violationsInBothModes } from '../support/console/axe.ts';
import { type Cloud, deployCloud } from '../support/console/cloud.ts';
import { type IdentityPool, startIdentityPool } from '../support/console/identityPool.ts';
import { type ConsoleWorld, openTab, startConsole, unable } from '../support/console/world.ts';
import { freePort } from '../support/freePort.ts';
import { type AuthorizationServer, startAuthorizationServer } from '../support/oauth/authorizationServer.ts';

const CLIENT = 'console';
const POOL = 'us-east-1:8e1c2f3a-0000-4000-8000-000000000000';

/** The sign-in that waits for its answer, before the console takes it; a test may change it. */
const KEEP = `if (location.pathname === '/console/signed-in') {
  const waiting = sessionStorage.getItem('switchboard.sign-in');
  if (waiting) window.name = waiting;
}`;
const OTHER_NONCE = `if (location.pathname === '/console/signed-in') {
  const waiting = JSON.parse(sessionStorage.getItem('switchboard.sign-in'));
  sessionStorage.setItem('switchboard.sign-in', JSON.stringify({ ...waiting, nonce: 'of-another-sign-in' }));
}`;

describe.skipIf(unable)('signing in through an OpenID Connect provider', () => {
  let world: ConsoleWorld;
  let provider: AuthorizationServer;
  let cloud: Cloud;
  let pool: IdentityPool;
  let browser: Browser;

  beforeAll(async () => {
    const edgePort = await freePort();
    const origin = `https://127.0.0.1:${edgePort}`;
    [world, provider] = await Promise.all([
      startConsole(),
      startAuthorizationServer({ browserClient: { clientId: CLIENT, origin } }),
    ]);
    cloud = await deployCloud({
      server: world.server.url,
      port: edgePort,
      params: [
        `consoleOidcIssuer=${provider.issuer}`,
        `consoleOidcClientId=${CLIENT}`,
        'consoleOidcScope=openid offline_access',
      ],
      facts: { ConsoleIdentityPool: POOL },
    });
    pool = await startIdentityPool({
      id: POOL,
      issuer: provider.issuer,
      clientId: CLIENT,
      caPem: provider.caPem,
      keys: cloud.keys,
    });
    // The deployed settings name AWS's own endpoint.
    const rule = `MAP cognito-identity.us-east-1.amazonaws.com:443 127.0.0.1:${pool.port}`;
    browser = (await launchChromium([`--host-resolver-rules=${rule}`])) as Browser;
    await world.client.createAgentSpace({ name: 'Night shift' });
  });
  afterAll(async () => {
    await browser?.close();
    await Promise.all([pool, cloud, provider, world].map(each => each?.close()));
  });
  afterEach(() => {
    provider.setPerson('consents');
    provider.setFault(undefined);
    pool.setLifetime(3_600);
    pool.setRefusal(undefined);
  });

  const open = (path: string, init?: string) =>
    openTab(`${cloud.url}/console${path}`, { browser, ...(init && { init }) });
  const signIn = (page: Page) => page.getByRole('button', { name: 'Sign in with your organization' }).click();
  const isSignedIn = (page: Page) => page.getByRole('link', { name: 'Night shift' }).waitFor();
  const session = async (page: Page) =>
    JSON.parse((await page.evaluate(() => sessionStorage.getItem('switchboard.session'))) ?? 'null');
  /** Addresses that the browser came back to. */
  const answersOf = (page: Page) => {
    const answers: string[] = [];
    page.on('request', request => {
      if (request.url().includes('/console/signed-in')) answers.push(request.url());
    });
    return answers;
  };

  it('goes there and comes back to the page that was wanted, and out again', async () => {
    const { page, complaints, shoot, close } = await open('/spaces?a=b');
    await page.getByText(`You sign in at ${new URL(provider.issuer).host}`).waitFor();
    await shoot('sign-in-provider');
    expect(await violationsInBothModes(page)).toEqual([]);
    await signIn(page);
    await isSignedIn(page);
    expect(page.url()).toBe(`${cloud.url}/console/spaces?a=b`);
    await page.getByRole('button', { name: 'person' }).waitFor();
    const { accessKeyId, federation } = await session(page);
    expect(cloud.keys.get(accessKeyId)?.sessionToken).toBeTruthy();
    expect(federation).toMatchObject({ idToken: expect.any(String), refreshToken: expect.any(String) });
    expect(pool.requests.flatMap(({ headerNames }) => headerNames)).not.toContain('authorization');
    await page.reload();
    await isSignedIn(page);
    expect(complaints).toEqual([]);

    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('button', { name: /yes, sign me out/i }).click();
    await page.getByRole('button', { name: 'Sign in with your organization' }).waitFor();
    expect(page.url()).toBe(`${cloud.url}/console/`);
    expect(await page.evaluate(() => sessionStorage.length)).toBe(0);
    await close();
  });

  it('renews credentials before they expire, and ends with the sign-in', async () => {
    // Less than the five minutes that are left for renewing.
    pool.setLifetime(60);
    const { page, complaints, close } = await open('/spaces');
    await signIn(page);
    await isSignedIn(page);
    const before = await session(page);
    const renewals = provider.counts.granted.refresh_token ?? 0;
    await page.getByRole('link', { name: 'MCP servers' }).click();
    await expect.poll(async () => (await session(page)).accessKeyId).not.toBe(before.accessKeyId);
    expect(provider.counts.granted.refresh_token ?? 0).toBeGreaterThan(renewals);
    expect((await session(page)).federation.refreshToken).not.toBe(before.federation.refreshToken);
    expect(complaints).toEqual([]);

    // What may pass does not end it, as long as the credentials last.
    pool.setRefusal('TooManyRequestsException');
    await page.getByRole('link', { name: 'Agent spaces' }).click();
    await isSignedIn(page);
    pool.setRefusal(undefined);
    const { refreshToken } = (await session(page)).federation;
    await (await provider.provider.RefreshToken.find(refreshToken))?.destroy();
    await page.getByRole('link', { name: 'Event history' }).click();
    await page.getByText('Your session has ended').waitFor();
    expect(await session(page)).toBeNull();
    await close();
  });

  it('renews with the id token where there is no refresh token', async () => {
    const { page, close } = await open('/spaces');
    await signIn(page);
    await isSignedIn(page);
    const before = await session(page);
    const { idToken } = before.federation;
    const kept = { ...before, expiration: new Date().toISOString(), federation: { idToken } };
    await page.evaluate(text => sessionStorage.setItem('switchboard.session', text), JSON.stringify(kept));
    const asked = provider.tokenRequests().length;
    await page.reload();
    await isSignedIn(page);
    const after = await session(page);
    expect(after.accessKeyId).not.toBe(before.accessKeyId);
    expect(after.federation).toEqual({ idToken });
    expect(provider.tokenRequests().length).toBe(asked);
    await close();
  });

  it('keeps nothing of a renewal that ends after signing out', async () => {
    pool.setLifetime(60);
    const { page, close } = await open('/spaces');
    await signIn(page);
    await isSignedIn(page);
    const released = Promise.withResolvers<void>();
    const held = Promise.withResolvers<void>();
    await page.route('https://cognito-identity.us-east-1.amazonaws.com/', async route => {
      held.resolve();
      await released.promise;
      await route.continue();
    });
    // Then the page stays, and with it what it waits for.
    await page.route(`${provider.issuer}/session/end*`, route => route.fulfill({ status: 204 }));
    await page.getByRole('link', { name: 'MCP servers' }).click();
    await held.promise;
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('button', { name: 'Sign in with your organization' }).waitFor();
    const keys = cloud.keys.size;
    const given = page.waitForResponse(answer =>
      Boolean(answer.request().headers()['x-amz-target']?.endsWith('GetCredentialsForIdentity')),
    );
    released.resolve();
    await (await given).finished();
    await page.evaluate(() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done))));
    expect(cloud.keys.size).toBe(keys + 1);
    expect(await session(page)).toBeNull();
    await close();
  });

  it('asks to sign in again when credentials have expired, and there is no renewing them', async () => {
    const { page, close } = await open('/spaces');
    await signIn(page);
    await isSignedIn(page);
    const { federation, ...kept } = await session(page);
    const { accessKeyId } = kept;
    const known = cloud.keys.get(accessKeyId);
    if (known) known.expiresAt = 1;
    await page.getByRole('link', { name: 'Event history' }).click();
    await page.getByText('Your session has ended').waitFor();
    // The id token has expired too, and there is no refresh token.
    const [head, payload, signature] = federation.idToken.split('.');
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString());
    const old = Buffer.from(JSON.stringify({ ...claims, exp: 1 })).toString('base64url');
    const idToken = [head, old, signature].join('.');
    const stale = { ...kept, expiration: new Date(0).toISOString(), federation: { idToken } };
    await page.evaluate(text => sessionStorage.setItem('switchboard.session', text), JSON.stringify(stale));
    await page.reload();
    await page.getByText('Your session has ended').waitFor();
    await close();
  });

  it('takes no answer with another state, and none that nobody waits for', async () => {
    const { page, close } = await open('/spaces');
    await page.getByRole('button', { name: 'Sign in with your organization' }).waitFor();
    const asked = provider.tokenRequests().length;
    const waiting = { state: 'right', nonce: 'n', codeVerifier: 'v'.repeat(43), returnTo: '/console/spaces' };
    await page.evaluate(text => sessionStorage.setItem('switchboard.sign-in', text), JSON.stringify(waiting));
    const answer = `${cloud.url}/console/signed-in?code=stolen&iss=${encodeURIComponent(provider.issuer)}&state=`;
    await page.goto(`${answer}wrong`);
    await page.getByText('The answer does not belong to this sign-in').waitFor();
    await page.goto(`${answer}right`);
    await page.getByText('This tab has not begun that sign-in').waitFor();
    expect(page.url()).not.toContain('stolen');
    expect(provider.tokenRequests().length).toBe(asked);
    await close();
  });

  it('takes a code once, and the provider too', async () => {
    const { page, close } = await open('/spaces', KEEP);
    const answers = answersOf(page);
    await signIn(page);
    await isSignedIn(page);
    const waiting = await page.evaluate(() => window.name);
    const [answer = ''] = answers;
    expect(new URL(answer).searchParams.get('code')).toBeTruthy();
    await page.evaluate(() => sessionStorage.removeItem('switchboard.session'));
    await page.goto(answer);
    await page.getByText('This tab has not begun that sign-in').waitFor();
    await page.evaluate(text => sessionStorage.setItem('switchboard.sign-in', text), waiting);
    await page.goto(answer);
    await page.getByText('The sign-in was refused: invalid_grant').waitFor();
    expect(await session(page)).toBeNull();
    await close();
  });

  it('keeps no code in the address bar, however long the provider takes', async () => {
    provider.setFault('hangs');
    const { page, close } = await open('/spaces');
    const asked = page.waitForRequest(`${provider.issuer}/token`);
    await signIn(page);
    await asked;
    expect(page.url()).toBe(`${cloud.url}/console/`);
    await close();
  });

  it('takes no id token of another sign-in', async () => {
    const { page, close } = await open('/spaces', OTHER_NONCE);
    await signIn(page);
    await page.getByText('unexpected ID Token "nonce"').waitFor();
    expect(await session(page)).toBeNull();
    await close();
  });

  it('says what the provider says, as text', async () => {
    provider.setPerson('denies');
    const { page, close } = await open('/spaces', KEEP);
    await signIn(page);
    await page.getByText('The sign-in was refused: access_denied: The person said no').waitFor();
    expect(await violationsInBothModes(page)).toEqual([]);
    const waiting = JSON.parse(await page.evaluate(() => window.name));
    await page.evaluate(
      text => sessionStorage.setItem('switchboard.sign-in', text),
      JSON.stringify({ ...waiting, state: 's' }),
    );
    const description = encodeURIComponent('<img src=x onerror="document.title=1">');
    await page.goto(
      `${cloud.url}/console/signed-in?error=server_error&error_description=${description}&state=s&iss=${encodeURIComponent(provider.issuer)}`,
    );
    await page.getByText('<img src=x').waitFor();
    expect(await page.locator('img').count()).toBe(0);
    await close();
  });

  it('says when the identity pool gives no role, and when nobody answers', async () => {
    pool.setRefusal('NotAuthorizedException');
    const { page, close } = await open('/spaces');
    await signIn(page);
    await page.getByText('You are signed in, but get no access here').waitFor();
    pool.setRefusal('InternalErrorException');
    await signIn(page);
    await page.getByText('The sign-in could not be completed').waitFor();
    pool.setRefusal(undefined);
    await signIn(page);
    await isSignedIn(page);
    await close();
  });

  it('reaches no other origin', async () => {
    const { page, complaints, close } = await open('/spaces');
    const other = await page.evaluate(
      url =>
        fetch(url, { mode: 'no-cors' }).then(
          () => 'reached',
          () => 'refused',
        ),
      `${world.server.url}/healthz`,
    );
    expect(other).toBe('refused');
    expect(complaints.join()).toMatch(
      /'http:.*healthz' violates .*Content Security Policy directive: "connect-src/,
    );
    await close();
  });

  it('still takes credentials', async () => {
    cloud.keys.set('ASIAPASTED', { secretAccessKey: 'a-secret', sessionToken: 'a-token' });
    const { page, close } = await open('/spaces');
    await page.getByRole('button', { name: 'Sign in with credentials instead' }).click();
    await page.getByLabel('Access key ID').fill('ASIAPASTED');
    await page.getByLabel('Secret access key').fill('a-secret');
    await page.getByLabel('Session token').fill('a-token');
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await isSignedIn(page);
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('button', { name: 'Sign in with your organization' }).waitFor();
    await close();
  });
});
