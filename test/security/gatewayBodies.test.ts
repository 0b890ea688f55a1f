import { describe, expect, it } from 'vitest';
import { ERAS, textOf, written } from '../support/agentWire.ts';
import { startScriptedWorld } from '../support/scriptedWorld.ts';

const MB = 1024 * 1024;
const world = startScriptedWorld();

/** A call that would be served, as text to be spoilt. */
const { body: MODERN, headers: MODERN_HEADERS } = written('tools/call', {
  name: 'modern_act',
  arguments: { a: 1 },
});
const { body: LEGACY } = written(
  'tools/call',
  { name: 'modern_act', arguments: { a: 1 } },
  { era: 'legacy' },
);

/** Sends a body that must be refused: as an agent of either era, and without a word to the server. */
async function refused(body: string | Buffer, status: number, code: number): Promise<void> {
  for (const headers of [{}, MODERN_HEADERS]) {
    const asked = world.peers.modern.received.length;
    const answer = await world.agent.send(body, { headers });
    expect([String(body).slice(0, 80), answer.status, answer.last?.error?.code]).toEqual([
      String(body).slice(0, 80),
      status,
      code,
    ]);
    expect(world.peers.modern.received.length).toBe(asked);
  }
}

it('is served as it stands', async () => {
  for (const [body, headers] of [
    [LEGACY, {}],
    [MODERN, MODERN_HEADERS],
  ] as const) {
    expect(textOf(await world.agent.send(body, { headers }))).toBe('{"a":1}');
  }
});

describe('more than one message', () => {
  it.each([LEGACY, MODERN])('in one body is refused (%#)', async call => {
    for (const batch of [`[${call}]`, `[${call},${call}]`, '[]', `[[${call}]]`, ` [${call}]`]) {
      await refused(batch, 400, -32_600);
    }
    const others = [
      `${call}${call}`,
      `${call}\n${call}`,
      `${call},${call}`,
      `${call} x`,
      `${call}]`,
      `x${call}`,
    ];
    for (const body of others) await refused(body, 400, -32_700);
  });
});

describe('a member named twice', () => {
  const doubled = (body: string, member: string, again: string) => body.replace(member, `${again},${member}`);
  it.each([
    ['"jsonrpc":"2.0"', '"jsonrpc":"2.0"'],
    ['"id":1', '"id":2'],
    ['"method":"tools/call"', '"method":"tools/list"'],
    ['"params":', '"params":{"name":"srv_other"}'],
    ['"name":"modern_act"', '"name":"srv_other"'],
    ['"name":"modern_act"', '"n\\u0061me":"srv_other"'],
    ['"name":"modern_act"', '"na\\u006de":"modern_act"'],
    ['"arguments":', '"arguments":{}'],
    ['"a":1', '"a":1'],
    ['"a":1', '"\\u0061":2'],
    ['"a":1', '"deep":[{"b":1,"b":2}]'],
    ['"a":1', '"__proto__":1,"__proto__":2'],
    ['"a":1', '"":1,"":2'],
    ['"a":1', '"x\\":":1,"x\\":":2'],
  ])('is refused at every level (%s, %s)', async (member, again) => {
    await refused(doubled(LEGACY, member, again), 400, -32_700);
    await refused(doubled(MODERN, member, again), 400, -32_700);
  });

  it('is not seen where there is none: in strings, in other objects, in other case', async () => {
    const args = { a: '"a":1,"a":2', A: { a: 1 }, b: [{ a: 1 }, { a: 1 }], 'c:': ':', '\\"': '\\\\":"' };
    for (const era of ERAS) {
      expect(JSON.parse(textOf(await world.agent.call('modern_act', args, { era })))).toEqual(args);
    }
  });
});

describe('a body that is no text, or no JSON,', () => {
  const bytes = (text: string) => Buffer.from(text, 'latin1');
  it.each([
    ['cut short', LEGACY.slice(0, -1)],
    ['nothing', ''],
    ['white space', ' \n'],
    ['a control character in a string', LEGACY.replace('modern_act', 'srv\u0000act')],
    ['a bare NUL', `${LEGACY}\u0000`],
    ['a comment', `/* */${LEGACY}`],
    ['NaN', LEGACY.replace('"a":1', '"a":NaN')],
    ['single quotes', LEGACY.replaceAll('"', "'")],
    ['a byte that is no UTF-8', bytes(LEGACY.replace('"a":1', '"a":"\xff"'))],
    ['an overlong character', bytes(LEGACY.replace('"a":1', '"a":"\xc0\xaf"'))],
    ['half a surrogate pair', bytes(LEGACY.replace('"a":1', '"a":"\xed\xa0\x80"'))],
    ['UTF-16', Buffer.from(LEGACY, 'utf16le')],
    ['a compressed body', Buffer.from('1f8b0800000000000003', 'hex')],
  ])('is refused: %s', (_, body) => refused(body, 400, -32_700));

  it.each(['null', '1', '"tools/call"', 'true', '{}', '{"jsonrpc":"2.0"}'])(
    'or no message, is refused: %s',
    body => refused(body, 400, -32_600),
  );
});

describe('size and depth', () => {
  const nested = (levels: number) => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;
  const holding = (json: string) => LEGACY.replace('{"a":1}', json);

  it('of a body are bounded', async () => {
    // The message and its params are two levels of the hundred.
    await refused(holding(nested(99)), 400, -32_700);
    await refused(holding(`{"a":${'['.repeat(MB)}${']'.repeat(MB)}}`), 400, -32_700);
    await refused(holding(nested(200_000)), 400, -32_700);
    const large = await world.agent.send(holding(JSON.stringify({ a: 'x'.repeat(5 * MB) })));
    expect(large.status).toBe(413);
  });

  it('just below the bounds reach the server whole', async () => {
    expect(textOf(await world.agent.send(holding(nested(98))))).toBe(nested(98));
    const text = `${'"\\'.repeat(MB / 2)}${'é'.repeat(MB / 2)}${'x'.repeat(MB / 2)}`;
    const { last } = await world.agent.call('modern_act', { text });
    expect(JSON.parse(last.result.content[0].text)).toEqual({ text });
  });

  it('of headers are bounded', async () => {
    const asked = world.peers.modern.received.length;
    for (const name of ['x-padding', 'mcp-name', 'authorization', 'mcp-session-id']) {
      const { status } = await world.agent.send(LEGACY, { headers: { [name]: 'a'.repeat(20_000) } });
      expect([name, status]).toEqual([name, 431]);
    }
    expect(world.peers.modern.received.length).toBe(asked);
  });
});
