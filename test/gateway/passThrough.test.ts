import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type AgentApp, type OneServerSpace, openSpace, startAgentApp } from '../support/agents.ts';
import { exchange, legacyMessage, modernMessage, type WireMessage } from '../support/clients/wire.ts';
import { repeats, type ScriptedPeer, startScripted } from '../support/mcp/scripted.ts';

let app: AgentApp;

beforeAll(async () => {
  app = await startAgentApp();
});
afterAll(() => app.stop());

const AGENTS = { '2026-07-28': modernMessage, '2025-11-25': legacyMessage };
/** Agents and servers of each era. */
const PAIRS = Object.keys(AGENTS).flatMap(agent =>
  (['modern', 'legacy'] as const).map(server => [agent as keyof typeof AGENTS, server] as const),
);

describe.each(PAIRS)('between an agent of %s and a %s server', (agent, era) => {
  let peer: ScriptedPeer;
  let open: OneServerSpace;

  beforeAll(async () => {
    peer = await startScripted({ era });
    open = await openSpace(app, peer, ['act']);
  });
  beforeEach(() => {
    peer.received.length = 0;
    peer.setScript(repeats);
  });
  afterAll(() => peer.close());

  const message = (args: unknown, _meta: object = {}): WireMessage =>
    AGENTS[agent]('tools/call', { name: `${open.name}_act`, arguments: args, _meta }, 7);
  /** The last call, as it arrived. */
  const arrived = () => peer.of('tools/call').at(-1) ?? { raw: '', body: { params: {} } };

  it('keeps every digit of numbers, both ways', async () => {
    const numbers = '[12345678901234567890,0.1234567890123456789,1E400,-1e-400,9007199254740993]';
    const { body, headers } = message({ numbers: 'HERE' });
    await exchange(open.endpoint, { body: body.replace('"HERE"', numbers), headers });
    expect(arrived().raw).toContain(`"numbers":${numbers}`);

    peer.setScript(call => {
      const result = `{"content":[],"structuredContent":{"numbers":${numbers}}}`;
      call.json(`{"jsonrpc":"2.0","id":${call.id},"result":${result}}`);
    });
    expect((await exchange(open.endpoint, message({}))).text).toContain(`"numbers":${numbers}`);
  });

  it('passes on what agents put into _meta, and nothing that is about the agent itself', async () => {
    const passes = {
      traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
      tracestate: 'vendor=1',
      baggage: 'a=b',
      'com.example/tenant': { id: 1 },
    };
    const stays = {
      'io.modelcontextprotocol/related-task': { taskId: '1' },
      'io.modelcontextprotocol/subscriptionId': '1',
      'modelcontextprotocol.io/x': 1,
      'mcp.dev/y': 1,
    };
    await exchange(open.endpoint, message({}, { ...passes, ...stays, progressToken: 'mine' }));
    const { _meta } = arrived().body.params;
    expect(_meta).toMatchObject(passes);
    for (const name of Object.keys(stays)) expect(_meta).not.toHaveProperty([name]);
    expect(_meta.progressToken).not.toBe('mine');
    const told = _meta['io.modelcontextprotocol/clientInfo'];
    expect(told?.name).toBe(era === 'modern' ? 'switchboard' : undefined);
  });

  it('passes on what servers put into _meta of a result', async () => {
    const _meta = { 'com.example/cost': 3 };
    peer.setScript(call => call.result({ content: [], _meta }));
    const { result } = (await exchange(open.endpoint, message({}))).message;
    expect(result._meta).toMatchObject(_meta);
  });

  it('carries arguments of 3 MB and results of 10 MB', async () => {
    const large = 'ä'.repeat(1.5 * 1024 * 1024);
    await exchange(open.endpoint, message({ large }));
    expect(arrived().body.params.arguments.large).toBe(large);
    const larger = 'ö"'.repeat(3.3 * 1024 * 1024);
    peer.setScript(call => call.result({ content: [{ type: 'text', text: larger }] }));
    const { result } = (await exchange(open.endpoint, message({}))).message;
    expect(result.content[0].text === larger).toBe(true);
  });

  it('says so where a result is larger than it may be', async () => {
    const text = 'a'.repeat(17 * 1024 * 1024);
    peer.setScript(call => call.result({ content: [{ type: 'text', text }] }));
    const { error } = (await exchange(open.endpoint, message({}))).message;
    expect(error.data).toMatchObject({ code: 'HTTP_RESPONSE_TOO_LARGE' });
  });

  it('carries 64 calls at a time, each answered by its own result', async () => {
    const calls = Array.from({ length: 64 }, (_, number) => exchange(open.endpoint, message({ number })));
    const texts = (await Promise.all(calls)).map(answer => answer.message.result.content[0].text);
    expect(texts).toEqual(Array.from({ length: 64 }, (_, number) => JSON.stringify({ number })));
    expect(peer.of('initialize').length).toBeLessThanOrEqual(era === 'modern' ? 0 : 1);
  });
});
