import { afterEach, describe, expect, it } from 'vitest';
import { eventually } from '../support/agents.ts';
import { ERAS, textOf } from '../support/agentWire.ts';
import { advance } from '../support/clock.ts';
import { repeats, type Script, type ScriptedPeer } from '../support/mcp/scripted.ts';
import { startScriptedWorld } from '../support/scriptedWorld.ts';

/** Milliseconds until a server that could not be asked for its tools is asked again. */
const RETRY_MS = 10_000;

const world = startScriptedWorld({ env: { CALL_TIMEOUT_SECONDS: '1' }, allowed: ['*'] });

afterEach(async () => {
  for (const era of ERAS) {
    world.peers[era].setScript(repeats);
    expect(textOf(await world.agent.call(`${era}_act`, { well: true }))).toBe('{"well":true}');
  }
});

const silent: Script = () => {};
const headersOnly: Script = ({ response }) => {
  response.writeHead(200, { 'content-type': 'application/json' }).flushHeaders();
};
const drip: Script = ({ response }) => {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const timer = setInterval(() => response.write(': still working\n\n'), 50);
  response.on('close', () => clearInterval(timer));
};
const reports: Script = call => {
  call.events([], 'open');
  const message = {
    jsonrpc: '2.0',
    method: 'notifications/progress',
    params: { progressToken: call.id, progress: 1 },
  };
  const timer = setInterval(() => call.response.write(`data: ${JSON.stringify(message)}\n\n`), 50);
  call.response.on('close', () => clearInterval(timer));
};

describe.each(ERAS)('a server of the %s era that', era => {
  it.each([
    ['does not answer', silent],
    ['begins an answer', headersOnly],
    ['only shows that it lives', drip],
    ['reports progress for ever', reports],
  ])('%s has the time of one call, and is told that it is over', async (_, script) => {
    let closed = false;
    world.peers[era].setScript(call => {
      call.response.on('close', () => {
        closed = true;
      });
      script(call);
    });
    const { last } = await world.agent.call(`${era}_act`, {}, { meta: { progressToken: 1 } });
    expect(last.error).toEqual({
      code: -32_000,
      message: `Server ${era} did not answer in time.`,
      data: { code: 'CALL_TIMED_OUT', server: era },
    });
    await eventually(async () => closed);
    if (era === 'legacy') {
      const call = world.peers.legacy.of('tools/call').at(-1);
      const cancelled = await eventually(async () => world.peers.legacy.of('notifications/cancelled').at(-1));
      expect(cancelled.body.params.requestId).toBe(call?.body.id);
    }
    const log = (await world.app.invocations(world.space)).at(-1);
    expect(log).toMatchObject({ outcome: 'failed', errorCode: 'CALL_TIMED_OUT' });
  });
});

describe('the time of a call covers', () => {
  it('asking a server for its tools after it said that it does not know one', async () => {
    const peer = world.peers.modern;
    advance(RETRY_MS);
    peer.setScript(call => call.json({ error: { code: -32_602, message: 'Unknown tool' } }));
    const { resume, answer } = await whileListHangs(peer, () => world.agent.call('modern_act'));
    expect(answer.last.error).toEqual({ code: -32_602, message: 'Unknown tool' });
    resume();
  });

  it('asking a server for a tool that nobody knows', async () => {
    advance(RETRY_MS);
    const { resume, answer } = await whileListHangs(world.peers.legacy, () =>
      world.agent.call('legacy_fresh'),
    );
    expect(answer.last.error).toEqual({ code: -32_602, message: 'Unknown tool: legacy_fresh' });
    resume();
  });
});

/** Has a server hold back its list of tools until `resume`, while an agent waits for an answer. */
async function whileListHangs<T>(peer: ScriptedPeer, work: () => Promise<T>) {
  const { promise, resolve } = Promise.withResolvers<void>();
  const held = peer.holdLists(promise);
  const asked = peer.of('tools/list').length;
  const answer = await work();
  expect(held.givenUp).toBe(false);
  await eventually(async () => peer.of('tools/list').length > asked);
  return { answer, resume: resolve };
}
