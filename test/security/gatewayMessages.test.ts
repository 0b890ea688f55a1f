import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AgentApp, allow, newSpace, registerServer, startAgentApp } from '../support/agents.ts';
import { ERAS, textOf, type WireAgent, wireAgent, written } from '../support/agentWire.ts';
import { type ScriptedPeer, startScripted } from '../support/mcp/scripted.ts';

const KEY = 'the-key-of-the-server';

let app: AgentApp;
let peer: ScriptedPeer;
let space: string;
let agent: WireAgent;

beforeAll(async () => {
  app = await startAgentApp({ CATALOGUE_REFRESH_SECONDS: '86400' });
  peer = await startScripted({ auth: { header: 'x-api-key', value: KEY } });
  space = await newSpace(app);
  await allow(app, space, await registerServer(app, 'srv', peer.url, KEY), ['act']);
  agent = wireAgent(app, space, await app.token(space));
});
afterAll(async () => {
  await app.stop();
  await peer.close();
});

describe.each(ERAS)('a message of the %s era', era => {
  const call = written('tools/call', { name: 'srv_act', arguments: { a: 1 } }, { era });
  const { headers } = call;

  it.each([
    ['no id: a notification', '"id":1,', ''],
    ['the id null', '"id":1', '"id":null'],
    ['an id that is no number of JSON-RPC', '"id":1', '"id":{"a":1}'],
    ['an id that no double holds', '"id":1', '"id":123456789012345678901'],
    ['a fraction as its id', '"id":1', '"id":1.5'],
    ['another version of JSON-RPC', '"2.0"', '"1.0"'],
    ['no version of JSON-RPC', '"jsonrpc":"2.0",', ''],
    ['a method in another case', '"tools/call"', '"Tools/Call"'],
    ['a method with a space', '"tools/call"', '"tools/call "'],
    ['a method that is none', '"tools/call"', '["tools/call"]'],
    ['params that are an array', '"params":{', '"params":[{'],
    ['a result beside the method', '"id":1', '"id":1,"result":{}'],
  ])('calls nothing with %s', async (_, from, to) => {
    const body = call.body.replace(from, to);
    const whole = to.includes('[{') ? `${body.slice(0, -1)}]}` : body;
    const asked = peer.received.length;
    const answer = await agent.send(whole, { headers });
    expect(JSON.parse(whole)).toBeDefined();
    expect(answer.last?.result).toBeUndefined();
    expect(answer.status).toBeLessThan(500);
    expect(peer.received.length).toBe(asked);
  });

  it.each(['[]', '"a"', '1', 'null', 'true', '1e400', '12345678901234567890'])(
    'takes no arguments that are no object: %s',
    async args => {
      const asked = peer.received.length;
      const { last } = await agent.send(call.body.replace('{"a":1}', args), { headers });
      expect(last.error).toMatchObject({ code: -32_602 });
      expect(peer.received.length).toBe(asked);
    },
  );

  it('reaches the server as one message, written anew', async () => {
    const odd = call.body
      .replace('"id":1', '"id":"mine"')
      .replaceAll('":', '" :\n\t')
      .replace('"a" :\n\t1', '"a":"\\u0041\\/", "big":12345678901234567890.125, "e":1e400, "z":-0.0');
    expect((await agent.send(odd, { headers })).last.result).toBeDefined();
    const { raw, body } = peer.of('tools/call').at(-1) ?? {};
    expect(raw).toContain('"arguments":{"a":"A/","big":12345678901234567890.125,"e":1e400,"z":');
    expect(raw).not.toMatch(/\s/);
    expect(body).toMatchObject({ jsonrpc: '2.0', method: 'tools/call', params: { name: 'act' } });
    expect(body.id).toBeTypeOf('number');
  });

  it('keeps `__proto__` a name like any other', async () => {
    const args = JSON.parse('{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}');
    expect(textOf(await agent.call('srv_act', args, { era }))).toBe(JSON.stringify(args));
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
    const asked = peer.received.length;
    for (const params of [
      '{"__proto__":{"name":"srv_act"}}',
      '{"name":{"toString":"srv_act"}}',
      '{"name":["srv_act"]}',
    ]) {
      const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call' }).replace(
        /}$/,
        `,"params":${params}}`,
      );
      expect((await agent.send(body)).last.error).toMatchObject({ code: -32_602 });
    }
    expect(peer.received.length).toBe(asked);
  });

  it('has its own members of `_meta` passed on, and none of those that are the gateway’s', async () => {
    const meta = {
      'com.example/trace': 't',
      traceparent: '00-a-b-01',
      'io.modelcontextprotocol/clientInfo': { name: 'wire', version: '1' },
      'io.modelcontextprotocol/related-task': { taskId: 'x' },
      'mcp/anything': 1,
      progressToken: 'the-agent’s',
    };
    await agent.call('srv_act', {}, { era, meta });
    const { _meta } = peer.of('tools/call').at(-1)?.body.params ?? {};
    expect(_meta).toMatchObject({ 'com.example/trace': 't', traceparent: '00-a-b-01' });
    expect(_meta['io.modelcontextprotocol/related-task']).toBeUndefined();
    expect(_meta['mcp/anything']).toBeUndefined();
    expect(_meta['io.modelcontextprotocol/clientInfo']).toMatchObject({ name: 'switchboard' });
    expect(_meta.progressToken).toBeTypeOf('number');
  });
});

it.each([
  'resources/list',
  'resources/templates/list',
  'prompts/list',
  'sampling/createMessage',
  'tasks/list',
])('%s is not offered', async method => {
  for (const era of ERAS) {
    const { last } = await agent.request(method, {}, { era });
    expect(last.error).toMatchObject({ code: -32_601 });
  }
});

it('answers of agents to nobody’s question are taken and dropped', async () => {
  const asked = peer.received.length;
  for (const body of [
    '{"jsonrpc":"2.0","id":1,"result":{}}',
    '{"jsonrpc":"2.0","id":1,"error":{"code":1,"message":"x"}}',
  ]) {
    expect((await agent.send(body)).status).toBe(202);
  }
  expect(peer.received.length).toBe(asked);
});
