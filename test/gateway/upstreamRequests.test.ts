import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { gateway } from '../../lib/deps/gateway.ts';
import {
  type AgentApp,
  allow,
  eventually,
  newSpace,
  registerServer,
  startAgentApp,
} from '../support/agents.ts';
import { exchange, modernMessage } from '../support/clients/wire.ts';
import { type LegacyOptions, startLegacy } from '../support/mcp/legacy.ts';
import { type McpPeer, startModern } from '../support/mcp/modern.ts';
import type { Peer } from '../support/mcp/tlsServer.ts';

let app: AgentApp;
const peers: McpPeer[] = [];

beforeAll(async () => {
  app = await startAgentApp({ CATALOGUE_REFRESH_SECONDS: '86400' });
});
afterEach(async () => {
  for (const peer of peers.splice(0)) await peer.close();
});
afterAll(() => app.stop());

/** A server that is registered. */
interface Registered<P extends Peer> {
  peer: P;
  serviceId: string;
  name: string;
}

/** Has a new space use `echo` of a server, and forgets the requests so far; what calls it, and gives the text back. */
async function spaceWith({ peer, serviceId, name }: Registered<Peer>) {
  const space = await newSpace(app);
  await allow(app, space, serviceId, ['echo']);
  peer.requests.length = 0;
  const endpoint = { url: app.url(space), token: await app.token(space) };
  return async (text = 'hello') => {
    const call = modernMessage('tools/call', { name: `${name}_echo`, arguments: { text } });
    const { result, error } = (await exchange(endpoint, call)).message;
    return (result?.content[0].text ?? error.message) as string;
  };
}

async function registered<P extends McpPeer>(peer: P): Promise<Registered<P>> {
  peers.push(peer);
  const name = `s${peer.port}`;
  return { peer, name, serviceId: await registerServer(app, name, peer.url, 'any') };
}

async function legacyWorld(options: LegacyOptions = {}) {
  const server = await registered(await startLegacy(options));
  return { ...server, server, call: await spaceWith(server) };
}

/** What arrived since it was last asked, by method, and whether within a session. */
function arrived({ requests }: Peer): string[] {
  return requests
    .splice(0)
    .map(({ method, headerNames }) => (headerNames.includes('mcp-session-id') ? method : `${method} anew`));
}

/** A handshake and one call. */
const FIRST_CALL = ['POST anew', 'POST', 'POST'];

describe('a stateless server', () => {
  it('gets one request for each call, the first one included', async () => {
    const server = await registered(await startModern());
    const call = await spaceWith(server);
    for (const text of ['one', 'two', 'three']) {
      expect(await call(text)).toBe(text);
      expect(arrived(server.peer)).toEqual(['POST anew']);
    }
  });
});

describe('a server with sessions', () => {
  it('shakes hands once, and then gets one request for each call', async () => {
    const { peer, call } = await legacyWorld();
    expect(await call()).toBe('hello');
    expect(arrived(peer)).toEqual(FIRST_CALL);
    for (const text of ['one', 'two']) {
      expect(await call(text)).toBe(text);
      expect(arrived(peer)).toEqual(['POST']);
    }
    expect(peer.sessions()).toHaveLength(1);
  });

  it('shakes hands once where it gives no id to its session', async () => {
    const { peer, call } = await legacyWorld({ stateless: true });
    for (const text of ['one', 'two', 'three']) expect(await call(text)).toBe(text);
    expect(arrived(peer)).toEqual(Array(5).fill('POST anew'));
  });

  it('shakes hands once for calls that come at the same time', async () => {
    const { peer, call } = await legacyWorld();
    const texts = Array.from({ length: 64 }, (_, index) => `text ${index}`);
    expect(await Promise.all(texts.map(call))).toEqual(texts);
    expect(arrived(peer).filter(request => request === 'POST anew')).toHaveLength(1);
    expect(peer.sessions()).toHaveLength(1);
  });

  it('has a session of its own for each space', async () => {
    const { peer, server, call } = await legacyWorld();
    const other = await spaceWith(server);
    await Promise.all([call(), other(), call(), other()]);
    expect(peer.sessions()).toHaveLength(2);
  });

  it.each([404, 400] as const)(
    'is called in a new session when it answers %d to the old one',
    async status => {
      const { peer, call } = await legacyWorld({ unknownSession: status });
      await call();
      arrived(peer);
      peer.forgetSessions();
      expect(await call('again')).toBe('again');
      const requests = arrived(peer);
      expect(requests.filter(request => request !== 'DELETE')).toEqual(['POST', ...FIRST_CALL]);
      expect(await call('and again')).toBe('and again');
      expect(arrived(peer)).toEqual(['POST']);
    },
  );

  it('shakes hands once more, however many calls find the session gone', async () => {
    const { peer, call } = await legacyWorld();
    await call();
    arrived(peer);
    peer.forgetSessions();
    const texts = Array.from({ length: 32 }, (_, index) => `text ${index}`);
    expect(await Promise.all(texts.map(call))).toEqual(texts);
    expect(arrived(peer).filter(request => request === 'POST anew')).toHaveLength(1);
    expect(peer.calls).toHaveLength(33);
  });

  it('gets a new session with a new credential, and the old one is ended', async () => {
    const { peer, serviceId, call } = await legacyWorld();
    await call();
    const [old] = peer.sessions();
    const authorizationConfig = {
      apiKey: { apiKeyName: 'key', apiKeyValue: 'another', apiKeyHeader: 'x-api-key' },
    };
    await app.call('UpdateService', { serviceId, serviceDetails: { mcpserver: { authorizationConfig } } });
    await eventually(async () => (await call()) === 'hello' && !peer.sessions().includes(old ?? ''));
    expect(peer.sessions()).toHaveLength(1);
  });

  it('has no session left when the process ends', async () => {
    const { peer, server, call } = await legacyWorld();
    const other = await spaceWith(server);
    await Promise.all([call(), other()]);
    await gateway().close();
    expect(peer.sessions()).toEqual([]);
    expect(arrived(peer).filter(request => request === 'DELETE')).toHaveLength(2);
  });
});
