import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type AgentApp, allow, newSpace, startAgentApp } from '../support/agents.ts';
import { ACCOUNT } from '../support/app.ts';
import type { Endpoint } from '../support/clients/agentClient.ts';
import { exchange, modernMessage } from '../support/clients/wire.ts';
import { advance } from '../support/clock.ts';
import { startLegacy } from '../support/mcp/legacy.ts';
import { startModern } from '../support/mcp/modern.ts';
import { type AuthorizationServer, startAuthorizationServer } from '../support/oauth/authorizationServer.ts';
import { CLIENTS } from '../support/oauth/clients.ts';
import { type ProtectedPeer, startProtectedServer } from '../support/oauth/protectedServer.ts';
import { type FakeSts, startFakeSts } from '../support/sigv4/fakeSts.ts';
import { type SignedServer, startSigned } from '../support/sigv4/signedServer.ts';

const OWN = { accessKeyId: 'AKIDOWN', secretAccessKey: 'canary-own-secret' };
const REGION = 'us-east-1';

let app: AgentApp;
let sts: FakeSts;

beforeAll(async () => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', OWN.accessKeyId);
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', OWN.secretAccessKey);
  const keys = new Map([[OWN.accessKeyId, { secretAccessKey: OWN.secretAccessKey }]]);
  sts = await startFakeSts({ region: REGION, keys });
  app = await startAgentApp({ AWS_ENDPOINT_URL_STS: sts.url, CATALOGUE_REFRESH_SECONDS: '86400' });
});
afterAll(async () => {
  await app.stop();
  await sts.close();
  vi.unstubAllEnvs();
});

/** Registers a server with a credential, and has a space of its own use `echo`; what calls it. */
async function callerOf(
  service: string,
  details: { name: string; endpoint: string; authorizationConfig: object },
) {
  const registered = await app.call('RegisterService', { service, serviceDetails: { [service]: details } });
  expect(registered).toMatchObject({ status: 201, body: { serviceId: expect.any(String) } });
  const space = await newSpace(app);
  await allow(app, space, registered.body.serviceId, ['echo']);
  const endpoint: Endpoint = { url: app.url(space), token: await app.token(space) };
  const { serviceId } = registered.body;
  const call = async (text: string) => {
    const call = { name: `${details.name}_echo`, arguments: { text } };
    const { result, error } = (await exchange(endpoint, modernMessage('tools/call', call))).message;
    return result?.content[0].text ?? error;
  };
  return Object.assign(call, { serviceId: String(serviceId) });
}

/** Replaces a service's credential, and lets pass what a process may trust the old one for. */
async function rotated(serviceId: string, service: string, authorizationConfig: object) {
  const serviceDetails = { [service]: { authorizationConfig } };
  expect(await app.call('UpdateService', { serviceId, serviceDetails })).toMatchObject({ status: 200 });
  advance(5_000);
}

const texts = Array.from({ length: 16 }, (_, index) => `text ${index}`);

describe('a server that takes tokens of an authorization server', () => {
  let provider: AuthorizationServer;
  let peer: ProtectedPeer;

  beforeAll(async () => {
    provider = await startAuthorizationServer();
    peer = await startProtectedServer({ authorizationServer: provider, checksAudience: false });
  });
  afterAll(async () => {
    await peer.close();
    await provider.close();
  });

  const { clientId, clientSecret } = CLIENTS.confidential;
  const granted = () => provider.counts.granted.client_credentials ?? 0;

  /** A registration of its own: a token that was just replaced is not replaced again for a while. */
  async function registered(name: string) {
    const client = { clientId, clientSecret, exchangeUrl: provider.tokenUrl, scopes: ['mcp:read'] };
    const authorizationConfig = { oAuthClientCredentials: client };
    const call = await callerOf('mcpserver', { name, endpoint: peer.url, authorizationConfig });
    expect(await call('first')).toBe('first');
    const token = peer.requests.at(-1)?.credentials.authorization?.replace('Bearer ', '') ?? '';
    peer.requests.length = 0;
    return { call, before: granted(), refuseToken: () => peer.refuse(token) };
  }

  it('is called with the token that is kept', async () => {
    const { call, before } = await registered('kept');
    for (const text of texts) expect(await call(text)).toBe(text);
    expect(granted()).toBe(before);
    expect(peer.requests).toHaveLength(texts.length);
  });

  it('is called again with a fresh token when it no longer takes that one', async () => {
    const { call, before, refuseToken } = await registered('refused');
    refuseToken();
    expect(await call('fresh')).toBe('fresh');
    expect(granted()).toBe(before + 1);
    expect(peer.requests).toHaveLength(2);
    expect(await call('and on')).toBe('and on');
    expect(peer.requests).toHaveLength(3);
  });

  it('has one token asked for, however many calls wait for it', async () => {
    const { call, before, refuseToken } = await registered('many');
    refuseToken();
    expect(await Promise.all(texts.map(call))).toEqual(texts);
    expect(granted()).toBe(before + 1);
  });

  it('is called with a token of the new client once the credential was replaced', async () => {
    const { call } = await registered('rotated');
    const tokens = () => new Set(peer.requests.map(({ credentials }) => credentials.authorization));
    expect(await call('before')).toBe('before');
    const before = tokens();
    const client = { ...CLIENTS.limited, exchangeUrl: provider.tokenUrl, scopes: ['mcp:read'] };
    await rotated(call.serviceId, 'mcpserver', { oAuthClientCredentials: client });
    peer.requests.length = 0;
    for (const text of texts) expect(await call(text)).toBe(text);
    expect(tokens().size).toBe(1);
    expect([...tokens()].filter(token => before.has(token))).toEqual([]);
  });

  it('has its agents told that the credential is to be replaced, and nothing of it', async () => {
    const { call, refuseToken } = await registered('lost');
    refuseToken();
    provider.setFault('echoes');
    const error = await call('any');
    provider.setFault(undefined);
    expect(error).toMatchObject({ code: -32_000, message: expect.stringContaining('credential') });
    expect(JSON.stringify(error)).not.toContain(clientSecret.slice(0, 14));
    expect(await call('again')).toBe('again');
  });
});

describe.each([
  ['modern', startModern],
  ['legacy', startLegacy],
])('a %s server that takes signed requests', (era, start) => {
  let peer: SignedServer;
  let call: Awaited<ReturnType<typeof callerOf>>;

  beforeAll(async () => {
    const rules = { region: REGION, service: 'execute-api', keys: sts.sessions, mustSign: ['x-tenant'] };
    peer = await startSigned(await start(), { ...rules, refuseWith: 401 });
    call = await callerOf('mcpserversigv4', {
      name: `signed-${era}`,
      endpoint: peer.url,
      authorizationConfig: {
        region: REGION,
        service: 'execute-api',
        mcpRoleArn: `arn:aws:iam::${ACCOUNT}:role/mcp`,
        customHeaders: { 'x-tenant': 'one' },
      },
    });
  });
  afterAll(() => peer.close());

  it('gets each call signed anew, with credentials that are kept', async () => {
    expect(await call('first')).toBe('first');
    const before = sts.assumed.length;
    peer.refusals.length = 0;
    expect(await Promise.all(texts.map(call))).toEqual(texts);
    expect(peer.refusals).toEqual([]);
    expect(sts.assumed).toHaveLength(before);
  });

  it('is called again with fresh credentials when it no longer takes those', async () => {
    expect(await call('any')).toBe('any');
    const before = sts.assumed.length;
    sts.sessions.clear();
    // A server that refuses new ones would refuse the next ones too.
    advance(6 * 60_000);
    expect(await call('fresh')).toBe('fresh');
    expect(sts.assumed).toHaveLength(before + 1);
    expect(await Promise.all(texts.map(call))).toEqual(texts);
    expect(sts.assumed).toHaveLength(before + 1);
  });

  it('gets calls signed by the new role once the credential was replaced', async () => {
    expect(await call('before')).toBe('before');
    const before = sts.assumed.length;
    await rotated(call.serviceId, 'mcpserversigv4', {
      region: REGION,
      service: 'execute-api',
      mcpRoleArn: `arn:aws:iam::${ACCOUNT}:role/next`,
      customHeaders: { 'x-tenant': 'two' },
    });
    peer.refusals.length = 0;
    expect(await Promise.all(texts.map(call))).toEqual(texts);
    expect(peer.refusals).toEqual([]);
    const roles = sts.assumed.slice(before).map(({ RoleArn }) => RoleArn);
    expect(new Set(roles)).toEqual(new Set([`arn:aws:iam::${ACCOUNT}:role/next`]));
  });
});
