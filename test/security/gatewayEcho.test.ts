import { describe, expect, it } from 'vitest';
import { ERAS, textOf } from '../support/agentWire.ts';
import { type Exchange, repeats, type Script } from '../support/mcp/scripted.ts';
import { startScriptedWorld } from '../support/scriptedWorld.ts';
import { type Canary, canary, leaksIn, spelled } from './leakCanary.ts';

const SECRET: Canary = canary('the credential', 'ech5Tz2Rk8Wb1Qv7');

const world = startScriptedWorld({ key: SECRET.value });

const content = (text: string) => ({ content: [{ type: 'text', text }] });
const notification = (method: string, params: object) => ({ jsonrpc: '2.0', method, params });
const progress = (call: Exchange, more: object) =>
  notification('notifications/progress', { progressToken: call.id, progress: 1, ...more });
const log = (data: unknown, more: object = {}) =>
  notification('notifications/message', { level: 'info', data, ...more });

/** Everywhere in the answer to a call that a server can put what it was told. */
const PLACES: Record<string, (said: string) => Script> = {
  'the text of a result': said => call => call.result(content(`It is ${said}.`)),
  'a structure': said => call => call.result({ content: [], structuredContent: { a: [{ b: said }] } }),
  'a name of a structure': said => call => call.result({ content: [], structuredContent: { [said]: 1 } }),
  'a failed result': said => call => call.result({ ...content(said), isError: true }),
  '`_meta` of a result': said => call => call.result({ ...content(''), _meta: { 'a/b': said } }),
  'a member that nobody knows': said => call => call.result({ ...content(''), more: said }),
  'a link': said => call =>
    call.result({
      content: [{ type: 'resource_link', name: 'x', uri: `https://x/?k=${encodeURIComponent(said)}` }],
    }),
  'the message of an error': said => call => call.json({ error: { code: -32_000, message: said } }),
  'the data of an error': said => call => call.json({ error: { code: -32_000, message: 'no', data: said } }),
  'the error of a refusal': said => call => call.json({ error: { code: -32_600, message: said } }, 400),
  'the body of a refusal': said => call => call.json({ error: said }, 500),
  'a challenge':
    said =>
    ({ response }) =>
      void response
        .writeHead(401, { 'www-authenticate': `Bearer error="${said.replace(/[^ -~]/g, '')}"` })
        .end(said),
  'a redirect':
    said =>
    ({ response }) =>
      void response.writeHead(307, { location: `https://10.0.0.1/${encodeURIComponent(said)}` }).end(),
  'a type':
    said =>
    ({ response }) =>
      void response.writeHead(200, { 'content-type': `text/${said.replace(/[^ -~]/g, '')}` }).end(said),
  'what is no JSON': said => call => call.json(`{"${said}`),
  'a message of progress': said => call =>
    call.events([progress(call, { message: `Using ${said}` }), { result: content('done') }]),
  'a member of progress that nobody knows': said => call =>
    call.events([progress(call, { 'x-more': { deep: said } }), { result: content('done') }]),
  'a log message': said => call => call.events([log(`Called with ${said}`), { result: content('done') }]),
  'the data of a log message': said => call =>
    call.events([log({ deep: [said] }), { result: content('done') }]),
  'the name of a logger': said => call =>
    call.events([log('x', { logger: said }), { result: content('done') }]),
  'a comment of the stream':
    said =>
    ({ response, id }) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      const data = JSON.stringify({ jsonrpc: '2.0', id, result: content('done') });
      response.end(`: ${said}\nid: ${said}\nevent: message\ndata: ${data}\n\n`);
    },
};

describe.each(ERAS)('a server of the %s era cannot show an agent its credential in', era => {
  it.each(Object.keys(PLACES))('%s', async place => {
    const script = PLACES[place] as (said: string) => Script;
    const shown: string[] = [];
    for (const said of spelled(SECRET.value)) {
      world.peers[era].setScript(script(said));
      for (const agentEra of ERAS) {
        const meta = { progressToken: 'p', 'io.modelcontextprotocol/logLevel': 'debug' };
        const { text, headers } = await world.agent.call(`${era}_act`, {}, { era: agentEra, meta });
        shown.push(...leaksIn(`${place}: ${said}`, `${JSON.stringify(headers)}${text}`, [SECRET]));
        // A breaker that is open would hide what this is about.
        expect(text).not.toMatch(/SERVER_DOWN/);
      }
      world.peers[era].setScript(repeats);
      await world.agent.call(`${era}_act`);
    }
    expect(shown).toEqual([]);
  });

  it('and still tells of progress and logs that hold none of it', async () => {
    const script: Script = call =>
      call.events([progress(call, { message: 'half' }), log('so far'), { result: content('done') }]);
    world.peers[era].setScript(script);
    const meta = { progressToken: 'p', 'io.modelcontextprotocol/logLevel': 'debug' };
    const answer = await world.agent.call(`${era}_act`, {}, { meta });
    expect(answer.messages.slice(0, 2)).toMatchObject([
      { method: 'notifications/progress', params: { progressToken: 'p', progress: 1, message: 'half' } },
      { method: 'notifications/message', params: { level: 'info', data: 'so far' } },
    ]);
    expect(textOf(answer)).toBe('done');
  });
});

it('nor in the log of calls', async () => {
  const invocations = await world.app.invocations(world.space);
  expect(invocations.length).toBeGreaterThan(100);
  expect(leaksIn('the log of calls', JSON.stringify(invocations), [SECRET])).toEqual([]);
  expect(invocations).toContainEqual(expect.objectContaining({ errorCode: 'ANSWER_ECHOES_CREDENTIAL' }));
});
