import { build } from 'esbuild';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { createSwitchboardClient } from '../../client/src/index.ts';
import { launchChromium } from '../support/chromium.ts';
import { PROJECT_ROOT } from '../support/engine.ts';
import {
  newDataDir,
  ROOT_KEY,
  type RunningServer,
  removeDataDir,
  startServer,
} from '../support/serverProcess.ts';

declare global {
  /** What the script of the page leaves behind. */
  var createClient: typeof createSwitchboardClient;
}

const SCRIPT =
  "import { createSwitchboardClient } from './client/src/index.ts'; globalThis.createClient = createSwitchboardClient;";
const chromium: Browser | string = await launchChromium();
const title =
  typeof chromium === 'string' ? `the client in a browser (${chromium})` : 'the client in a browser';

describe.skipIf(typeof chromium === 'string')(title, () => {
  const dataDir = newDataDir();
  let server: RunningServer;
  let script: string;

  beforeAll(async () => {
    server = await startServer(dataDir);
    const { outputFiles } = await build({
      stdin: { contents: SCRIPT, resolveDir: PROJECT_ROOT },
      bundle: true,
      platform: 'browser',
      write: false,
    });
    script = outputFiles[0]?.text ?? '';
  });

  afterAll(async () => {
    if (typeof chromium !== 'string') await chromium.close();
    await server?.end();
    removeDataDir(dataDir);
  });

  /** A page with the client at an origin, under a strict content policy. */
  async function pageAt(origin: string): Promise<Page> {
    const page = await (chromium as Browser).newPage();
    await page.route(`${origin}/console/**`, route =>
      route.request().url().endsWith('.js')
        ? route.fulfill({ contentType: 'text/javascript', body: script })
        : route.fulfill({
            contentType: 'text/html',
            headers: {
              'content-security-policy': `default-src 'none'; script-src 'self'; connect-src ${server.url}`,
            },
            body: '<!doctype html><script src="client.js"></script>',
          }),
    );
    await page.goto(`${origin}/console/index.html`);
    return page;
  }

  const options = () => ({ baseUrl: server.url, region: 'us-east-1', credentials: ROOT_KEY });

  /** The name and message of what a first call fails with. */
  const failureOn = (page: Page) =>
    page.evaluate(async given => {
      const client = createClient({ ...given, maxAttempts: 1 });
      return client.listServices().then(
        () => 'no failure',
        ({ name, message, status }) => ({ name, message, status }),
      );
    }, options());

  it('signs what the server verifies: paths, queries and bodies', async () => {
    const page = await pageAt(server.url);
    const found = await page.evaluate(async given => {
      const client = createClient(given);
      const { agentSpace } = await client.createAgentSpace({ name: 'Nachtwache é𝄞', tags: { 'a b': 'c/d' } });
      const { agentSpaceId } = agentSpace;
      const resourceArn = `arn:aws:aidevops:us-east-1:000000000000:agentspace/${agentSpaceId}`;
      await client.untagResource({ resourceArn, tagKeys: ['a b'] });
      const { tags } = await client.listTagsForResource({ resourceArn });
      const names: string[] = [];
      for await (const { name } of client.paginate('listAgentSpaces', { maxResults: 1 })) names.push(name);
      const twice = await client.getAgentSpace({ agentSpaceId: 'nothing' }).catch(error => ({ ...error }));
      await client.deleteAgentSpace({ agentSpaceId });
      const { Events } = await client.lookupEvents({
        // Reads are recorded while they run: a lookup may see itself.
        LookupAttributes: [{ AttributeKey: 'ReadOnly', AttributeValue: 'false' }],
        MaxResults: 1,
      });
      return { tags, names, twice, last: Events[0]?.EventName };
    }, options());
    expect(found).toMatchObject({ tags: {}, names: ['Nachtwache é𝄞'], last: 'DeleteAgentSpace' });
    expect(found.twice.requestId).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('says so where the page may not sign', async () => {
    const page = await pageAt('http://switchboard.example');
    expect(await failureOn(page)).toMatchObject({
      name: 'CryptoUnavailable',
      message: expect.stringContaining('https://'),
    });
  });

  it('says so where the server does not allow the origin', async () => {
    const page = await pageAt(`http://localhost:${server.port}`);
    expect(await failureOn(page)).toMatchObject({
      name: 'NetworkError',
      status: 0,
      message: expect.stringContaining('origin'),
    });
  });
});
