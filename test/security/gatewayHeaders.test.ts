import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AgentApp, allow, newSpace, registerServer, startAgentApp } from '../support/agents.ts';
import {
  type HeaderChanges,
  type SendOptions,
  textOf,
  type WireAgent,
  wireAgent,
} from '../support/agentWire.ts';
import { type Received, type ScriptedPeer, startScripted } from '../support/mcp/scripted.ts';
import { HEADER_TOOLS } from './headerTools.ts';

const KEY = 'the-key-of-the-server';
let app: AgentApp;
let modern: ScriptedPeer;
let legacy: ScriptedPeer;
let space: string;
let token: string;
let agent: WireAgent;

beforeAll(async () => {
  const auth = { header: 'x-api-key', value: KEY };
  [app, modern, legacy] = await Promise.all([
    startAgentApp({ CATALOGUE_REFRESH_SECONDS: '86400' }),
    startScripted({ auth, tools: HEADER_TOOLS }),
    startScripted({ auth, tools: HEADER_TOOLS, era: 'legacy' }),
  ]);
  space = await newSpace(app);
  const toolDetails = [{ name: 'greedy', toolClassification: 'MUTATIVE' }];
  await allow(app, space, await registerServer(app, 'new', modern.url, KEY), ['act', 'greedy'], {
    toolDetails,
  });
  await allow(app, space, await registerServer(app, 'old', legacy.url, KEY), ['act', 'greedy']);
  token = await app.token(space);
  agent = wireAgent(app, space, token);
});
afterAll(async () => {
  await app.stop();
  await Promise.all([modern.close(), legacy.close()]);
});

const _lastCall = (peer: ScriptedPeer) => peer.of('tools/call').at(-1) as Received;
const arrived = () => modern.received.length + legacy.received.length;

describe('headers that disagree with the body', () => {
  const twice = (name: string, value: string): SendOptions => ({ lines: [[name, value]] });
  const wrong: Record<string, SendOptions> = {
    'another method': { headers: { 'mcp-method': 'tools/list' } },
    'a method in another case': { headers: { 'mcp-method': 'Tools/Call' } },
    'a second method': twice('mcp-method', 'tools/call'),
    'another tool': { headers: { 'mcp-name': 'old_act' } },
    'a tool in another case': { headers: { 'mcp-name': 'New_act' } },
    'a second tool': twice('mcp-name', 'new_act'),
    'another tool, encoded': { headers: { 'mcp-name': '=?base64?b2xkX2FjdA==?=' } },
  };

  it.each(Object.keys(wrong))('are refused in the modern era: %s', async name => {
    const before = arrived();
    const args = { region: 'eu', count: 1 };
    const headers = { 'mcp-param-region': 'eu', 'mcp-param-count': '1', ...wrong[name]?.headers };
    const { status, last } = await agent.call('new_act', args, { ...wrong[name], headers });
    expect([status, last.error?.code]).toEqual([400, -32_020]);
    expect(arrived()).toBe(before);
  });

  it.each(['mcp-method', 'mcp-name', 'mcp-protocol-version'])('or missing: %s', async header => {
    const before = arrived();
    const { status, last } = await agent.call('new_act', {}, { headers: { [header]: undefined } });
    expect([status, last.error?.code]).toEqual([400, -32_020]);
    expect(arrived()).toBe(before);
  });

  it.each(Object.keys(wrong).filter(name => !name.startsWith('a second')))(
    'are refused in the legacy era too, where intermediaries may believe them: %s',
    async name => {
      const before = arrived();
      const { status, last } = await agent.call('new_act', {}, { ...wrong[name], era: 'legacy' });
      expect([status, last.error?.code]).toEqual([400, -32_020]);
      expect(arrived()).toBe(before);
    },
  );

  it('agree in the legacy era when they are there', async () => {
    const headers = { 'mcp-method': 'tools/call', 'mcp-name': 'new_act' };
    expect(textOf(await agent.call('new_act', { a: 1 }, { era: 'legacy', headers }))).toBe('{"a":1}');
  });

  it.each(['2025-06-18', '2024-11-05', '1999-01-01', '2026-07-28x', ''])(
    'name the version %j for a message of 2026-07-28: refused',
    async version => {
      const before = arrived();
      const headers = { 'mcp-protocol-version': version };
      expect((await agent.call('new_act', {}, { headers })).status).toBe(400);
      expect(arrived()).toBe(before);
    },
  );

  it('name 2026-07-28, or no version there is, for a message of before: refused', async () => {
    const before = arrived();
    for (const version of ['2026-07-28', '1999-01-01']) {
      const headers = { 'mcp-protocol-version': version };
      const { status } = await agent.call('new_act', {}, { era: 'legacy', headers });
      expect([version, status]).toEqual([version, 400]);
    }
    expect(arrived()).toBe(before);
  });

  it.each<[string, HeaderChanges]>([
    ['another value', { 'mcp-param-region': 'us' }],
    ['another number', { 'mcp-param-count': '2' }],
    ['no value', { 'mcp-param-region': undefined }],
    ['a value that does not decode', { 'mcp-param-region': '=?base64?*?=' }],
  ])('give an argument %s: refused', async (_, changed) => {
    const before = arrived();
    const headers = { 'mcp-param-region': 'eu', 'mcp-param-count': '1', ...changed };
    const { status, last } = await agent.call('new_act', { region: 'eu', count: 1 }, { headers });
    expect([status, last.error?.code]).toEqual([400, -32_020]);
    expect(arrived()).toBe(before);
  });

  it('tell nothing of a tool that the agent may not use', async () => {
    const reader = wireAgent(app, space, await app.token(space, 'read'));
    for (const name of ['new_greedy', 'new_nothing']) {
      const { status, last } = await reader.call(name, { p0: 'k' });
      expect([status, last.error]).toEqual([200, { code: -32_602, message: `Unknown tool: ${name}` }]);
    }
    expect((await agent.call('new_greedy', { p0: 'k' })).status).toBe(400);
  });
});
