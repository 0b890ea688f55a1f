import { expect, it } from 'vitest';
import { eventually } from '../support/agents.ts';
import { ERAS, textOf } from '../support/agentWire.ts';
import { type Exchange, repeats, type ScriptedPeer } from '../support/mcp/scripted.ts';
import { startScriptedWorld } from '../support/scriptedWorld.ts';

/** Answers to questions that one call may cost. */
const MAX_ANSWERS = 100;

const world = startScriptedWorld();

const QUESTIONS = [
  'sampling/createMessage',
  'elicitation/create',
  'roots/list',
  'ping',
  'tools/call',
  'made/up',
];
const asks = (method: string, id: string | number) => ({ jsonrpc: '2.0', id, method, params: {} });
const done = { result: { content: [{ type: 'text', text: 'done' }] } };
/** What a server was answered, by the id of its question. */
const answers = (peer: ScriptedPeer) =>
  peer.received.map(({ body }) => body).filter(body => body?.method === undefined && body?.id !== undefined);

it('questions of a server are declined to it, and never reach the agent', async () => {
  const peer = world.peers.legacy;
  peer.setScript(async call => {
    call.events(
      QUESTIONS.map(method => asks(method, method)),
      'open',
    );
    // A server may wait for the answers.
    await eventually(async () => answers(peer).length >= QUESTIONS.length);
    finish(call);
  });
  const answer = await world.agent.call('legacy_act');
  expect(answer.messages).toHaveLength(1);
  expect(textOf(answer)).toBe('done');
  const outcomes = answers(peer).map(({ id, result, error }) => [id, result ?? error.code]);
  expect(Object.fromEntries(outcomes)).toEqual({
    ...Object.fromEntries(QUESTIONS.map(method => [method, -32_601])),
    ping: {},
  });
});

it('those of a server without sessions are not listened to', async () => {
  const peer = world.peers.modern;
  peer.setScript(call => call.events([...QUESTIONS.map(method => asks(method, method)), done]));
  const answer = await world.agent.call('modern_act');
  expect(answer.messages).toHaveLength(1);
  expect(textOf(answer)).toBe('done');
  expect(answers(peer)).toEqual([]);
});

it('a flood of them costs a handful of answers, and not the call', async () => {
  const peer = world.peers.legacy;
  const before = answers(peer).length;
  peer.setScript(call => call.events([...Array.from({ length: 5_000 }, (_, n) => asks('ping', n)), done]));
  expect(textOf(await world.agent.call('legacy_act'))).toBe('done');
  peer.setScript(repeats);
  expect(textOf(await world.agent.call('legacy_act', { a: 1 }))).toBe('{"a":1}');
  await eventually(async () => answers(peer).length - before >= MAX_ANSWERS);
  expect(answers(peer).length - before).toBe(MAX_ANSWERS);
});

it('a server that asks the user by its result is told of to the agent as a failure', async () => {
  for (const era of ERAS) {
    const inputRequests = { a: { method: 'elicitation/create', params: { message: 'Your password?' } } };
    world.peers[era].setScript(call =>
      call.result({ resultType: 'input_required', inputRequests, requestState: 's' }),
    );
    const { last, text } = await world.agent.call(`${era}_act`);
    expect(last.error).toMatchObject({ code: -32_000, data: { code: 'INPUT_NOT_OFFERED' } });
    expect(text).not.toContain('password');
  }
});

it('agents cannot answer what a server asked', async () => {
  const params = { name: 'legacy_act', inputResponses: { a: {} }, requestState: 's', task: { ttl: 1 } };
  for (const era of ERAS) {
    await world.agent.request('tools/call', params, { era });
    expect(Object.keys(world.peers.legacy.of('tools/call').at(-1)?.body.params).sort()).toEqual(['name']);
  }
});

function finish(call: Exchange): void {
  call.response.end(`data: ${JSON.stringify({ jsonrpc: '2.0', id: call.id, ...done })}\n\n`);
}
