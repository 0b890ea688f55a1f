import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import type { SwitchboardClient } from '../../../client/src/index.ts';
import { launchChromium } from '../chromium.ts';
import { rootClient } from '../client.ts';
import { PROJECT_ROOT } from '../engine.ts';
import { ensureConsoleBuilt } from '../serverBuild.ts';
import { newDataDir, ROOT_KEY, type RunningServer, removeDataDir, startServer } from '../serverProcess.ts';

/** For review: kept out of git. */
const SCREENSHOTS = join(PROJECT_ROOT, '.screenshots');

type Key = typeof ROOT_KEY;

/** The console of a server of its own, in a real browser. */
export interface ConsoleWorld {
  server: RunningServer;
  client: SwitchboardClient;
  /** A tab of a fresh browser, signed in, at a path below `/console`. */
  open(path: string, options?: BrowserContextOptions, key?: Key): Promise<Tab>;
  /** The same, of someone who did not sign in. */
  openSignedOut(path: string, options?: BrowserContextOptions): Promise<Tab>;
  close(): Promise<void>;
}

export interface Tab {
  page: Page;
  /** Everything that the browser complains of: errors, warnings, breaches of the content policy. */
  complaints: string[];
  /** Addresses of every request that the page sent. */
  requests: string[];
  /** Writes a picture of the page for review. */
  shoot(name: string): Promise<void>;
  close(): Promise<void>;
}

export const chromium: Browser | string = await launchChromium();

/** Why the tests of this file cannot run here. */
export const unable = typeof chromium === 'string' ? chromium : undefined;
if (unable) process.stdout.write(`Skipped: ${unable}\n`);

const VIEWPORT = { width: 1280, height: 900 };

export async function startConsole(env: Record<string, string> = {}): Promise<ConsoleWorld> {
  await ensureConsoleBuilt();
  const dataDir = newDataDir();
  const server = await startServer(dataDir, env);

  const openSignedOut: ConsoleWorld['openSignedOut'] = (path, options) =>
    openTab(`${server.url}/console${path}`, options);

  return {
    server,
    client: rootClient(server.url),
    openSignedOut,
    async open(path, options, key) {
      const tab = await openSignedOut('/config.json', options);
      await signIn(tab.page, key);
      await tab.page.goto(`${server.url}/console${path}`);
      await tab.page.locator('h1').first().waitFor();
      return tab;
    },
    async close() {
      if (typeof chromium !== 'string') await chromium.close();
      await server.end();
      removeDataDir(dataDir);
    },
  };
}

interface TabOptions extends BrowserContextOptions {
  browser?: Browser;
  init?: string;
}

/** A tab of a fresh browser at an address; `init` runs before each page's own scripts. */
export async function openTab(
  url: string,
  { browser = chromium as Browser, init, ...options }: TabOptions = {},
): Promise<Tab> {
  // The certificates of test servers are of the tests' own authority.
  const context = await browser.newContext({
    ignoreHTTPSErrors: true,
    viewport: VIEWPORT,
    ...options,
  });
  if (init) await context.addInitScript(init);
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  const complaints = listen(page);
  const requests: string[] = [];
  page.on('request', request => void requests.push(request.url()));
  await page.goto(url);
  return { page, complaints, requests, shoot: name => shoot(page, name), close: () => context.close() };
}

/** Makes a tab of the console's origin that of somebody who signed in with a key, the root key when left out. */
export async function signIn(page: Page, key: Key = ROOT_KEY): Promise<void> {
  const session = JSON.stringify(key);
  await page.evaluate(kept => sessionStorage.setItem('switchboard.session', kept), session);
}

function listen(page: Page): string[] {
  const complaints: string[] = [];
  page.on('console', message => {
    if (['error', 'warning'].includes(message.type()))
      complaints.push(`${message.type()}: ${message.text()}`);
  });
  page.on('pageerror', error => void complaints.push(String(error)));
  return complaints;
}

async function shoot(page: Page, name: string): Promise<void> {
  mkdirSync(SCREENSHOTS, { recursive: true });
  await page.screenshot({ path: join(SCREENSHOTS, `${name}.png`) });
}
