import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { meterStore, type StoreMeter } from '../../bench/support/storeMeter.ts';
import { type AgentApp, allow, newSpace, registerServer, startAgentApp } from '../support/agents.ts';
import { type AgentAnswer, ERAS, textOf, wireAgent } from '../support/agentWire.ts';
import { standingStill } from '../support/clock.ts';
import { type McpPeer, startModern } from '../support/mcp/modern.ts';
import { DEFAULT_TOOLS } from '../support/mcp/toolShelf.ts';

const KEY = 'the-key-of-the-server';
const TOOLS = ['echo', 'write_note', 'wipe', 'report'];
const CLASSES = [
  { name: 'wipe', toolClassification: 'DESTRUCTIVE' },
  { name: 'report', toolClassification: 'MUTATIVE' },
];

let app: AgentApp;
let peer: McpPeer;
let space: string;
let meter: StoreMeter;
const tokens: Record<'read' | 'operate', string> = { read: '', operate: '' };

beforeAll(async () => {
  const auth = { header: 'x-api-key', value: KEY };
  const more = ['wipe', 'report'].map(name => ({ ...DEFAULT_TOOLS[0], name }));
  const tools = [...DEFAULT_TOOLS, ...more].map(tool => ({ ...tool, _meta: { say: 'anything' } }));
  [app, peer] = await Promise.all([
    startAgentApp({ CATALOGUE_REFRESH_SECONDS: '86400' }),
    startModern({ auth, tools }),
  ]);
  meter = meterStore(app.deps.store, { capacity: false });
  space = await newSpace(app);
  const service = await registerServer(app, 'srv', peer.url, KEY);
  await allow(app, space, service, TOOLS, { toolDetails: CLASSES });
  tokens.read = await app.token(space, 'read');
  tokens.operate = await app.token(space, 'operate');
});
afterAll(async () => {
  await app.stop();
  await peer.close();
});

const agent = (scope: 'read' | 'operate', server?: string) => wireAgent(app, space, tokens[scope], server);

/** Everything of an answer that may not tell one name from another. */
function shape({ status, headers, text }: AgentAnswer, name: string) {
  const { date: _, 'x-amzn-requestid': __, 'content-length': ___, ...kept } = headers;
  return { status, headers: kept, text: text.replaceAll(name, '<name>') };
}

/** Reads of the store and requests to the server that `work` takes. */
async function cost(work: () => Promise<unknown>) {
  const before = peer.requests.length;
  const { use } = await meter.measure(work);
  // What is written is written beside the answer.
  const reads = use.requests.filter(request => /Get|Query|Scan/.test(request));
  return { reads, requests: peer.requests.length - before };
}

describe('a list', () => {
  it('shows what the scope of the token may call, and nothing that is destructive', async () => {
    expect(await agent('read').names()).toEqual(['srv_echo']);
    expect(await agent('operate').names()).toEqual(['srv_echo', 'srv_report', 'srv_write_note']);
    expect(await agent('operate', 'srv').names()).toEqual(['echo', 'report', 'write_note']);
  });

  it('shows definitions as they were confirmed, without what no fingerprint covers', async () => {
    const { last } = await agent('read').request('tools/list');
    expect(last.result.tools).toEqual([{ ...DEFAULT_TOOLS[0], name: 'srv_echo' }]);
  });
});

describe.each(ERAS)('an agent of the %s era', era => {
  it('calls what it is shown', async () => {
    const asked = peer.calls.length;
    expect(textOf(await agent('read').call('srv_echo', { text: 'a' }, { era }))).toBe('a');
    expect(textOf(await agent('operate').call('srv_report', { text: 'b' }, { era }))).toBe('b');
    expect(textOf(await agent('operate', 'srv').call('echo', { text: 'c' }, { era }))).toBe('c');
    expect(peer.calls.slice(asked).map(({ name }) => name)).toEqual(['echo', 'report', 'echo']);
  });

  it.each([
    ['a tool that was not allowed', 'operate', 'srv_add'],
    ['a destructive tool', 'operate', 'srv_wipe'],
    ['a mutative tool with a token that reads', 'read', 'srv_report'],
    ['a tool that declares writes, with a token that reads', 'read', 'srv_write_note'],
    ['the tool of another server', 'operate', 'other_echo'],
    ['a bare name', 'operate', 'echo'],
  ] as const)('gets for %s the answer of an unknown name, at the same cost', async (_, scope, name) => {
    const caller = agent(scope);
    const unknown = 'srv_nothing';
    const answers: AgentAnswer[] = [];
    const costs = await standingStill(async () => {
      await caller.call('srv_echo', { text: 'warm' }, { era });
      const call = async (asked: string) =>
        void answers.push(await caller.call(asked, { text: 'x' }, { era }));
      return [await cost(() => call(name)), await cost(() => call(unknown))];
    });
    const [refused, absent] = answers as [AgentAnswer, AgentAnswer];
    expect(shape(refused, name)).toEqual(shape(absent, unknown));
    expect(refused.last).toEqual({
      jsonrpc: '2.0',
      id: 1,
      error: { code: -32_602, message: `Unknown tool: ${name}` },
    });
    expect(costs).toEqual([
      { reads: [], requests: 0 },
      { reads: [], requests: 0 },
    ]);
  });

  it('gets the same at the endpoint of one server, where names have no prefix', async () => {
    for (const name of ['add', 'wipe', 'srv_echo', 'nothing']) {
      const { last } = await agent('operate', 'srv').call(name, {}, { era });
      expect(last.error).toEqual({ code: -32_602, message: `Unknown tool: ${name}` });
    }
  });
});

it('takes no cursor that it did not give', async () => {
  for (const era of ERAS) {
    for (const cursor of ['1', '', 'srv_echo', 'x'.repeat(5_000), 5, null, ['1']]) {
      const { last } = await agent('operate').request('tools/list', { cursor }, { era });
      expect([cursor, last.error.code]).toEqual([cursor, -32_602]);
    }
  }
});
