import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { gateway } from '../../lib/deps/gateway.ts';
import { type AgentApp, allow, newSpace, registerServer, startAgentApp } from '../support/agents.ts';
import { textOf, type WireAgent, wireAgent } from '../support/agentWire.ts';
import { advance } from '../support/clock.ts';
import { type McpPeer, startModern } from '../support/mcp/modern.ts';
import { DEFAULT_TOOLS, type WireTool } from '../support/mcp/toolShelf.ts';

const KEY = 'the-key-of-the-server';
const REFRESH_SECONDS = 600;
/** Milliseconds until a server is asked again that seemed to miss a tool a moment ago. */
const RETRY_MS = 10_000;
/** Milliseconds that what was read is trusted. */
const TRUSTED_MS = 5_000;

const reads = (name: string): WireTool => ({ ...DEFAULT_TOOLS[0], name });
const says = (name: string, annotations?: object): WireTool => ({
  ...DEFAULT_TOOLS[1],
  name,
  ...(annotations && { annotations }),
});

let app: AgentApp;
let peer: McpPeer;
let space: string;
let agent: WireAgent;
let reader: WireAgent;

beforeAll(async () => {
  app = await startAgentApp({ CATALOGUE_REFRESH_SECONDS: String(REFRESH_SECONDS) });
});
afterAll(() => app.stop());

/** A space that takes all tools of a server of its own, which has `echo` for now. */
beforeEach(async () => {
  peer = await startModern({ auth: { header: 'x-api-key', value: KEY }, tools: [reads('echo')] });
  space = await newSpace(app);
  const name = `srv${space.replaceAll('-', '').slice(-12)}`;
  const service = await registerServer(app, name, peer.url, KEY);
  await allow(app, space, service, ['*']);
  agent = wireAgent(app, space, await app.token(space), name);
  reader = wireAgent(app, space, await app.token(space, 'read'), name);
  expect(await agent.names()).toEqual(['echo']);
  return () => peer.close();
});

const settled = () => gateway().settle();
const unknown = (name: string) => ({ code: -32_602, message: `Unknown tool: ${name}` });

describe('under ["*"] a tool that appears', () => {
  it('has the headers of its arguments looked at in its very first call', async () => {
    const inputSchema = { type: 'object', properties: { text: { type: 'string', 'x-mcp-header': 'Text' } } };
    peer.setTools([reads('echo'), { ...reads('fresh'), inputSchema }]);
    const said = await agent.call('fresh', { text: 'a' }, { headers: { 'mcp-param-text': 'b' } });
    expect([said.status, said.last.error.code]).toEqual([400, -32_020]);
    expect(peer.calls).toEqual([]);
    const headers = { 'mcp-param-text': 'a' };
    expect(textOf(await agent.call('fresh', { text: 'a' }, { headers }))).toBe('a');
  });

  it('is found by the call that misses it, with one look at the server however many calls miss', async () => {
    peer.setTools([reads('echo'), reads('fresh')]);
    const asked = peer.listed.length;
    expect(textOf(await agent.call('fresh', { text: 'a' }))).toBe('a');
    expect(peer.listed.length).toBe(asked + 1);
    for (const name of ['missing', 'other', 'Fresh']) {
      expect((await agent.call(name)).last.error).toEqual(unknown(name));
    }
    expect(peer.listed.length).toBe(asked + 1);
    advance(RETRY_MS);
    await Promise.all(Array.from({ length: 10 }, (_, n) => agent.call(`missing_${n}`)));
    expect(peer.listed.length).toBe(asked + 2);
    expect(await agent.names()).toEqual(['echo', 'fresh']);
  });

  it('is found without being asked for, once the list is old', async () => {
    peer.setTools([reads('echo'), reads('fresh')]);
    advance(TRUSTED_MS);
    expect(await agent.names()).toEqual(['echo']);
    advance(REFRESH_SECONDS * 1000);
    await agent.call('echo', { text: 'a' });
    await settled();
    advance(TRUSTED_MS);
    expect(await agent.names()).toEqual(['echo', 'fresh']);
    const events = await app.events();
    const added = events.filter(({ eventName }) => eventName === 'ToolAdded').at(-1);
    expect(added?.additionalEventData.tools).toMatchObject([{ name: 'fresh' }]);
  });

  it('takes scope `operate` unless the server says that it only reads', async () => {
    const hints = { quiet: undefined, writes: { readOnlyHint: false }, harmless: { readOnlyHint: true } };
    peer.setTools(Object.entries(hints).map(([name, annotations]) => says(name, annotations)));
    advance(RETRY_MS);
    for (const name of ['quiet', 'writes']) {
      expect((await reader.call(name)).last.error).toEqual(unknown(name));
      expect(textOf(await agent.call(name, { a: 1, b: 1, text: 'x' }))).toBe('x');
    }
    expect(textOf(await reader.call('harmless', { text: 'y' }))).toBe('y');
    expect(await reader.names()).toEqual(['harmless']);
  });

  it('is not let in under a name that no agent could be shown', async () => {
    const names = ['a'.repeat(60), 'with space', 'ünïcode', 'a/b', '../echo', 'a\r\nx-injected: 1', '*', ''];
    peer.setTools([reads('echo'), reads('last'), ...names.map(reads)]);
    advance(RETRY_MS);
    expect(textOf(await agent.call('last', { text: 'a' }))).toBe('a');
    const calls = peer.calls.length;
    for (const name of names) {
      const { last } = await agent.call(name);
      expect([name, last.error.code]).toEqual([name, -32_602]);
    }
    expect(await agent.names()).toEqual(['echo', 'last']);
    expect(peer.calls.length).toBe(calls);
  });
});

describe('where tools are allowed by name', () => {
  it('a tool that appears stays unknown, and the server is not asked', async () => {
    const name = 'named';
    const service = await registerServer(app, `${name}${space.slice(-6)}`, peer.url, KEY);
    const other = await newSpace(app);
    await allow(app, other, service, ['echo']);
    const caller = wireAgent(app, other, await app.token(other));
    const [echo = ''] = await caller.names();
    peer.setTools([reads('echo'), reads('fresh')]);
    const asked = peer.requests.length;
    const fresh = echo.replace('_echo', '_fresh');
    expect((await caller.call(fresh)).last.error).toEqual(unknown(fresh));
    expect(peer.requests.length).toBe(asked);
  });
});
