import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type AgentApp, openSpace, startAgentApp } from '../support/agents.ts';
import { exchange, modernMessage } from '../support/clients/wire.ts';
import { startLegacy } from '../support/mcp/legacy.ts';
import { modernListener } from '../support/mcp/modern.ts';
import { type Peer, startTlsServer } from '../support/mcp/tlsServer.ts';
import type { ToolAct, WireResult } from '../support/mcp/toolShelf.ts';

let app: AgentApp;
const peers: Peer[] = [];

beforeAll(async () => {
  app = await startAgentApp({ CATALOGUE_REFRESH_SECONDS: '86400' });
});
afterEach(async () => {
  for (const peer of peers.splice(0)) await peer.close();
});
afterAll(() => app.stop());

const DONE: WireResult = { content: [{ type: 'text', text: 'done' }] };
const tools = (readOnlyHint: boolean) => [
  { name: 'work', description: 'Works.', inputSchema: { type: 'object' }, annotations: { readOnlyHint } },
];

/** A space that may use `work` of a server; what calls it as an agent that wants to hear of progress. */
async function spaceWith(peer: Peer) {
  peers.push(peer);
  const { name, endpoint } = await openSpace(app, peer, ['work']);
  peer.requests.length = 0;
  const call = { name: `${name}_work`, _meta: { progressToken: 'mine' } };
  return () => exchange(endpoint, modernMessage('tools/call', call));
}

type Cut = () => Promise<void>;

/**
 * A server whose streams can be resumed, and whose tool tells of its progress. `cleanly` cuts the stream as servers do
 * on purpose, `abruptly` as the network does.
 */
async function resumable(
  work: (told: (progress: number) => Promise<void>, cut: { cleanly: Cut; abruptly: Cut }) => Promise<void>,
) {
  let peer: Peer | undefined;
  let calls = 0;
  const act: ToolAct = async (_, { meta, notify, cut }) => {
    calls++;
    const { progressToken } = meta;
    // Long enough for what was told to be on its way, and for the caller to come back.
    const cutBy = (how: () => void) => async () => {
      await sleep(100);
      how();
      await sleep(200);
    };
    await work(progress => notify('notifications/progress', { progressToken, progress }), {
      cleanly: cutBy(() => cut?.()),
      abruptly: cutBy(() => peer?.cut()),
    });
    return DONE;
  };
  peer = await startLegacy({ tools: tools(true), acts: { work: act }, resumeAfterMs: 20 });
  return { peer, call: await spaceWith(peer), calls: () => calls };
}

const told = (messages: { method?: string; params?: { progress: number } }[]) =>
  messages.flatMap(({ method, params }) => (method === 'notifications/progress' ? params?.progress : []));

describe('a stream that is cut before its answer', () => {
  it.each(['cleanly', 'abruptly'] as const)('is resumed where it ended %s', async how => {
    const { peer, call, calls } = await resumable(async (tell, cut) => {
      await tell(1);
      await cut[how]();
      await tell(2);
    });
    const { message, messages } = await call();
    expect(message.result).toMatchObject(DONE);
    expect(told(messages)).toEqual([1, 2]);
    expect(calls()).toBe(1);
    const resumed = peer.requests.filter(({ headerNames }) => headerNames.includes('last-event-id'));
    expect(resumed).toMatchObject([{ method: 'GET' }]);
  });

  it('is resumed again and again, and nothing is told twice', async () => {
    const { call, calls } = await resumable(async (tell, cut) => {
      for (const progress of [1, 2, 3]) {
        await tell(progress);
        await cut.cleanly();
      }
    });
    const { message, messages } = await call();
    expect(message.result).toMatchObject(DONE);
    expect(told(messages)).toEqual([1, 2, 3]);
    expect(calls()).toBe(1);
  });
});

/** A stateless server that takes `drops` calls and breaks the connection without an answer. */
async function dropping(readOnlyHint: boolean, drops: number) {
  const { listener, shelf } = modernListener({ tools: tools(readOnlyHint), acts: { work: () => DONE } });
  let left = 0;
  const peer = await startTlsServer((request, response) => {
    if (left-- > 0) request.socket.destroy();
    else listener(request, response);
  });
  const call = await spaceWith(peer);
  left = drops;
  return { peer, call, shelf };
}

describe('a connection that breaks without an answer', () => {
  it('has a tool that only reads called once more', async () => {
    const { peer, call } = await dropping(true, 1);
    expect((await call()).message.result).toMatchObject(DONE);
    expect(peer.requests).toHaveLength(2);
  });

  it('is not tried a third time', async () => {
    const { peer, call } = await dropping(true, 2);
    expect((await call()).message.error.data.code).toBe('HTTP_NO_ANSWER');
    expect(peer.requests).toHaveLength(2);
  });

  it('never has a tool that writes called again', async () => {
    const { peer, call } = await dropping(false, 1);
    expect((await call()).message.error.data.code).toBe('HTTP_NO_ANSWER');
    expect(peer.requests).toHaveLength(1);
  });
});
