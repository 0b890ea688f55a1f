import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AgentApp, allow, newSpace, registerServer, startAgentApp } from '../support/agents.ts';
import { textOf, type WireAgent, wireAgent } from '../support/agentWire.ts';
import { apiKeyRegistration } from '../support/app.ts';
import { type McpPeer, modernListener, startModern } from '../support/mcp/modern.ts';
import { type Peer, startTlsServer } from '../support/mcp/tlsServer.ts';

const KEY = 'the-key-of-the-server';
const CONSOLE = 'https://console.example.com';

let app: AgentApp;
let peer: McpPeer;
let space: string;
let token: string;
let agent: WireAgent;

beforeAll(async () => {
  [app, peer] = await Promise.all([
    startAgentApp({ CATALOGUE_REFRESH_SECONDS: '86400', CONSOLE_ORIGINS: CONSOLE }),
    startModern({ auth: { header: 'x-api-key', value: KEY } }),
  ]);
  space = await newSpace(app);
  await allow(app, space, await registerServer(app, 'srv', peer.url, KEY), ['echo']);
  token = await app.token(space);
  agent = wireAgent(app, space, token);
});
afterAll(async () => {
  await app.stop();
  await peer.close();
});

const echo = (headers: Record<string, string | undefined>) =>
  agent.call('srv_echo', { text: 'a' }, { headers });

describe('a page in a browser', () => {
  it.each([
    'https://evil.example',
    'null',
    'https://console.example.com.evil.example',
    'https://console.example.com:444',
    'http://console.example.com',
    'https://CONSOLE.example.com',
    'file://',
    '',
    `${CONSOLE}, https://evil.example`,
  ])('may not call from the origin %j', async origin => {
    const asked = peer.requests.length;
    const answer = await echo({ origin });
    expect(answer).toMatchObject({ status: 403, last: { error: { data: { code: 'ORIGIN_NOT_ALLOWED' } } } });
    expect(Object.keys(answer.headers).filter(name => name.startsWith('access-control'))).toEqual([]);
    expect(peer.requests.length).toBe(asked);
  });

  it('may from the console', async () => {
    expect(textOf(await echo({ origin: CONSOLE }))).toBe('a');
  });

  it.each(['evil.example', `evil.example:80`, '', 'localhost.evil.example', undefined])(
    'may not under the name %j (DNS rebinding)',
    async host => {
      const asked = peer.requests.length;
      expect((await echo({ host })).status).toBe(403);
      expect(peer.requests.length).toBe(asked);
    },
  );

  it('may not under two names', async () => {
    const answer = await agent.call('srv_echo', {}, { lines: [['host', 'evil.example']] });
    expect([400, 403]).toContain(answer.status);
  });

  it('cannot send a call as a form or as text, which it could do without asking', async () => {
    const asked = peer.requests.length;
    const types = [
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data',
      'application/jsonp',
      undefined,
    ];
    for (const type of types) {
      for (const era of ['modern', 'legacy'] as const) {
        const headers = { 'content-type': type };
        expect([type, (await agent.call('srv_echo', {}, { era, headers })).status]).toEqual([type, 415]);
      }
    }
    expect(peer.requests.length).toBe(asked);
  });
});

describe('methods other than POST', () => {
  it.each(['GET', 'DELETE', 'PUT', 'PATCH', 'OPTIONS', 'HEAD', 'PROPFIND'])('%s is refused', async method => {
    const asked = peer.requests.length;
    const answer = await agent.send('', { method });
    expect([answer.status, answer.headers.allow]).toEqual([405, 'POST']);
    const claimed = { 'x-http-method-override': 'POST', 'x-method-override': 'POST' };
    expect((await agent.call('srv_echo', {}, { method, headers: claimed })).status).toBe(405);
    expect(peer.requests.length).toBe(asked);
  });

  it('what is not accepted is not answered with', async () => {
    const asked = peer.requests.length;
    for (const accept of ['application/json', 'text/event-stream', 'text/html', undefined]) {
      const { status } = await agent.call('srv_echo', {}, { era: 'legacy', headers: { accept } });
      expect([accept, status]).toEqual([accept, 406]);
    }
    expect(peer.requests.length).toBe(asked);
  });
});

describe('a Switchboard behind a Switchboard', () => {
  /** Another name for whatever `target` is at the moment. */
  async function alias(target: { listener?: ReturnType<typeof modernListener>['listener'] }): Promise<Peer> {
    return startTlsServer((request, response) => {
      if (target.listener) return target.listener(request, response);
      const { method, headers } = request;
      const path = new URL(app.url(space)).pathname;
      const host = `127.0.0.1:${app.port}`;
      const own = { ...headers, host, authorization: `Bearer ${token}` };
      const onward = httpRequest({ port: app.port, method, path, headers: own }, answer => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      });
      request.pipe(onward);
    });
  }

  it('says so to whatever comes through another one', async () => {
    const answer = await echo({ 'x-switchboard-hop': '1' });
    expect(answer).toMatchObject({ status: 403, last: { error: { data: { code: 'LOOP' } } } });
  });

  it('cannot be registered under another name', async () => {
    const peer = await alias({});
    const { error, body } = await app.call('RegisterService', apiKeyRegistration('loop', peer.url, KEY));
    expect([error, JSON.stringify(body)]).toEqual([
      'ValidationException',
      expect.stringContaining('HTTP 403'),
    ]);
    await peer.close();
  });

  it('is not gone through when a registered server becomes one', async () => {
    const target: Parameters<typeof alias>[0] = modernListener();
    const server = await alias(target);
    const other = await newSpace(app);
    await allow(app, other, await registerServer(app, 'turncoat', server.url, KEY), ['echo']);
    const caller = wireAgent(app, other, await app.token(other));
    expect(textOf(await caller.call('turncoat_echo', { text: 'a' }))).toBe('a');
    delete target.listener;
    const asked = [server.requests.length, peer.requests.length];
    const { last } = await caller.call('turncoat_echo', { text: 'a' });
    expect(last.error).toMatchObject({ code: -32_000, data: { server: 'turncoat' } });
    expect([server.requests.length - 1, peer.requests.length]).toEqual(asked);
    await server.close();
  });
});
