import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ERAS, textOf } from '../support/agentWire.ts';
import { type McpPeer, startModern } from '../support/mcp/modern.ts';
import { type Exchange, repeats, type Script } from '../support/mcp/scripted.ts';
import { startScriptedWorld } from '../support/scriptedWorld.ts';

const MB = 1024 * 1024;
const world = startScriptedWorld({
  tools: ['act', 'change'].map(name => ({ name, inputSchema: { type: 'object' } })),
  allowed: ['act', 'change'],
  toolDetails: [{ name: 'change', toolClassification: 'MUTATIVE' }],
});

/** Where redirects lead to. */
let elsewhere: McpPeer;
beforeAll(async () => {
  elsewhere = await startModern();
});
afterAll(() => elsewhere.close());

/** Whatever a server answered, it is called again. */
afterEach(async () => {
  for (const era of ERAS) {
    world.peers[era].setScript(repeats);
    expect(textOf(await world.agent.call(`${era}_act`, { well: true }))).toBe('{"well":true}');
  }
  expect(elsewhere.requests).toEqual([]);
});

const html: Script = ({ response }) =>
  void response
    .writeHead(200, { 'content-type': 'text/html' })
    .end('<!doctype html><script>alert(1)</script>');
const status =
  (code: number, headers: Record<string, string> = {}): Script =>
  ({ response }) =>
    void response.writeHead(code, { 'content-type': 'text/plain', ...headers }).end('SECRET of the network');
const body =
  (text: string, type = 'application/json'): Script =>
  ({ response }) =>
    void response.writeHead(200, { 'content-type': type }).end(text);
const endless: Script = ({ response }) => {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const write = () => {
    while (!response.destroyed && response.write(`: ${'a'.repeat(65_536)}\n\n`));
  };
  response.on('drain', write);
  write();
};

/** What servers answer calls with, and the code that the agent and the log of calls get. */
const REFUSED: Record<string, [Script, string]> = {
  'a page': [html, 'TRANSPORT_NOT_MCP'],
  '302': [status(302, { location: '/elsewhere' }), 'HTTP_REDIRECT_REFUSED'],
  '307 to another origin': [call => status(307, { location: elsewhere.url })(call), 'HTTP_REDIRECT_REFUSED'],
  '308 to a metadata service': [
    status(308, { location: 'http://169.254.169.254/latest' }),
    'HTTP_REDIRECT_REFUSED',
  ],
  '307 into the network': [status(307, { location: 'https://10.0.0.1/mcp' }), 'HTTP_REDIRECT_REFUSED'],
  '307 with a password': [
    call => status(307, { location: `https://a:b@127.0.0.1:${call.request.socket.localPort}/` })(call),
    'HTTP_REDIRECT_REFUSED',
  ],
  '307 for ever': [status(307, { location: '/mcp' }), 'HTTP_REDIRECT_REFUSED'],
  '401': [
    status(401, { 'www-authenticate': 'Bearer resource_metadata="https://evil.example"' }),
    'CREDENTIAL_REJECTED',
  ],
  '403': [status(403), 'CREDENTIAL_FORBIDDEN'],
  '429': [status(429, { 'retry-after': '3600' }), 'TRANSPORT_RATE_LIMITED'],
  '500': [status(500), 'HTTP_SERVER_ERROR'],
  '503 and never a body': [
    ({ response }) => response.writeHead(503, { 'content-type': 'application/json' }).flushHeaders(),
    'HTTP_SERVER_ERROR',
  ],
  '418': [status(418), 'TRANSPORT_NOT_MCP'],
  'no JSON': [body('{"jsonrpc":'), 'TRANSPORT_NOT_MCP'],
  nothing: [body(''), 'TRANSPORT_NOT_MCP'],
  null: [body('null'), 'HTTP_NO_ANSWER'],
  'no content type': [({ response }) => void response.writeHead(200).end('{}'), 'TRANSPORT_NOT_MCP'],
  'a result that is text': [call => call.json({ result: 'text' }), 'RESULT_MALFORMED'],
  'a result without content': [call => call.result({}), 'RESULT_MALFORMED'],
  'an unheard-of result': [call => call.result({ resultType: 'more', content: [] }), 'RESULT_MALFORMED'],
  'a question to the user': [
    call => call.result({ resultType: 'input_required', inputRequests: {} }),
    'INPUT_NOT_OFFERED',
  ],
  'the result of another call': [
    call => call.json({ jsonrpc: '2.0', id: 999_999, result: { content: [] } }),
    'HTTP_NO_ANSWER',
  ],
  'a result without an id': [
    call => call.json({ jsonrpc: '2.0', id: null, result: { content: [] } }),
    'HTTP_NO_ANSWER',
  ],
  'a stream that ends at once': [call => call.events([]), 'HTTP_NO_ANSWER'],
  '20 MB at once': [
    call => call.result({ content: [{ type: 'text', text: 'x'.repeat(20 * MB) }] }),
    'HTTP_RESPONSE_TOO_LARGE',
  ],
  'events without end': [endless, 'HTTP_RESPONSE_TOO_LARGE'],
  'headers of 64 KB': [status(200, { 'x-padding': 'a'.repeat(65_536) }), 'HTTP_RESPONSE_TOO_LARGE'],
  'half an answer': [
    ({ response }) =>
      void response
        .writeHead(200, { 'content-type': 'application/json', 'content-length': '99' })
        .write('{"a":', () => response.destroy()),
    'HTTP_NO_ANSWER',
  ],
};

describe.each(ERAS)('a server of the %s era that answers with', era => {
  it.each(Object.keys(REFUSED))('%s fails the call, and nothing of it is shown', async name => {
    const [script, code] = REFUSED[name] as [Script, string];
    world.peers[era].setScript(script);
    const answer = await world.agent.call(`${era}_change`, {}, { era: 'legacy' });
    expect(answer.status).toBe(200);
    expect(answer.last).toMatchObject({ id: 1, error: { code: -32_000, data: { code } } });
    expect(answer.text).not.toMatch(/SECRET|127\.0\.0\.1|10\.0\.0\.1|169\.254|evil|location|<script/);
    const log = (await world.app.invocations(world.space)).at(-1);
    expect(log).toMatchObject({ outcome: 'failed', errorCode: code, tool: 'change', serverName: era });
  });
});

describe('a call that changes something', () => {
  const breaks: Script = ({ request }) => void request.socket.destroy();
  it.each(ERAS)('is never sent twice, even where a connection breaks (%s)', async era => {
    for (const [tool, times] of [
      ['change', 1],
      ['act', 2],
    ] as const) {
      world.peers[era].setScript(breaks);
      const before = world.peers[era].of('tools/call').length;
      expect((await world.agent.call(`${era}_${tool}`)).last.error.data.code).toBe('HTTP_NO_ANSWER');
      expect([tool, world.peers[era].of('tools/call').length - before]).toEqual([tool, times]);
      world.peers[era].setScript(repeats);
      await world.agent.call(`${era}_act`);
    }
  });
});

describe.each(ERAS)('of a server of the %s era', era => {
  const served = async (script: Script) => {
    world.peers[era].setScript(script);
    return world.agent.call(`${era}_act`, {}, { era: 'legacy', meta: { progressToken: 'p' } });
  };
  const ok = (text: string) => ({ result: { content: [{ type: 'text', text }] } });

  it('the first result counts, whatever comes with it', async () => {
    const noise = [
      { jsonrpc: '2.0', id: 999_999, ...ok('another’s') },
      { jsonrpc: '2.0', method: 'notifications/unheard-of', params: 'x' },
      { jsonrpc: '2.0', method: 'notifications/progress', params: { progressToken: 999_999, progress: 1 } },
    ];
    const answer = await served(call => call.events([...noise, ok('first'), ok('second')]));
    expect(answer.messages).toHaveLength(1);
    expect(textOf(answer)).toBe('first');
  });

  it('an error is told in its own words, as far as these are fit to be', async () => {
    const message = `\u001b[2Jno\u0000 \u202e${'x'.repeat(5_000)}`;
    const error = { code: -32_099, message, data: { stack: 'SECRET' } };
    const { last, text } = await served(call => call.json({ error }));
    expect(last.error.code).toBe(-32_099);
    expect(last.error.message).toMatch(/^no x+…$/);
    expect(text.length).toBeLessThan(1_500);
    expect(text).not.toContain('SECRET');
    for (const odd of ['text', { code: '1', message: 'x' }, { code: 1.5, message: 'x' }, null]) {
      expect((await served(call => call.json({ error: odd }))).last.error).toMatchObject({ code: -32_000 });
    }
  });

  it('nesting without end, and names that every object has, do no harm', async () => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    const id = (call: Exchange) => JSON.stringify(call.id);
    const nested = await served(call =>
      call.json(`{"jsonrpc":"2.0","id":${id(call)},"result":{"content":${deep}}}`),
    );
    expect(nested).toMatchObject({ status: 200, last: { error: { data: { code: 'RESULT_MALFORMED' } } } });
    const told = await served(call => {
      call.response.writeHead(200, { 'content-type': 'text/event-stream' });
      const params = `{"progressToken":${id(call)},"progress":1,"message":${deep}}`;
      call.response.write(`data: {"jsonrpc":"2.0","method":"notifications/progress","params":${params}}\n\n`);
      call.response.end(`data: {"jsonrpc":"2.0","id":${id(call)},"result":{"content":[]}}\n\n`);
    });
    expect(told.messages).toEqual([{ jsonrpc: '2.0', id: 1, result: { content: [] } }]);
    const odd = '{"__proto__":{"polluted":1},"content":[],"toString":1}';
    const kept = await served(call => call.json(`{"jsonrpc":"2.0","id":${id(call)},"result":${odd}}`));
    expect(kept.text).toContain('"__proto__":{"polluted":1}');
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });
});
