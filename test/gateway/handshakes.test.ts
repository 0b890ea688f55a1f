import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AgentApp, openSpace, startAgentApp } from '../support/agents.ts';
import type { Endpoint } from '../support/clients/agentClient.ts';
import { v1Client, v2Client } from '../support/clients/sdk.ts';
import { exchange, legacyMessage, modernMessage } from '../support/clients/wire.ts';
import { type McpPeer, startModern } from '../support/mcp/modern.ts';

let app: AgentApp;
let peer: McpPeer;
let endpoint: Endpoint;
let name: string;

beforeAll(async () => {
  [app, peer] = await Promise.all([startAgentApp(), startModern()]);
  ({ endpoint, name } = await openSpace(app, peer, ['echo']));
});
afterAll(async () => {
  await app.stop();
  await peer.close();
});

const CLIENTS = {
  '2026-07-28': () => v2Client(endpoint, 'auto'),
  '2025-11-25': () => v2Client(endpoint, 'legacy'),
  'the v1 SDK': () => v1Client(endpoint),
};

describe.each(Object.entries(CLIENTS))('a client of %s', (version, connect) => {
  it('learns who answers, and that there are tools and nothing else', async () => {
    const client = await connect();
    expect(client.getServerVersion()).toMatchObject({ name: 'switchboard', title: 'Switchboard' });
    expect(client.getServerCapabilities()).toEqual({ logging: {}, tools: {} });
    if ('getNegotiatedProtocolVersion' in client) {
      expect(client.getNegotiatedProtocolVersion()).toBe(version);
    }
    await client.close();
  });

  it.skipIf(version === '2026-07-28')('is answered when it pings', async () => {
    const client = await connect();
    expect(await client.ping()).toEqual({});
    await client.close();
  });
});

const NOT_OFFERED = ['resources/list', 'prompts/list', 'completion/complete', 'no/such'];

it.each(NOT_OFFERED)('has no %s', async method => {
  for (const message of [modernMessage(method), legacyMessage(method, {}, 1)]) {
    expect((await exchange(endpoint, message)).message.error.code).toBe(-32_601);
  }
});

it('has no stream outside of requests, which would never end', async () => {
  const { status, message } = await exchange(endpoint, modernMessage('subscriptions/listen'));
  expect(status).toBe(404);
  expect(message.error.code).toBe(-32_601);
});

it.each(['GET', 'DELETE'])('answers %s with 405: there is no stream and no session', async method => {
  const headers = { authorization: `Bearer ${endpoint.token}`, accept: 'text/event-stream' };
  const response = await fetch(endpoint.url, { method, headers });
  expect(response.status).toBe(405);
  expect(response.headers.get('allow')).toBe('POST');
});

const initialize = (protocolVersion: string) => {
  const clientInfo = { name: 'test', version: '1' };
  return exchange(
    endpoint,
    legacyMessage('initialize', { protocolVersion, capabilities: {}, clientInfo }, 0),
  );
};

describe('the earlier protocols', () => {
  it.each(['2025-11-25', '2025-06-18', '2025-03-26'])('speaks %s', async version => {
    const { message } = await initialize(version);
    expect(message.result).toMatchObject({ protocolVersion: version, serverInfo: { name: 'switchboard' } });
    const call = legacyMessage('tools/call', { name: `${name}_echo`, arguments: { text: version } }, 1);
    const called = await exchange(endpoint, { ...call, headers: { 'mcp-protocol-version': version } });
    expect(called.message.result.content[0].text).toBe(version);
  });

  it('gives each client a session id that carries no state', async () => {
    const [one, other] = [await initialize('2025-11-25'), await initialize('2025-11-25')];
    const id = one.headers.get('mcp-session-id');
    expect(id).toMatch(/^[\x21-\x7e]{16,}$/);
    expect(other.headers.get('mcp-session-id')).not.toBe(id);
    const { body } = legacyMessage('ping', {}, 1);
    expect((await exchange(endpoint, { body, headers: { 'mcp-session-id': 'never-given' } })).status).toBe(
      200,
    );
  });

  it('takes notifications without a word', async () => {
    const { status, text } = await exchange(endpoint, legacyMessage('notifications/initialized'));
    expect({ status, text }).toEqual({ status: 202, text: '' });
  });

  it('takes the wish for a level of logging', async () => {
    const { message } = await exchange(endpoint, legacyMessage('logging/setLevel', { level: 'debug' }, 1));
    expect(message.result).toEqual({});
  });
});
