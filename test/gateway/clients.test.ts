import { Client as ModernClient, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { Client as LegacyClient } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as LegacyTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AgentApp, allow, newSpace, registerServer, startAgentApp } from '../support/agents.ts';
import { type LegacyPeer, startLegacy } from '../support/mcp/legacy.ts';
import { type McpPeer, startModern } from '../support/mcp/modern.ts';

const KEY = 'the-key-of-both-servers';
let app: AgentApp;
let modern: McpPeer;
let legacy: LegacyPeer;
let space: string;
let token: string;

beforeAll(async () => {
  const auth = { header: 'x-api-key', value: KEY };
  [app, modern, legacy] = await Promise.all([startAgentApp(), startModern({ auth }), startLegacy({ auth })]);
  space = await newSpace(app);
  const today = await registerServer(app, 'today', modern.url, KEY);
  const before = await registerServer(app, 'before', legacy.url, KEY);
  await allow(app, space, today, ['echo', 'write_note']);
  await allow(app, space, before, ['echo', 'add']);
  token = await app.token(space);
});
afterAll(async () => {
  await app.stop();
  await Promise.all([modern.close(), legacy.close()]);
});

const headers = () => ({ requestInit: { headers: { authorization: `Bearer ${token}` } } });

async function modernClient(mode: 'auto' | 'legacy', server?: string) {
  const client = new ModernClient({ name: 'test', version: '1' }, { versionNegotiation: { mode } });
  await client.connect(new StreamableHTTPClientTransport(new URL(app.url(space, server)), headers()));
  return client;
}

async function legacyClient() {
  const client = new LegacyClient({ name: 'test', version: '1' });
  await client.connect(new LegacyTransport(new URL(app.url(space)), headers()) as never);
  return client;
}

const CLIENTS = {
  'v2 SDK, 2026-07-28': () => modernClient('auto'),
  'v2 SDK, earlier protocol': () => modernClient('legacy'),
  'v1 SDK': legacyClient,
};

describe.each(Object.entries(CLIENTS))('%s', (_, connect) => {
  it('lists the allowed tools of all servers, and calls them with the stored credential', async () => {
    const client = await connect();
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual([
      'before_add',
      'before_echo',
      'today_echo',
      'today_write_note',
    ]);
    const text = async (name: string, args: object) => {
      const result = (await client.callTool({ name, arguments: args as Record<string, unknown> })) as {
        content: { text: string }[];
      };
      return result.content[0]?.text;
    };
    expect(await text('today_echo', { text: 'hello' })).toBe('hello');
    expect(await text('before_add', { a: 2, b: 3 })).toBe('5');
    await expect(client.callTool({ name: 'today_add', arguments: {} })).rejects.toThrow(
      'Unknown tool: today_add',
    );
    await client.close();
  });

  it('answers pings and has no other capabilities', async () => {
    const client = await connect();
    expect(client.getServerVersion()).toMatchObject({ name: 'switchboard' });
    expect(Object.keys(client.getServerCapabilities() ?? {}).sort()).toEqual(['logging', 'tools']);
    await client.close();
  });
});
