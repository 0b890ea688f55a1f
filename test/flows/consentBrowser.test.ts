import { createServer } from 'node:http';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { launchChromium } from '../support/chromium.ts';
import { freePort } from '../support/freePort.ts';
import { listenOnLoopback } from '../support/mcp/tlsServer.ts';
import { type AuthorizationServer, startAuthorizationServer } from '../support/oauth/authorizationServer.ts';
import { CLIENTS } from '../support/oauth/clients.ts';
import { type ProtectedPeer, startProtectedServer } from '../support/oauth/protectedServer.ts';
import { newDataDir, type RunningServer, removeDataDir, startServer } from '../support/serverProcess.ts';
import { signedCall } from '../support/signedClient.ts';

const dataDir = newDataDir();
const chromium: Browser | string = await launchChromium();

let provider: AuthorizationServer;
let peer: ProtectedPeer;
let server: RunningServer;
/** Stands for the console: another origin than Switchboard's. */
const console = createServer((_request, response) => {
  response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>Console</title>');
});
let consoleOrigin: string;

beforeAll(async () => {
  if (typeof chromium === 'string') return;
  const port = await freePort();
  consoleOrigin = `http://127.0.0.1:${await listenOnLoopback(console)}`;
  provider = await startAuthorizationServer({
    redirectUris: [`http://127.0.0.1:${port}/v1/register/mcpserver/callback`],
  });
  peer = await startProtectedServer({ authorizationServer: provider, checksAudience: false });
  server = await startServer(dataDir, { PORT: String(port), CONSOLE_ORIGINS: consoleOrigin });
});

afterAll(async () => {
  if (typeof chromium !== 'string') await chromium.close();
  await server?.end();
  await Promise.all([peer?.close(), provider?.close()]);
  console.close();
  removeDataDir(dataDir);
});

/** Registers by oAuth3LO; answers with the address of the consent page. */
async function begun(name: string): Promise<string> {
  const oAuth3LO = {
    ...CLIENTS.confidential,
    authorizationUrl: provider.authorizationUrl,
    exchangeUrl: provider.tokenUrl,
    scopes: ['mcp:read', 'mcp:write'],
    supportCodeChallenge: true,
    returnToEndpoint: `${consoleOrigin}/done`,
  };
  const details = { name, endpoint: peer.url, authorizationConfig: { oAuth3LO } };
  const registration = { service: 'mcpserver', serviceDetails: { mcpserver: details } };
  const answer = await signedCall(server.port, 'RegisterService', registration);
  expect(answer).toMatchObject({ status: 201 });
  return answer.body.additionalStep.oauth.authorizationUrl;
}

/** A tab of a fresh browser, and everything that its console complains of. */
async function newTab(): Promise<{ page: Page; complaints: string[] }> {
  // The provider's certificate is of the tests' own authority.
  const context = await (chromium as Browser).newContext({ ignoreHTTPSErrors: true });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', message => void complaints.push(`${message.type()}: ${message.text()}`));
  page.on('pageerror', error => void complaints.push(String(error)));
  return { page, complaints };
}

const unable = typeof chromium === 'string' ? chromium : undefined;
if (unable) process.stdout.write(`Skipped: ${unable}\n`);

it.skipIf(unable)('a person consents in a real browser and is back at the console', async () => {
  const url = await begun('browsed');
  const { page, complaints } = await newTab();
  await page.goto(url);
  const shown = await page.innerText('main');
  for (const words of ['000000000000', 'browsed', peer.url, 'mcp:read', 'mcp:write']) {
    expect(shown).toContain(words);
  }
  // The page's own style is let in by its policy.
  expect(await page.evaluate('getComputedStyle(document.body).maxWidth')).toBe('640px');
  const button = page.getByRole('button', { name: `Continue to 127.0.0.1:${provider.port}` });
  expect(await button.count()).toBe(1);

  await button.click();
  await page.waitForURL(landed => landed.origin === consoleOrigin);
  const landed = new URL(page.url());
  const serviceId = landed.searchParams.get('serviceId') ?? '';
  expect([...landed.searchParams.keys()]).toEqual(['serviceId']);
  const { report } = (await signedCall(server.port, 'ValidateService', { serviceId })).body;
  expect(report).toMatchObject({ valid: true });
  expect(complaints).toEqual([]);
  const [cookie] = await page.context().cookies(server.url);
  expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Lax' });

  // The link was used.
  await page.goto(url);
  expect(await page.innerText('main')).toContain('was used');
  await page.context().close();
});

it.skipIf(unable)('nothing of another page can press the button', async () => {
  const url = await begun('framed');
  const { page } = await newTab();
  await page.route(`${consoleOrigin}/trap`, route =>
    route.fulfill({ contentType: 'text/html', body: `<iframe src="${url}"></iframe>` }),
  );
  await page.goto(`${consoleOrigin}/trap`);
  await expect.poll(() => page.frames()[1]?.url(), { timeout: 20_000 }).toMatch(/^chrome-error:/);

  const ticket = new URL(url).searchParams.get('ticket');
  const form = `<form method="post" action="${url.split('?')[0]}"><input name="ticket" value="${ticket}"><button>Win</button></form>`;
  await page.route(`${consoleOrigin}/form`, route => route.fulfill({ contentType: 'text/html', body: form }));
  await page.goto(`${consoleOrigin}/form`);
  await page.getByRole('button', { name: 'Win' }).click();
  await page.waitForURL(posted => posted.origin === new URL(server.url).origin);
  expect(await page.innerText('main')).toContain('came from another page');
  expect(await page.context().cookies(server.url)).toEqual([]);
  await page.context().close();
});
