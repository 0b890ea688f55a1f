import { describe, expect, it } from 'vitest';
import { ERAS, type HeaderChanges, type SendOptions, textOf, wireAgent } from '../support/agentWire.ts';
import { startScriptedWorld } from '../support/scriptedWorld.ts';
import { HEADER_TOOLS } from './headerTools.ts';

const world = startScriptedWorld({
  tools: HEADER_TOOLS,
  allowed: ['act', 'greedy'],
  toolDetails: [{ name: 'greedy', toolClassification: 'MUTATIVE' }],
});
const arrived = () => ERAS.reduce((sum, era) => sum + world.peers[era].received.length, 0);

describe('headers that disagree with the body', () => {
  const twice = (name: string, value: string): SendOptions => ({ lines: [[name, value]] });
  const wrong: Record<string, SendOptions> = {
    'another method': { headers: { 'mcp-method': 'tools/list' } },
    'a method in another case': { headers: { 'mcp-method': 'Tools/Call' } },
    'a second method': twice('mcp-method', 'tools/call'),
    'another tool': { headers: { 'mcp-name': 'legacy_act' } },
    'a tool in another case': { headers: { 'mcp-name': 'Modern_act' } },
    'a second tool': twice('mcp-name', 'modern_act'),
    'another tool, encoded': { headers: { 'mcp-name': '=?base64?bGVnYWN5X2FjdA==?=' } },
  };

  it.each(Object.keys(wrong))('are refused in the modern era: %s', async name => {
    const before = arrived();
    const args = { region: 'eu', count: 1 };
    const headers = { 'mcp-param-region': 'eu', 'mcp-param-count': '1', ...wrong[name]?.headers };
    const { status, last } = await world.agent.call('modern_act', args, { ...wrong[name], headers });
    expect([status, last.error?.code]).toEqual([400, -32_020]);
    expect(arrived()).toBe(before);
  });

  it.each(['mcp-method', 'mcp-name', 'mcp-protocol-version'])('or missing: %s', async header => {
    const before = arrived();
    const { status, last } = await world.agent.call('modern_act', {}, { headers: { [header]: undefined } });
    expect([status, last.error?.code]).toEqual([400, -32_020]);
    expect(arrived()).toBe(before);
  });

  it.each(Object.keys(wrong).filter(name => !name.startsWith('a second')))(
    'are refused in the legacy era too, where intermediaries may believe them: %s',
    async name => {
      const before = arrived();
      const { status, last } = await world.agent.call('modern_act', {}, { ...wrong[name], era: 'legacy' });
      expect([status, last.error?.code]).toEqual([400, -32_020]);
      expect(arrived()).toBe(before);
    },
  );

  it('agree in the legacy era when they are there', async () => {
    const headers = { 'mcp-method': 'tools/call', 'mcp-name': 'modern_act' };
    expect(textOf(await world.agent.call('modern_act', { a: 1 }, { era: 'legacy', headers }))).toBe(
      '{"a":1}',
    );
  });

  it.each(['2025-06-18', '2024-11-05', '1999-01-01', '2026-07-28x', ''])(
    'name the version %j for a message of 2026-07-28: refused',
    async version => {
      const before = arrived();
      const headers = { 'mcp-protocol-version': version };
      expect((await world.agent.call('modern_act', {}, { headers })).status).toBe(400);
      expect(arrived()).toBe(before);
    },
  );

  it('name 2026-07-28, or no version there is, for a message of before: refused', async () => {
    const before = arrived();
    for (const version of ['2026-07-28', '1999-01-01']) {
      const headers = { 'mcp-protocol-version': version };
      const { status } = await world.agent.call('modern_act', {}, { era: 'legacy', headers });
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
    const { status, last } = await world.agent.call('modern_act', { region: 'eu', count: 1 }, { headers });
    expect([status, last.error?.code]).toEqual([400, -32_020]);
    expect(arrived()).toBe(before);
  });

  it('give a number in another spelling: let through', async () => {
    for (const count of ['1.0', '1e0', '1']) {
      const headers = { 'mcp-param-region': 'eu', 'mcp-param-count': count };
      const { status } = await world.agent.call('modern_act', { region: 'eu', count: 1 }, { headers });
      expect([count, status]).toEqual([count, 200]);
    }
    const headers = { 'mcp-param-region': '1.0', 'mcp-param-count': '1' };
    // A text is that text and no other.
    expect((await world.agent.call('modern_act', { region: '1', count: 1 }, { headers })).status).toBe(400);
  });

  it('tell nothing of a tool that the agent may not use', async () => {
    const reader = wireAgent(world.app, world.space, await world.app.token(world.space, 'read'));
    for (const name of ['modern_greedy', 'modern_nothing']) {
      const { status, last } = await reader.call(name, { p0: 'k' });
      expect([status, last.error]).toEqual([200, { code: -32_602, message: `Unknown tool: ${name}` }]);
    }
    expect((await world.agent.call('modern_greedy', { p0: 'k' })).status).toBe(400);
  });
});
