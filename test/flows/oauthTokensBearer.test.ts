import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Egress } from '../../lib/egress/types.ts';
import { validateServer } from '../../lib/mcp/validate.ts';
import { bearerAuthorizer } from '../../lib/oauth/bearerAuthorizer.ts';
import { memoryTokens } from '../../lib/oauth/memoryTokens.ts';
import { createStoredTokens } from '../../lib/oauth/storedTokens.ts';
import type { OAuthClient, TokenDeps, TokenHolder } from '../../lib/oauth/types.ts';
import { startTestEngine, type TestEngine } from '../support/engine.ts';
import { type AuthorizationServer, startAuthorizationServer } from '../support/oauth/authorizationServer.ts';
import { CLIENT_SECRET, CLIENTS } from '../support/oauth/clients.ts';
import { consentedGrant, oauthClient } from '../support/oauth/consentedGrant.ts';
import { type ProtectedPeer, startProtectedServer } from '../support/oauth/protectedServer.ts';
import { codeCredential, storeService, tokenDeps } from '../support/oauth/storedService.ts';
import { loopbackEgress } from './validationSupport.ts';

const ACCOUNT = '111122223333';

let engine: TestEngine;
let server: AuthorizationServer;
let mcp: ProtectedPeer;
let egress: Egress;
let deps: TokenDeps;
let clock = 0;

beforeAll(async () => {
  engine = await startTestEngine();
  server = await startAuthorizationServer();
  mcp = await startProtectedServer({ authorizationServer: server });
  egress = await loopbackEgress();
  deps = { accountId: ACCOUNT, egress, now: () => Date.now() + clock };
});

afterEach(() => {
  clock = 0;
  server.setFault(undefined);
});

afterAll(async () => {
  await egress.close();
  await Promise.all([mcp.close(), server.close(), engine.stop()]);
});

const validate = (holder: TokenHolder, more: { signal?: AbortSignal } = {}) =>
  validateServer(
    { accountId: ACCOUNT, endpoint: mcp.url, authorizer: bearerAuthorizer(holder), egress, ...more },
    { serverName: 'test' },
  );

const selfServing = (more: Partial<OAuthClient> = {}) =>
  oauthClient(server, CLIENTS.confidential, { scopes: ['mcp:read'], resource: mcp.resource, ...more });
const person = () => oauthClient(server, CLIENTS.public, { scopes: ['mcp:read'], resource: mcp.resource });
const failedStep = (report: Awaited<ReturnType<typeof validate>>) =>
  report.steps.find(({ status }) => status === 'failed');
const granted = (kind: string) => server.counts.granted[kind] ?? 0;

describe('a server that is validated with client credentials', () => {
  it('is let in with one token, which can be stored afterwards', async () => {
    const before = granted('client_credentials');
    const tokens = memoryTokens(selfServing(), deps);
    expect(tokens.last()).toBeUndefined();
    const report = await validate(tokens);
    expect(report).toMatchObject({ valid: true });
    expect(granted('client_credentials')).toBe(before + 1);
    expect(tokens.last()).toMatchObject({ authMethod: 'client_secret_basic' });
    expect(tokens.secrets()).toContain(CLIENT_SECRET);
    expect(tokens.secrets()).toContain(tokens.last()?.tokens.accessToken);
  });

  it('gets one token however many callers wait', async () => {
    const before = granted('client_credentials');
    const tokens = memoryTokens(selfServing(), deps);
    const all = await Promise.all(Array.from({ length: 40 }, () => tokens.current()));
    expect(new Set(all.map(({ accessToken }) => accessToken)).size).toBe(1);
    expect(granted('client_credentials')).toBe(before + 1);
  });

  it('gets another token when the first ends, and once when it is refused', async () => {
    const tokens = memoryTokens(selfServing(), deps);
    const first = await tokens.current();
    clock = 3_590_000;
    const second = await tokens.current();
    expect(second.accessToken).not.toBe(first.accessToken);
    expect(await tokens.replace(first)).toBe(true);
    expect((await tokens.current()).accessToken).toBe(second.accessToken);
    expect(await tokens.replace(second)).toBe(true);
    expect(await tokens.replace(await tokens.current())).toBe(false);
  });

  it('fails at the credential step, in the words of the token endpoint', async () => {
    const client = selfServing({ clientSecret: 'wrong-canary-2' });
    const step = failedStep(await validate(memoryTokens(client, deps)));
    expect(step).toMatchObject({ step: 'credential', code: 'TOKEN_CLIENT_REJECTED' });
    expect(step?.message).not.toContain('wrong-canary');
  });

  it('whose tokens are for another resource fails after two of them', async () => {
    const before = granted('client_credentials');
    const client = selfServing({ resource: 'https://other.example/mcp' });
    const report = await validate(memoryTokens(client, deps));
    expect(failedStep(report)).toMatchObject({ step: 'credential', code: 'CREDENTIAL_REJECTED' });
    expect(granted('client_credentials')).toBe(before + 2);
  });

  it('fails in time where the token endpoint hangs', async () => {
    server.setFault('hangs');
    const signal = AbortSignal.timeout(500);
    const report = await validate(memoryTokens(selfServing(), { ...deps, signal }), { signal });
    expect(report.valid).toBe(false);
    expect(JSON.stringify(report)).not.toContain(CLIENT_SECRET);
  });
});

describe('a server that is validated after a consent', () => {
  it('is let in, and a refused token is refreshed once; the newest are there to be stored', async () => {
    const client = person();
    const first = await consentedGrant(server, client, deps);
    mcp.refuse(first.tokens.accessToken);
    const before = granted('refresh_token');
    const tokens = memoryTokens(client, deps, first);
    expect(await validate(tokens)).toMatchObject({ valid: true });
    expect(granted('refresh_token')).toBe(before + 1);
    expect(tokens.last()?.tokens.refreshToken).not.toBe(first.tokens.refreshToken);
  });
});

describe('a registered server', () => {
  async function registered(serviceId: string) {
    const place = { accountId: ACCOUNT, serviceId };
    const store = tokenDeps(engine.client, engine.tableName, egress, deps.now);
    const { tokens } = await consentedGrant(server, person(), deps);
    await storeService(place, codeCredential(CLIENTS.public, server.tokenUrl, mcp.resource), tokens, store);
    return { tokens, holder: createStoredTokens(store).holder(place) };
  }

  it('that refuses its token is let in with a refreshed one', async () => {
    const { tokens, holder } = await registered('mcpserver-1');
    mcp.refuse(tokens.accessToken);
    const before = granted('refresh_token');
    expect(await validate(holder)).toMatchObject({ valid: true });
    expect(granted('refresh_token')).toBe(before + 1);
  });

  it('whose consent is lost says so, not that the credential is wrong', async () => {
    const { tokens, holder } = await registered('mcpserver-2');
    mcp.refuse(tokens.accessToken);
    server.setFault('invalidGrant');
    const step = failedStep(await validate(holder));
    expect(step).toMatchObject({ step: 'credential', code: 'CONSENT_REQUIRED' });
    expect(step?.message).toContain('Give consent again');
    expect(failedStep(await validate(holder))).toMatchObject({ code: 'CONSENT_REQUIRED' });
  });

  it('whose token is refused while the authorization server is down says that, not that the credential is wrong', async () => {
    const { tokens, holder } = await registered('mcpserver-3');
    mcp.refuse(tokens.accessToken);
    server.setFault('unavailable');
    expect(failedStep(await validate(holder))).toMatchObject({
      step: 'credential',
      code: 'TOKEN_ENDPOINT_UNREACHABLE',
    });
    server.setFault(undefined);
    expect(await validate(holder)).toMatchObject({ valid: true });
  });
});
