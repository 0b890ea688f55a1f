import { describe, expect, it } from 'vitest';
import { ERAS, textOf, written } from '../support/agentWire.ts';
import { startScriptedWorld } from '../support/scriptedWorld.ts';

const world = startScriptedWorld();

describe.each(ERAS)('a message of the %s era', era => {
  const call = written('tools/call', { name: 'modern_act', arguments: { a: 1 } }, { era });
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
    const asked = world.peers.modern.received.length;
    const answer = await world.agent.send(whole, { headers });
    expect(JSON.parse(whole)).toBeDefined();
    expect(answer.last?.result).toBeUndefined();
    expect(answer.status).toBeLessThan(500);
    expect(world.peers.modern.received.length).toBe(asked);
  });

  it.each(['[]', '"a"', '1', 'null', 'true', '1e400', '12345678901234567890'])(
    'takes no arguments that are no object: %s',
    async args => {
      const asked = world.peers.modern.received.length;
      const { last } = await world.agent.send(call.body.replace('{"a":1}', args), { headers });
      expect(last.error).toMatchObject({ code: -32_602 });
      expect(world.peers.modern.received.length).toBe(asked);
    },
  );

  it('reaches the server as one message, written anew', async () => {
    const odd = call.body
      .replace('"id":1', '"id":"mine"')
      .replaceAll('":', '" :\n\t')
      .replace('"a" :\n\t1', '"a":"\\u0041\\/", "big":12345678901234567890.125, "e":1e400, "z":-0.0');
    expect((await world.agent.send(odd, { headers })).last.result).toBeDefined();
    const { raw, body } = world.peers.modern.of('tools/call').at(-1) ?? {};
    expect(raw).toContain('"arguments":{"a":"A/","big":12345678901234567890.125,"e":1e400,"z":');
    expect(raw).not.toMatch(/\s/);
    expect(body).toMatchObject({ jsonrpc: '2.0', method: 'tools/call', params: { name: 'act' } });
    expect(body.id).toBeTypeOf('number');
  });

  it('keeps `__proto__` a name like any other', async () => {
    const args = JSON.parse('{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}');
    expect(textOf(await world.agent.call('modern_act', args, { era }))).toBe(JSON.stringify(args));
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
    const asked = world.peers.modern.received.length;
    for (const params of [
      '{"__proto__":{"name":"modern_act"}}',
      '{"name":{"toString":"modern_act"}}',
      '{"name":["modern_act"]}',
    ]) {
      const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call' }).replace(
        /}$/,
        `,"params":${params}}`,
      );
      expect((await world.agent.send(body)).last.error).toMatchObject({ code: -32_602 });
    }
    expect(world.peers.modern.received.length).toBe(asked);
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
    await world.agent.call('modern_act', {}, { era, meta });
    const { _meta } = world.peers.modern.of('tools/call').at(-1)?.body.params ?? {};
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
    const { last } = await world.agent.request(method, {}, { era });
    expect(last.error).toMatchObject({ code: -32_601 });
  }
});

it('answers of agents to nobody’s question are taken and dropped', async () => {
  const asked = world.peers.modern.received.length;
  for (const body of [
    '{"jsonrpc":"2.0","id":1,"result":{}}',
    '{"jsonrpc":"2.0","id":1,"error":{"code":1,"message":"x"}}',
  ]) {
    expect((await world.agent.send(body)).status).toBe(202);
  }
  expect(world.peers.modern.received.length).toBe(asked);
});
