import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AgentApp, type OneServerSpace, openSpace, startAgentApp } from '../support/agents.ts';
import { exchange, legacyMessage, modernMessage, type WireAnswer } from '../support/clients/wire.ts';
import { startLegacy } from '../support/mcp/legacy.ts';
import { type McpPeer, startModern } from '../support/mcp/modern.ts';
import { type ScriptedPeer, startScripted } from '../support/mcp/scripted.ts';
import type { ToolAct } from '../support/mcp/toolShelf.ts';

let app: AgentApp;

beforeAll(async () => {
  app = await startAgentApp();
});
afterAll(() => app.stop());

const tools = [
  {
    name: 'work',
    description: 'Tells of its work.',
    inputSchema: { type: 'object' },
    annotations: { readOnlyHint: true },
  },
];

/** Tells who it works for in each notification, while others do the same. */
const work: ToolAct = async ({ who }, { meta, notify, log }) => {
  const { progressToken } = meta;
  for (const progress of [1, 2, 3]) {
    await new Promise(setImmediate);
    if (progressToken !== undefined) {
      await notify('notifications/progress', { progressToken, progress, message: who });
    }
    await log('info', who);
  }
  return { content: [{ type: 'text', text: String(who) }] };
};

const paramsOf = ({ messages }: WireAnswer, name: string) =>
  messages.flatMap(({ method, params }) => (method === `notifications/${name}` ? [params] : []));

const SERVERS = { modern: startModern, legacy: startLegacy };
const AGENTS = { '2026-07-28': modernMessage, '2025-11-25': legacyMessage };
const LOGS = { 'io.modelcontextprotocol/logLevel': 'info' };

describe.each(Object.entries(SERVERS))('what a %s server tells ahead of results', (era, start) => {
  let peer: McpPeer;
  let open: OneServerSpace;

  beforeAll(async () => {
    peer = await start({ tools, acts: { work } });
    open = await openSpace(app, peer, ['work']);
  });
  afterAll(() => peer.close());

  const call = (agent: keyof typeof AGENTS, who: string, _meta: object = {}) => {
    const params = { name: `${open.name}_work`, arguments: { who }, _meta };
    return exchange(open.endpoint, AGENTS[agent]('tools/call', params, 1));
  };

  it('reaches the agent that it is for, though all use one token and one id', async () => {
    const callers = Array.from({ length: 24 }, (_, index) => `agent ${index}`);
    const answers = await Promise.all(
      callers.map((who, index) => {
        const agent = index % 2 === 0 ? '2026-07-28' : '2025-11-25';
        return call(agent, who, { ...LOGS, progressToken: 'the-same' });
      }),
    );
    for (const [index, answer] of answers.entries()) {
      const who = callers[index];
      expect(paramsOf(answer, 'progress')).toEqual(
        [1, 2, 3].map(progress => ({ progressToken: 'the-same', progress, message: who })),
      );
      expect(paramsOf(answer, 'message').map(({ data }) => data)).toEqual([who, who, who]);
      expect(answer.message.result.content[0].text).toBe(who);
    }
  });

  it.each(['2026-07-28', '2025-11-25'] as const)(
    'is no progress for an agent of %s that did not ask',
    async agent => {
      expect(paramsOf(await call(agent, 'quiet'), 'progress')).toEqual([]);
    },
  );

  it.each([7, 'seven', 0, ''])('comes under the token %j of the agent', async progressToken => {
    const [told] = paramsOf(await call('2026-07-28', 'any', { progressToken }), 'progress');
    expect(told.progressToken).toBe(progressToken);
  });

  it('is log messages for agents of an earlier protocol, and for those of today that ask for them', async () => {
    expect(paramsOf(await call('2025-11-25', 'early'), 'message')).toHaveLength(3);
    expect(paramsOf(await call('2026-07-28', 'asks', LOGS), 'message')).toHaveLength(3);
    expect(paramsOf(await call('2026-07-28', 'quiet'), 'message')).toEqual([]);
  });

  it.runIf(era === 'modern')('is no log message below the level that an agent asks for', async () => {
    const level = { 'io.modelcontextprotocol/logLevel': 'error' };
    expect(paramsOf(await call('2026-07-28', 'strict', level), 'message')).toEqual([]);
  });
});

describe.each(['modern', 'legacy'] as const)('what a %s server should not tell', era => {
  let peer: ScriptedPeer;
  let open: OneServerSpace;

  beforeAll(async () => {
    peer = await startScripted({ era });
    open = await openSpace(app, peer, ['act']);
  });
  afterAll(() => peer.close());

  it('goes no further: progress of other calls, and notifications of other kinds', async () => {
    const progress = (progressToken: unknown) => ({
      jsonrpc: '2.0',
      method: 'notifications/progress',
      params: { progressToken, progress: 1 },
    });
    peer.setScript(call => {
      const { progressToken } = call.body.params._meta;
      call.events([
        progress(progressToken + 1),
        progress('mine'),
        progress(undefined),
        { jsonrpc: '2.0', method: 'notifications/resources/updated', params: { uri: 'file:///x' } },
        { jsonrpc: '2.0', method: 'notifications/tools/list_changed' },
        progress(progressToken),
        { result: { content: [] } },
      ]);
    });
    const params = { name: `${open.name}_act`, _meta: { progressToken: 'mine' } };
    const { messages } = await exchange(open.endpoint, modernMessage('tools/call', params));
    expect(messages).toMatchObject([
      { method: 'notifications/progress', params: { progressToken: 'mine', progress: 1 } },
      { id: 1, result: { content: [] } },
    ]);
  });
});
