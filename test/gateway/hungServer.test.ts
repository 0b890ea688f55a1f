import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type AgentApp,
  allow,
  eventually,
  newSpace,
  registerServer,
  startAgentApp,
} from '../support/agents.ts';
import { type AgentAnswer, textOf, type WireAgent, wireAgent } from '../support/agentWire.ts';
import { type Exchange, repeats, type ScriptedPeer, startScripted } from '../support/mcp/scripted.ts';

const KEY = 'the-key-of-the-server';
/** Calls of one server under way, and waiting, in a process. */
const AT_WORK = 64;
const WAITING = 128;

let app: AgentApp;
let hung: ScriptedPeer;
let sound: ScriptedPeer;
let agent: WireAgent;
/** Calls that the hung server was given and has not answered. */
const held: Exchange[] = [];

beforeAll(async () => {
  const auth = { header: 'x-api-key', value: KEY };
  [app, hung, sound] = await Promise.all([
    startAgentApp({ CATALOGUE_REFRESH_SECONDS: '86400' }),
    startScripted({
      auth,
      script: call => (call.path.endsWith('?twin') ? repeats(call) : void held.push(call)),
    }),
    startScripted({ auth }),
  ]);
  const space = await newSpace(app);
  await allow(app, space, await registerServer(app, 'hung', hung.url, KEY), ['act']);
  await allow(app, space, await registerServer(app, 'sound', sound.url, KEY), ['act']);
  // Another registration at the origin that hangs, which does not hang itself.
  await allow(app, space, await registerServer(app, 'twin', `${hung.url}?twin`, KEY), ['act']);
  agent = wireAgent(app, space, await app.token(space));
});
afterAll(async () => {
  await app.stop();
  await Promise.all([hung.close(), sound.close()]);
});

describe('a server that hangs', () => {
  const over = 8;
  const answers: AgentAnswer[] = [];

  it('has so many calls under way, so many waiting, and those beyond refused at once', async () => {
    const calls = Array.from({ length: AT_WORK + WAITING + over }, async () => {
      answers.push(await agent.call('hung_act'));
    });
    await eventually(async () => held.length === AT_WORK && answers.length === over);
    for (const { last } of answers) {
      expect(last.error).toMatchObject({ code: -32_000, data: { code: 'SERVER_BUSY' } });
    }
    await whileItHangs();
    expect(held.length).toBe(AT_WORK);
    await release(calls.length - over);
    await Promise.all(calls);
    const results = answers.filter(({ last }) => last.result);
    expect(results).toHaveLength(AT_WORK + WAITING);
  });

  /** The others of the space, and the space itself, go on meanwhile. */
  async function whileItHangs(): Promise<void> {
    for (let n = 0; n < 50; n++) {
      expect(textOf(await agent.call('sound_act', { n }))).toBe(JSON.stringify({ n }));
      expect(textOf(await agent.call('twin_act', { n }))).toBe(JSON.stringify({ n }));
    }
    expect(await agent.names()).toEqual(['hung_act', 'sound_act', 'twin_act']);
  }

  it('serves again when it does', async () => {
    hung.setScript(repeats);
    expect(textOf(await agent.call('hung_act', { a: 1 }))).toBe('{"a":1}');
  });
});

/** Answers what is held, and whatever takes its place, until so many were answered. */
async function release(count: number): Promise<void> {
  for (let answered = 0; answered < count; ) {
    await eventually(async () => held.length > 0);
    for (const call of held.splice(0)) {
      call.result();
      answered++;
    }
  }
}

it('agents that are gone give their places back', async () => {
  hung.setScript(call => void held.push(call));
  held.length = 0;
  const left = new AbortController();
  const calls = Array.from({ length: AT_WORK }, () => agent.leave('hung_act', left.signal));
  await eventually(async () => held.length === AT_WORK);
  left.abort();
  await Promise.all(calls);
  await eventually(async () => held.every(({ response }) => response.closed));
  hung.setScript(repeats);
  expect(textOf(await agent.call('hung_act', { a: 2 }))).toBe('{"a":2}');
});
