import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type AgentApp, allow, newSpace, registerServer, startAgentApp } from '../support/agents.ts';
import { textOf, type WireAgent, wireAgent } from '../support/agentWire.ts';
import { advance } from '../support/clock.ts';
import { type McpPeer, startModern } from '../support/mcp/modern.ts';
import { injectStoreFault, isRead, type StoreFault, type StoreRequest } from '../support/storeFaults.ts';

const KEY = 'the-key-of-the-server';
/** Milliseconds that what was read is trusted, and after which it is read again beside a request that uses it. */
const TRUSTED_MS = 5_000;
const AHEAD_MS = 2_500;

let app: AgentApp;
let peer: McpPeer;
let space: string;
let service: string;
let tokenId: string;
let agent: WireAgent;
let remove = () => {};

beforeAll(async () => {
  app = await startAgentApp({ CATALOGUE_REFRESH_SECONDS: '86400' });
  peer = await startModern({ auth: { header: 'x-api-key', value: KEY } });
  service = await registerServer(app, 'srv', peer.url, KEY);
});
afterAll(async () => {
  await app.stop();
  await peer.close();
});
beforeEach(async () => {
  space = await newSpace(app);
  await allow(app, space, service, ['echo']);
  const token = await app.call('CreateAccessToken', { agentSpaceId: space, name: 'a', scope: 'read' });
  ({ tokenId } = token.body.accessToken);
  agent = wireAgent(app, space, token.body.tokenValue);
});
afterEach(() => remove());

const inject = (fault: StoreFault) => {
  remove = injectStoreFault(app, fault);
};
const echo = () => agent.call('srv_echo', { text: 'a' });

async function isRefused(): Promise<void> {
  const asked = peer.requests.length;
  for (const answer of [await echo(), await agent.request('tools/list'), await agent.request('ping')]) {
    expect(answer).toMatchObject({ status: 503, headers: { 'retry-after': '1' } });
    expect(answer.last.error).toMatchObject({ code: -32_000, data: { code: 'UNAVAILABLE' } });
    expect(answer.text).not.toContain('The store is away');
  }
  expect(peer.requests.length).toBe(asked);
}

describe('while the store cannot be read', () => {
  it('nothing is served that was not served before', async () => {
    inject(() => 'fail');
    await isRefused();
  });

  it('what was read is good for five seconds, and not for longer', async () => {
    expect(textOf(await echo())).toBe('a');
    inject(() => 'fail');
    advance(AHEAD_MS);
    expect(textOf(await echo())).toBe('a');
    advance(TRUSTED_MS - AHEAD_MS);
    await isRefused();
    remove();
    expect(textOf(await echo())).toBe('a');
  });

  const PARTS: Record<string, (request: StoreRequest) => boolean> = {
    'the token': ({ command, input }) => command === 'GetItem' && input.includes('#T#'),
    'the space': ({ command, input }) => command === 'GetItem' && input.includes('#SPC'),
    'its connections': ({ command, input }) => command === 'Query' && input.includes('ASC#'),
    'its services': ({ command, input }) => command === 'BatchGetItem' && input.includes('#SVC'),
  };
  it.each(Object.entries(PARTS))('each part closes the endpoint: %s', async (_, isPart) => {
    expect(textOf(await echo())).toBe('a');
    let met = 0;
    inject(request => {
      if (!isPart(request)) return undefined;
      met++;
      return 'fail';
    });
    advance(TRUSTED_MS);
    await isRefused();
    expect(met).toBeGreaterThan(0);
  });

  it('definitions that were confirmed cannot be read either', async () => {
    inject(({ command, input }) => (command === 'Query' && input.includes('PIN#') ? 'fail' : undefined));
    await isRefused();
  });

  it('a credential that cannot be read ends the call, and nothing is sent without it', async () => {
    const other = await registerServer(app, 'other', peer.url, KEY);
    await allow(app, space, other, ['echo']);
    const asked = peer.requests.length;
    inject(({ input }) => (input.includes('CRED') ? 'fail' : undefined));
    const call = () => agent.call('other_echo', { text: 'b' });
    expect((await call()).last.error).toEqual({ code: -32_603, message: 'Internal error' });
    expect(peer.requests.length).toBe(asked);
    remove();
    expect(textOf(await call())).toBe('b');
  });
});

describe('a read that takes longer than what it reads is good for', () => {
  it('is not waited for by those who come later: they read for themselves', async () => {
    expect(textOf(await echo())).toBe('a');
    advance(AHEAD_MS);
    const { promise: thawed, resolve: thaw } = Promise.withResolvers<void>();
    // What is read ahead now comes in much later, as when the process is frozen meanwhile.
    inject(request => (isRead(request) ? thawed : undefined));
    expect(textOf(await echo())).toBe('a');
    remove();
    await app.call('RevokeAccessToken', { agentSpaceId: space, tokenId });
    advance(60_000);
    expect((await echo()).status).toBe(401);
    thaw();
    expect((await echo()).status).toBe(401);
  });
});
