import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AgentApp, allow, newSpace, registerServer, startAgentApp } from '../support/agents.ts';
import { ERAS, textOf, type WireAgent, wireAgent } from '../support/agentWire.ts';
import { type McpPeer, startModern } from '../support/mcp/modern.ts';
import { DEFAULT_TOOLS } from '../support/mcp/toolShelf.ts';

const KEY = 'the-key-of-the-server';
const named = (...names: string[]) => names.map(name => ({ ...DEFAULT_TOOLS[0], name }));

let app: AgentApp;
let peer: McpPeer;
let other: McpPeer;
let space: string;
let token: string;
let agent: WireAgent;

beforeAll(async () => {
  const auth = { header: 'x-api-key', value: KEY };
  [app, peer, other] = await Promise.all([
    startAgentApp({ CATALOGUE_REFRESH_SECONDS: '86400' }),
    startModern({ auth, tools: named('echo', 'c_d', 'secret') }),
    startModern({ auth, tools: named('d', '_d', 'echo') }),
  ]);
  space = await newSpace(app);
  await allow(app, space, await registerServer(app, 'srv', peer.url, KEY), ['echo', 'c_d']);
  await allow(app, space, await registerServer(app, 'srv-c', other.url, KEY), ['d', '_d', 'echo']);
  token = await app.token(space);
  agent = wireAgent(app, space, token);
});
afterAll(async () => {
  await app.stop();
  await Promise.all([peer.close(), other.close()]);
});

const ESCAPE = '\u001b';

/** Names that are not `srv_echo`, however much they look like it, and keys that every object has. */
const LOOK_ALIKES = [
  'SRV_echo',
  'srv_Echo',
  'Srv_ECHO',
  'srv_\u0435cho',
  'srv_ech\u043e',
  'ѕrv_echo',
  'srv\uff3fecho',
  'srv_e\u0301cho',
  'srv_echo\u200b',
  '\ufeffsrv_echo',
  'srv_\u202eohce',
  'srv_echo ',
  ' srv_echo',
  '\tsrv_echo',
  'srv_echo\n',
  'srv_echo\r\nX-Injected: 1',
  'srv_echo\u0000',
  'srv_echo\u0000.txt',
  'srv%5Fecho',
  'srv_%65cho',
  'srv_echo%00',
  'srv_ech\\u006f',
  '&#115;rv_echo',
  '=?base64?c3J2X2VjaG8=?=',
  'srv__echo',
  'srv-echo',
  'srv.echo',
  'srv/echo',
  'srv:echo',
  '/srv_echo',
  '../srv_echo',
  'srv_../srv_echo',
  'srv_*',
  '*',
  'srv_',
  '_echo',
  'srv',
  '',
  'srv_secret',
  'srv_srv_echo',
  '__proto__',
  'constructor',
  'toString',
  'srv___proto__',
  `${ESCAPE}[31msrv_echo`,
  'srv_echo'.padEnd(100_000, 'x'),
  `${'srv_'.repeat(20_000)}echo`,
];

describe.each(ERAS)('in the %s era', era => {
  it.each(LOOK_ALIKES.map(name => [name.slice(0, 40)] as const).map(([shown], n) => [n, shown] as const))(
    'name %i (%j) leads to no tool',
    async n => {
      const name = LOOK_ALIKES[n] as string;
      const asked = [peer.requests.length, other.requests.length];
      const { status, last, text } = await agent.call(name, { text: 'a' }, fits(name, era));
      expect(status).toBe(200);
      expect(last.error.code).toBe(-32_602);
      expect(last.error.message).toMatch(/^Unknown tool: [^\p{Cc}\p{Cf}]{0,129}$/u);
      expect(text.length).toBeLessThan(1_000);
      expect([peer.requests.length, other.requests.length]).toEqual(asked);
    },
  );
});

/** More than 16 KB of headers are refused before they are read. */
function fits(name: string, era: (typeof ERAS)[number]) {
  return name.length < 10_000 ? { era } : { era: 'legacy' as const };
}

describe('names of servers and tools', () => {
  it('lead where the name of the server ends, and nowhere else', async () => {
    const calls: [string, McpPeer, string][] = [
      ['srv_echo', peer, 'echo'],
      ['srv_c_d', peer, 'c_d'],
      ['srv-c_d', other, 'd'],
      ['srv-c__d', other, '_d'],
      ['srv-c_echo', other, 'echo'],
    ];
    for (const [name, server, tool] of calls) {
      expect(textOf(await agent.call(name, { text: name }))).toBe(name);
      expect(server.calls.at(-1)).toEqual({ name: tool, arguments: { text: name } });
    }
    expect(await agent.names()).toEqual(['srv-c__d', 'srv-c_d', 'srv-c_echo', 'srv_c_d', 'srv_echo']);
  });

  it.each(['srv_c', 'SRV_d', 'Srv_C_x', 'srv-c_d'])(
    'cannot be told apart beside %s: it is not connected',
    async name => {
      const serviceId = await registerServer(app, name, peer.url, KEY);
      const configuration = { mcpserver: { tools: ['*'] } };
      const { error } = await app.call('AssociateService', { agentSpaceId: space, serviceId, configuration });
      expect(error).toBe('ConflictException');
    },
  );
});

describe('paths', () => {
  const at = (rest: string) => `/v1/agentspaces/${space}/mcp${rest}`;

  it('of one server lead to it in any case, and with a slash behind', async () => {
    for (const rest of ['/srv', '/SRV', '/srv/']) {
      expect(textOf(await agent.call('echo', { text: 'a' }, { path: at(rest) }))).toBe('a');
    }
  });

  it('in any other spelling lead nowhere', async () => {
    const asked = peer.requests.length;
    const none = ['/other', '/srv-', '/srv_c', '/echo', '/srv_echo'];
    for (const rest of none) {
      expect([rest, (await agent.call('echo', {}, { path: at(rest) })).status]).toEqual([rest, 404]);
    }
    const others = [
      ...['/%73rv', '//srv', '/srv/echo', '/srv/..', '/./srv', '/srv%2f', '/srv%00', '/srv;a=b', '/srv%20'],
      ...['/../mcp/srv#', `/${'s'.repeat(65)}`],
    ].map(at);
    const spaces = [
      `/v1/agentspaces/%2e%2e/${space}/mcp`,
      `//v1/agentspaces/${space}/mcp`,
      `/v1/agentspaces//mcp`,
    ];
    for (const path of [...others, ...spaces, at('').toUpperCase(), at('').replace('/v1', '/V1')]) {
      const { status, text } = await agent.call('echo', {}, { path });
      expect([path, status >= 400 && status < 500]).toEqual([path, true]);
      expect(text).not.toContain('"result"');
    }
    expect(peer.requests.length).toBe(asked);
  });
});

it('what agents ask for is told without what a terminal would obey', async () => {
  const invocations = await app.invocations(space);
  const names = invocations.map(({ visibleName }) => String(visibleName));
  expect(names.length).toBeGreaterThan(50);
  for (const name of names) expect(name).toMatch(/^[^\p{Cc}\p{Cf}]{0,257}$/u);
});
