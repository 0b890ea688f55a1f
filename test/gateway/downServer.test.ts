import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gateway } from '../../lib/deps/gateway.ts';
import { type AgentApp, allow, newSpace, registerServer, startAgentApp } from '../support/agents.ts';
import { textOf, type WireAgent, wireAgent } from '../support/agentWire.ts';
import { advance } from '../support/clock.ts';
import { repeats, type Script, type ScriptedPeer, startScripted } from '../support/mcp/scripted.ts';

const KEY = 'the-key-of-the-server';
const WARNINGS = 'switchboard/warnings';
const auth = { header: 'x-api-key', value: KEY };
const REFRESH_SECONDS = 600;
/** Failures in a row after which a server is left alone, and for how many milliseconds. */
const FAILURES = 5;
const ALONE_MS = 10_000;

let app: AgentApp;
let down: ScriptedPeer;
let sound: ScriptedPeer;
let space: string;
let agent: WireAgent;

beforeAll(async () => {
  app = await startAgentApp({ CATALOGUE_REFRESH_SECONDS: String(REFRESH_SECONDS) });
  [down, sound] = [await startScripted({ auth }), await startScripted({ auth })];
  space = await newSpace(app);
  await allow(app, space, await registerServer(app, 'down', down.url, KEY), ['act']);
  await allow(app, space, await registerServer(app, 'sound', sound.url, KEY), ['act']);
  agent = wireAgent(app, space, await app.token(space));
});
afterAll(async () => {
  await app.stop();
  await Promise.all([down.close(), sound.close()]);
});

const BOTH = ['down_act', 'sound_act'];
const codeOf = async (name = 'down_act') => (await agent.call(name)).last.error?.data.code;

async function listed() {
  const { result } = (await agent.request('tools/list')).last;
  const warnings = (result._meta?.[WARNINGS] ?? []) as { server: string; code: string; message: string }[];
  return { names: result.tools.map(({ name }: { name: string }) => name), warnings };
}

/** Lists what is old, so that the servers are asked again beside it. */
async function refreshed() {
  advance(REFRESH_SECONDS * 1000);
  await listed();
  await gateway().settle();
  return listed();
}

/** The server stops, and comes back at the same place. */
async function restarted<T>(meanwhile: () => Promise<T>): Promise<T> {
  const { port } = down;
  await down.close();
  try {
    return await meanwhile();
  } finally {
    down = await startScripted({ auth, port });
  }
}

describe('a server that is down', () => {
  it('loses its own tools in a list, with a warning, and gets them back', async () => {
    await restarted(async () => {
      const { names, warnings } = await refreshed();
      expect(names).toEqual(['sound_act']);
      expect(warnings).toEqual([
        { server: 'down', code: 'ENDPOINT_UNREACHABLE', message: 'Server down cannot be reached.' },
      ]);
      expect(textOf(await agent.call('sound_act', { a: 1 }))).toBe('{"a":1}');
    });
    expect(await refreshed()).toEqual({ names: BOTH, warnings: [] });
    expect(textOf(await agent.call('down_act', { a: 1 }))).toBe('{"a":1}');
  });

  it('is left alone after some failures, and gets its tools back without being called', async () => {
    await restarted(async () => {
      for (let n = 0; n < FAILURES; n++) expect(await codeOf()).toBe('ENDPOINT_UNREACHABLE');
      expect(await codeOf()).toBe('SERVER_DOWN');
      const { names, warnings } = await listed();
      expect(names).toEqual(['sound_act']);
      expect(warnings).toMatchObject([{ server: 'down', code: 'SERVER_DOWN' }]);
      expect(textOf(await agent.call('sound_act', { a: 2 }))).toBe('{"a":2}');
    });
    // Alone means alone.
    expect(await codeOf()).toBe('SERVER_DOWN');
    expect(down.received).toEqual([]);
    advance(ALONE_MS);
    expect(await listed()).toEqual({ names: BOTH, warnings: [] });
    expect(textOf(await agent.call('down_act', { a: 2 }))).toBe('{"a":2}');
  });

  it('is left alone again when the first call after that fails', async () => {
    await restarted(async () => {
      for (let n = 0; n < FAILURES; n++) await codeOf();
      advance(ALONE_MS);
      expect(await codeOf()).toBe('ENDPOINT_UNREACHABLE');
      expect(await codeOf()).toBe('SERVER_DOWN');
    });
    advance(ALONE_MS);
    expect(await codeOf()).toBeUndefined();
  });
});

describe('what stands before a server that is away', () => {
  it.each([502, 503, 504])('says so with %s, and it is left alone', async code => {
    down.setScript(({ response }) => void response.writeHead(code).end());
    for (let n = 0; n < FAILURES; n++) expect(await codeOf()).toBe('HTTP_SERVER_ERROR');
    expect(await codeOf()).toBe('SERVER_DOWN');
    down.setScript(repeats);
    advance(ALONE_MS);
    expect(await codeOf()).toBeUndefined();
  });
});

describe('what says nothing of a server being down', () => {
  const large: Script = call => call.result({ content: [{ type: 'text', text: 'x'.repeat(17_000_000) }] });
  const status =
    (code: number): Script =>
    ({ response }) =>
      void response.writeHead(code).end();
  it.each([
    ['answers that are too large', large, 'HTTP_RESPONSE_TOO_LARGE'],
    ['too many requests', status(429), 'TRANSPORT_RATE_LIMITED'],
    ['a credential that is refused', status(401), 'CREDENTIAL_REJECTED'],
    ['errors of its own code', status(500), 'HTTP_SERVER_ERROR'],
    ['answers that are none', call => call.json('{'), 'TRANSPORT_NOT_MCP'],
    ['errors of tools', call => call.result({ content: [], isError: true }), undefined],
  ] as [string, Script, string | undefined][])(
    '%s: an agent cannot cut others off with these',
    async (_, script, code) => {
      down.setScript(script);
      for (let n = 0; n < 2 * FAILURES; n++) expect(await codeOf()).toBe(code);
      down.setScript(repeats);
      expect(textOf(await agent.call('down_act', { a: 3 }))).toBe('{"a":3}');
    },
  );
});
