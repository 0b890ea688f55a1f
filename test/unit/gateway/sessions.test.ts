import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Egress } from '../../../lib/egress/types.ts';
import { SESSION_IDLE_MS } from '../../../lib/gateway/limits.ts';
import {
  createSessions,
  postInSession,
  type Session,
  type Sessions,
} from '../../../lib/gateway/upstream/sessions.ts';
import type { Upstream } from '../../../lib/gateway/upstream/types.ts';
import { staticAuthorizer } from '../../../lib/mcp/authorizer.ts';
import { loopbackEgress } from '../../flows/validationSupport.ts';
import { type LegacyPeer, startLegacy } from '../../support/mcp/legacy.ts';

let egress: Egress;
let peer: LegacyPeer;
let sessions: Sessions;
let now = 0;

beforeAll(async () => {
  egress = await loopbackEgress();
});
beforeEach(async () => {
  now = Date.parse('2026-11-25T00:00:00Z');
  peer = await startLegacy();
  sessions = createSessions(() => now);
});
afterEach(() => peer.close());
afterAll(() => egress.close());

const signal = new AbortController().signal;

const upstream = (agentSpaceId: string): Upstream => ({
  accountId: '111122223333',
  agentSpaceId,
  serviceId: 'mcpserver-1',
  version: 1,
  endpoint: peer.url,
  verdict: undefined,
  authorizer: staticAuthorizer({}),
  egress,
  bounds: {
    maxResponseBytes: 1_000_000,
    headersTimeoutMs: 10_000,
    bodyIdleTimeoutMs: 10_000,
  } as Upstream['bounds'],
});

const use = (agentSpaceId: string, work: (session: Session) => Promise<unknown> = async () => {}) =>
  sessions.use(upstream(agentSpaceId), signal, work);

it('ends sessions that nobody has used for a while, and no others', async () => {
  await use('idle');
  const [idle = ''] = peer.sessions();
  now += SESSION_IDLE_MS - 1;
  await use('in-use');
  await sessions.end();
  expect(peer.sessions()).toHaveLength(2);
  now += 1;
  await sessions.end();
  expect(peer.sessions()).toHaveLength(1);
  expect(peer.sessions()).not.toContain(idle);
});

it('counts from the end of the last use', async () => {
  await use('slow', async () => {
    now += 10 * SESSION_IDLE_MS;
  });
  await sessions.end();
  expect(peer.sessions()).toHaveLength(1);
});

it('ends a session that is in use only when that is over', async () => {
  const { promise: working, resolve: finish } = Promise.withResolvers<void>();
  const started = Promise.withResolvers<void>();
  const call = use('busy', () => {
    started.resolve();
    return working;
  });
  await started.promise;
  now += SESSION_IDLE_MS;
  await sessions.end();
  expect(peer.sessions()).toHaveLength(1);
  finish();
  await call;
  await sessions.end(true);
  expect(peer.sessions()).toEqual([]);
});

it('ends all of them where there is no later', async () => {
  await Promise.all([use('one'), use('two'), use('three')]);
  expect(peer.sessions()).toHaveLength(3);
  await sessions.end(true);
  expect(peer.sessions()).toEqual([]);
});

it('tries anew where a handshake failed', async () => {
  await peer.close();
  await expect(use('early')).rejects.toMatchObject({ code: 'ENDPOINT_UNREACHABLE' });
  peer = await startLegacy({ port: peer.port });
  await use('early');
  expect(peer.sessions()).toHaveLength(1);
});

/** Asks for something in a session. Fails as a call does which the server turns away. */
const ask = (agentSpaceId: string, first = () => {}) =>
  use(agentSpaceId, async session => {
    first();
    const message = { jsonrpc: '2.0', id: 1, method: 'tools/list' };
    const { status, body } = await postInSession(upstream(agentSpaceId), session, message, signal);
    body.cancel();
    if (status !== 200) throw new Error(`HTTP ${status}`);
  });

it('begins another for whoever comes to one that the server has forgotten', async () => {
  await ask('early');
  peer.forgetSessions();
  await Promise.all([ask('early'), ask('early'), ask('early')]);
  expect(peer.sessions()).toHaveLength(1);
});

it('begins another after one that the server has forgotten before anything was served in it', async () => {
  await expect(use('early', () => Promise.reject(new Error('not served')))).rejects.toThrow('not served');
  peer.forgetSessions();
  await ask('early');
  expect(peer.sessions()).toHaveLength(1);
});

it('tries once in a session that it has just begun, and begins another next time', async () => {
  await expect(ask('unlucky', () => peer.forgetSessions())).rejects.toThrow('HTTP 404');
  await ask('unlucky');
  expect(peer.sessions()).toHaveLength(1);
});
