import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { KEEP_ALIVE_MS } from '../../lib/gateway/limits.ts';
import { allow, newSpace, registerServer } from '../support/agents.ts';
import { textOf, type WireAgent, wireAgent } from '../support/agentWire.ts';
import { startAgentWorld } from '../support/agentWorld.ts';
import { advance } from '../support/clock.ts';
import { injectStoreFault, isRead, type StoreFault, type StoreRequest } from '../support/storeFaults.ts';

/** Milliseconds that what was read is trusted, and after which it is read again beside a request that uses it. */
const TRUSTED_MS = 5_000;
const AHEAD_MS = 2_500;

const world = startAgentWorld();

let space: string;
let tokenId: string;
let agent: WireAgent;
let remove = () => {};
beforeEach(async () => {
  space = await newSpace(world.app);
  await allow(world.app, space, world.service, ['echo']);
  const token = await world.app.call('CreateAccessToken', { agentSpaceId: space, name: 'a', scope: 'read' });
  ({ tokenId } = token.body.accessToken);
  agent = wireAgent(world.app, space, token.body.tokenValue);
});
afterEach(() => {
  vi.useRealTimers();
  remove();
});

const inject = (fault: StoreFault) => {
  remove = injectStoreFault(world.app, fault);
};
const echo = () => agent.call('srv_echo', { text: 'a' });

async function isRefused(): Promise<void> {
  const asked = world.peer.requests.length;
  for (const answer of [await echo(), await agent.request('tools/list'), await agent.request('ping')]) {
    expect(answer).toMatchObject({ status: 503, headers: { 'retry-after': '1' } });
    expect(answer.last.error).toMatchObject({ code: -32_000, data: { code: 'UNAVAILABLE' } });
    expect(answer.text).not.toContain('The store is away');
  }
  expect(world.peer.requests.length).toBe(asked);
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
    const other = await registerServer(world.app, 'other', world.peer.url, world.key);
    await allow(world.app, space, other, ['echo']);
    const asked = world.peer.requests.length;
    inject(({ input }) => (input.includes('CRED') ? 'fail' : undefined));
    const call = () => agent.call('other_echo', { text: 'b' });
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    expect(await call()).toMatchObject({ status: 503, last: { error: { data: { code: 'UNAVAILABLE' } } } });
    // Nothing is written behind the answer, which would end the process.
    vi.advanceTimersByTime(KEEP_ALIVE_MS);
    expect(world.peer.requests.length).toBe(asked);
    remove();
    expect(textOf(await call())).toBe('b');
  });

  it('a call whose agent has been kept waiting is told so', async () => {
    const slow = await registerServer(world.app, 'slow', world.peer.url, world.key);
    await allow(world.app, space, slow, ['echo']);
    const away = Promise.withResolvers<void>();
    // It may be rejected before anybody waits for it.
    away.promise.catch(() => {});
    const asked = Promise.withResolvers<void>();
    inject(({ input }) => {
      if (!input.includes('CRED')) return undefined;
      asked.resolve();
      return away.promise;
    });
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    const called = agent.call('slow_echo', { text: 'c' });
    await asked.promise;
    vi.advanceTimersByTime(KEEP_ALIVE_MS);
    away.reject(new Error('The store is away.'));
    const { headers, last } = await called;
    expect(headers['content-type']).toBe('text/event-stream');
    expect(last).toMatchObject({ id: 1, error: { code: -32_000, data: { code: 'UNAVAILABLE' } } });
    vi.advanceTimersByTime(KEEP_ALIVE_MS);
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
    await world.app.call('RevokeAccessToken', { agentSpaceId: space, tokenId });
    advance(60_000);
    expect((await echo()).status).toBe(401);
    thaw();
    expect((await echo()).status).toBe(401);
  });
});
