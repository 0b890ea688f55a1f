import { describe, expect, it } from 'vitest';
import { ERAS } from '../support/agentWire.ts';
import type { Received, ScriptedPeer } from '../support/mcp/scripted.ts';
import { startScriptedWorld } from '../support/scriptedWorld.ts';
import { HEADER_TOOLS } from './headerTools.ts';

const world = startScriptedWorld({
  tools: HEADER_TOOLS,
  allowed: ['act', 'greedy'],
});
const lastCall = (peer: ScriptedPeer) => peer.of('tools/call').at(-1) as Received;

describe('a server gets', () => {
  it('headers made of the message, whatever the agent sent', async () => {
    const args = { region: 'eu', count: 7 };
    const headers = { 'mcp-param-region': 'eu', 'mcp-param-count': '7', 'mcp-param-other': 'x' };
    await world.agent.call('modern_act', args, { headers });
    expect(lastCall(world.peers.modern).headers).toMatchObject({
      'mcp-method': 'tools/call',
      'mcp-name': 'act',
      'mcp-protocol-version': '2026-07-28',
      'mcp-param-region': 'eu',
      'mcp-param-count': '7',
    });
    expect(lastCall(world.peers.modern).headers).not.toHaveProperty('mcp-param-other');
  });

  it.each(ERAS)('nothing that an agent of the %s era sent of its own', async era => {
    const sent = {
      'x-switchboard-trace': 'canary-1',
      'x-api-key': 'canary-2',
      'proxy-authorization': 'Basic canary-3',
      'mcp-session-id': 'canary-4',
      'last-event-id': 'canary-5',
      'x-amz-security-token': 'canary-6',
      cookie: 'a=canary-7',
      'user-agent': 'canary-8',
      referer: 'https://canary-9/',
      'x-forwarded-for': '192.0.2.99',
      'x-forwarded-host': 'canary-10',
      forwarded: 'for=canary-11',
      via: '1.1 canary-12',
      baggage: 'canary-13',
      te: 'trailers',
      expect: undefined,
    };
    for (const [name, peer] of [
      ['modern_act', world.peers.modern],
      ['legacy_act', world.peers.legacy],
    ] as const) {
      await world.agent.call(name, {}, { era, headers: sent });
      const { headers } = lastCall(peer);
      expect(JSON.stringify(headers)).not.toMatch(/canary|192\.0\.2\.99/);
      expect(JSON.stringify(headers)).not.toContain(world.token);
      expect(headers['x-api-key']).toBe(world.key);
      expect(headers['x-switchboard-hop']).toBe('1');
    }
  });

  it('no header that a schema made up', async () => {
    const values = [
      'k',
      'a\r\nX-Injected: 1',
      '\u0000',
      'é\u202e',
      ' padded ',
      '=?base64?eA==?=',
      'x'.repeat(100),
    ];
    const args = Object.fromEntries(values.map((value, n) => [`p${n}`, value]));
    await world.agent.call('modern_greedy', args, { era: 'legacy' });
    const { headers, rawHeaders } = lastCall(world.peers.modern);
    expect(headers['x-api-key']).toBe(world.key);
    expect(headers).toMatchObject({ 'mcp-param-x-api-key': 'k', 'mcp-param-cookie': 'x'.repeat(100) });
    const names = rawHeaders.filter((_, n) => n % 2 === 0).map(name => name.toLowerCase());
    expect(new Set(names).size).toBe(names.length);
    expect(names.filter(name => name.startsWith('mcp-param-'))).toHaveLength(2);
    for (const name of ['cookie', 'authorization', 'x-injected']) expect(names).not.toContain(name);
  });

  it('values that no header can carry in an encoding that can', async () => {
    for (const region of ['a\r\nX-Injected: 1', '\u0000', 'é\u202e', ' padded ', '=?base64?eA==?=', '']) {
      await world.agent.call('modern_act', { region }, { era: 'legacy' });
      const { headers } = lastCall(world.peers.modern);
      const encoded = /^=\?base64\?(.*)\?=$/.exec(String(headers['mcp-param-region']))?.[1] ?? '';
      expect(Buffer.from(encoded, 'base64').toString()).toBe(region);
      expect(headers).not.toHaveProperty('x-injected');
    }
  });
});
