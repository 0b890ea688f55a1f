import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { itemTexts, knownSecret, leaksIn } from '../security/leakCanary.ts';
import {
  type AgentApp,
  allow,
  eventually,
  newSpace,
  registerServer,
  startAgentApp,
} from '../support/agents.ts';
import { ERAS, wireAgent } from '../support/agentWire.ts';
import { advance } from '../support/clock.ts';
import { repeats, type Script, type ScriptedPeer, startScripted } from '../support/mcp/scripted.ts';
import { allItems } from '../support/table.ts';

const KEY = 'the-key-of-the-server';
const ARGUMENT = knownSecret('an argument', 'argQ5w8Zt2Lm7Yk1');
const RESULT = knownSecret('a result', 'resP4v9Xc6Hn3Dj0');

let app: AgentApp;
let peer: ScriptedPeer;
let service: string;
let space: string;
let token: { tokenId: string; value: string };

beforeAll(async () => {
  const names = ['act', 'change', 'wipe'];
  const tools = names.map(name => ({ name, inputSchema: { type: 'object' } }));
  app = await startAgentApp({ CATALOGUE_REFRESH_SECONDS: '86400', CALL_TIMEOUT_SECONDS: '2' });
  peer = await startScripted({ auth: { header: 'x-api-key', value: KEY }, tools });
  service = await registerServer(app, 'srv', peer.url, KEY);
});
afterAll(async () => {
  await app.stop();
  await peer.close();
});
beforeEach(async () => {
  peer.setScript(repeats);
  space = await newSpace(app);
  const toolDetails = [
    { name: 'change', toolClassification: 'MUTATIVE' },
    { name: 'wipe', toolClassification: 'DESTRUCTIVE' },
  ];
  await allow(app, space, service, ['act', 'change', 'wipe'], { toolDetails });
  const input = { agentSpaceId: space, name: 'night shift', scope: 'operate' };
  const { body } = await app.call('CreateAccessToken', input);
  token = { tokenId: body.accessToken.tokenId, value: body.tokenValue };
});

const agent = () => wireAgent(app, space, token.value);

/** The one record that a call left. */
async function recorded() {
  const records = await app.invocations(space);
  expect(records).toHaveLength(1);
  return records[0] as Record<string, unknown>;
}

const place = () => ({
  serviceId: service,
  serverName: 'srv',
  endpoint: peer.url,
  tokenId: token.tokenId,
  tokenName: 'night shift',
  sourceIp: '127.0.0.1',
});

const OUTCOMES: [string, string, Script, object][] = [
  ['success', 'srv_act', repeats, { outcome: 'success', tool: 'act' }],
  ['success', 'srv_change', repeats, { outcome: 'success', tool: 'change' }],
  ['tool-error', 'srv_act', call => call.result({ content: [], isError: true }), { outcome: 'tool-error' }],
  ['failed', 'srv_act', call => call.json({}, 500), { outcome: 'failed', errorCode: 'HTTP_SERVER_ERROR' }],
  ['failed', 'srv_act', () => {}, { outcome: 'failed', errorCode: 'CALL_TIMED_OUT' }],
  [
    'failed',
    'srv_act',
    call => call.json({ error: { code: -32_050, message: 'No.' } }),
    { outcome: 'failed', errorCode: '-32050', errorMessage: 'No.' },
  ],
];

describe('one call leaves one record', () => {
  it.each(OUTCOMES)('of outcome %s (%s, %#)', async (_, name, script, expected) => {
    peer.setScript(script);
    const { headers } = await agent().call(name);
    expect(await recorded()).toMatchObject({
      ...place(),
      ...expected,
      visibleName: name,
      requestId: headers['x-amzn-requestid'],
      durationMs: expect.any(Number),
    });
  });

  it('of outcome refused, where the space is disabled, the server not there, or headers say something else', async () => {
    const change = async (state: string) => {
      const { error } = await app.call('UpdateAgentSpace', { agentSpaceId: space, state });
      expect(error).toBeUndefined();
    };
    const asked = peer.of('tools/call').length;
    await agent().call('srv_act', {}, { headers: { 'mcp-name': 'srv_change' } });
    await wireAgent(app, space, token.value, 'other').call('act');
    await change('DISABLED');
    advance(5_000);
    for (const method of ['tools/list', 'tools/call']) await agent().request(method, { name: 'srv_act' });
    await agent().send('no JSON');
    await change('ENABLED');
    const records = await app.invocations(space);
    const told = records.map(({ visibleName, outcome, errorCode }) => [visibleName, outcome, errorCode]);
    expect(told).toEqual([
      ['srv_act', 'refused', '-32020'],
      ['act', 'refused', 'NO_SUCH_SERVER'],
      ['srv_act', 'refused', 'SPACE_DISABLED'],
    ]);
    expect(peer.of('tools/call')).toHaveLength(asked);
  });

  it.each(['srv_wipe', 'srv_nothing', 'nothing'])(
    'of outcome refused, which names no server (%s)',
    async name => {
      await agent().call(name);
      const record = await recorded();
      expect(record).toMatchObject({
        outcome: 'refused',
        visibleName: name,
        errorCode: '-32602',
        tokenId: token.tokenId,
      });
      for (const member of ['serviceId', 'endpoint', 'tool', 'serverName']) {
        expect(record).not.toHaveProperty(member);
      }
    },
  );

  it('of outcome cancelled, when the agent hangs up', async () => {
    const gone = new AbortController();
    peer.setScript(() => gone.abort());
    await agent().leave('srv_act', gone.signal);
    const record = await eventually(async () => (await app.invocations(space))[0]);
    expect(record).toMatchObject({ ...place(), outcome: 'cancelled', errorCode: 'CALL_CANCELLED' });
  });

  it('of outcome cancelled, when the agent says so in the way of its protocol', async () => {
    const cancel = JSON.stringify({
      jsonrpc: '2.0',
      method: 'notifications/cancelled',
      params: { requestId: 7 },
    });
    const headers = { 'mcp-session-id': 'mine' };
    peer.setScript(() => void agent().send(cancel, { headers }));
    const { last } = await agent().call('srv_act', {}, { era: 'legacy', id: 7, headers });
    expect(last.error.data).toMatchObject({ code: 'CALL_CANCELLED' });
    expect(await recorded()).toMatchObject({ outcome: 'cancelled' });
  });

  it('also where it was sent twice', async () => {
    let first = true;
    peer.setScript(call => {
      if (!first) return call.result();
      first = false;
      call.request.socket.destroy();
    });
    // Only what reads is.
    await app.call('AssociateService', {
      agentSpaceId: space,
      serviceId: service,
      configuration: { mcpserver: { tools: ['act'] } },
    });
    await agent().call('srv_act');
    expect(await recorded()).toMatchObject({ outcome: 'success' });
  });
});

it('nobody cancels the call of another session, token or id', async () => {
  const other = await app.token(space);
  const body = (requestId: unknown) =>
    JSON.stringify({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId } });
  peer.setScript(async call => {
    await agent().send(body(7), { headers: { 'mcp-session-id': 'another' } });
    await agent().send(body(7));
    await agent().send(body('7'), { headers: { 'mcp-session-id': 'mine' } });
    await wireAgent(app, space, other).send(body(7), { headers: { 'mcp-session-id': 'mine' } });
    call.result();
  });
  const headers = { 'mcp-session-id': 'mine' };
  const { last } = await agent().call('srv_act', {}, { era: 'legacy', id: 7, headers });
  expect(last.result).toBeDefined();
});

it('holds neither arguments nor results', async () => {
  const content = [{ type: 'text', text: RESULT.value }];
  const scripts: Script[] = [
    call => call.result({ content }),
    call => call.result({ content, isError: true }),
    call => call.json({ jsonrpc: '2.0', id: 0, result: { content } }),
  ];
  for (const script of scripts) {
    peer.setScript(script);
    for (const era of ERAS) await agent().call('srv_act', { text: ARGUMENT.value }, { era });
    await agent().call('srv_nothing', { [ARGUMENT.value]: ARGUMENT.value });
  }
  expect(peer.received.at(-1)?.raw).toContain(ARGUMENT.value);
  const records = await app.invocations(space);
  expect(records).toHaveLength(9);
  const items = itemTexts(await allItems(app.engine.client, app.engine.tableName));
  expect(items.some(({ content: text }) => text.includes('srv_nothing'))).toBe(true);
  expect(items.flatMap(item => leaksIn(item.place, item.content, [ARGUMENT, RESULT]))).toEqual([]);
});
