import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Egress } from '../../../lib/egress/types.ts';
import { McpError } from '../../../lib/mcp/mcpError.ts';
import { clientCredentialsGrant } from '../../../lib/oauth/clientCredentials.ts';
import { exchangeCode } from '../../../lib/oauth/codeExchange.ts';
import { refreshTokens } from '../../../lib/oauth/refresh.ts';
import type { TokenDeps } from '../../../lib/oauth/types.ts';
import { loopbackEgress } from '../../flows/validationSupport.ts';
import {
  type AuthorizationServer,
  startAuthorizationServer,
} from '../../support/oauth/authorizationServer.ts';
import { CLIENT_SECRET, CLIENTS } from '../../support/oauth/clients.ts';
import { consentedCode, consentedGrant, oauthClient } from '../../support/oauth/consentedGrant.ts';
import { FAULTY_TOKEN, type TokenFaultName } from '../../support/oauth/tokenFaults.ts';

let server: AuthorizationServer;
let egress: Egress;
let deps: TokenDeps;
const NOW = 1_800_000_000_000;

beforeAll(async () => {
  server = await startAuthorizationServer({ resourceScopes: ['mcp:read'] });
  egress = await loopbackEgress();
  deps = { accountId: '111122223333', egress, now: () => NOW };
});

afterAll(async () => {
  await Promise.all([egress.close(), server.close()]);
});

async function failureOf(work: Promise<unknown>): Promise<McpError> {
  const outcome = await work.catch((error: unknown) => error);
  if (outcome instanceof McpError) return outcome;
  throw new Error(`no McpError: ${inspect(outcome)}`);
}

function lastAuthorization(): string | undefined {
  return server.tokenRequests().at(-1)?.credentials.authorization;
}

/** The client's secret and the faulty tokens in every spelling that they may leak in. */
function leaks(text: string, secrets: readonly string[] = [CLIENT_SECRET, FAULTY_TOKEN]): string[] {
  const form = (secret: string) => new URLSearchParams([['', secret]]).toString().slice(1);
  const spellings = secrets.flatMap(secret => [
    secret,
    encodeURIComponent(secret),
    form(secret),
    JSON.stringify(secret).slice(1, -1),
    Buffer.from(secret).toString('base64').slice(0, -4),
    Buffer.from(form(secret)).toString('base64').slice(0, -4),
  ]);
  return spellings.filter(spelling => text.includes(spelling));
}

describe('client credentials', () => {
  it('prove the client by Basic, both parts form-encoded, and say so', async () => {
    const client = oauthClient(server, CLIENTS.confidential, { scopes: ['mcp:read'] });
    const grant = await clientCredentialsGrant(client, deps);
    expect(grant).toMatchObject({ authMethod: 'client_secret_basic', warnings: [] });
    expect(grant.tokens.expiresAt).toBe(NOW + 3_600_000);
    expect(grant.tokens.scopes).toEqual(['mcp:read', 'offline_access']);
    const pair = Buffer.from(lastAuthorization()?.slice('Basic '.length) ?? '', 'base64').toString();
    expect(pair).toBe('confidential%3A1%25:client-canary-7b1e%22%2B%2F%25%3A%26%3D9c');
  });

  it('fall back to the body where Basic is refused, and stay with what was negotiated', async () => {
    const client = oauthClient(server, CLIENTS.confidential);
    server.setFault('refusesBasic');
    const before = server.tokenRequests().length;
    const { authMethod } = await clientCredentialsGrant(client, deps);
    expect(authMethod).toBe('client_secret_post');
    expect(server.tokenRequests().length - before).toBe(2);
    await clientCredentialsGrant({ ...client, authMethod }, deps).finally(() => server.setFault(undefined));
    expect(server.tokenRequests().length - before).toBe(3);
    expect(lastAuthorization()).toBeUndefined();
  });

  it('do without offline_access where it is refused, and report it', async () => {
    const client = oauthClient(server, CLIENTS.limited, { scopes: ['mcp:read'] });
    const { tokens, warnings } = await clientCredentialsGrant(client, deps);
    expect(tokens.scopes).toEqual(['mcp:read']);
    expect(warnings).toMatchObject([{ code: 'OFFLINE_ACCESS_REFUSED' }]);
  });

  it('report scopes that were not granted', async () => {
    const client = oauthClient(server, CLIENTS.confidential, {
      scopes: ['mcp:read', 'mcp:write'],
      resource: 'https://mcp.example/mcp',
    });
    const { warnings } = await clientCredentialsGrant(client, deps);
    expect(warnings).toMatchObject([{ code: 'SCOPES_NOT_GRANTED' }]);
    expect(warnings[0]?.message).toContain('mcp:write');
    expect(warnings[0]?.message).not.toContain('mcp:read');
  });

  it('never let exchangeParameters stand in for the protocol', async () => {
    const { clientId, clientSecret } = CLIENTS.confidential;
    const client = oauthClient(
      server,
      { clientId, clientSecret },
      {
        scopes: ['mcp:read'],
        exchangeParameters: {
          grant_type: 'x',
          client_id: 'x',
          scope: 'openid',
          resource: 'x',
          audience: 'a',
        },
      },
    );
    const { tokens } = await clientCredentialsGrant(client, deps);
    expect(tokens.scopes).toEqual(['mcp:read', 'offline_access']);
  });

  it('never let exchangeParameters bring scopes back that are left out', async () => {
    const client = oauthClient(server, CLIENTS.limited, { exchangeParameters: { scope: 'mcp:write' } });
    const { tokens, warnings } = await clientCredentialsGrant(client, deps);
    expect(warnings).toMatchObject([{ code: 'OFFLINE_ACCESS_REFUSED' }]);
    expect(tokens.scopes).toBeUndefined();
  });

  it('count the life of a token from when its request left', async () => {
    let now = NOW;
    const client = oauthClient(server, CLIENTS.confidential, { authMethod: 'client_secret_basic' });
    const { tokens } = await clientCredentialsGrant(client, { ...deps, now: () => (now += 60_000) });
    expect(tokens.expiresAt).toBe(NOW + 60_000 + 3_600_000);
  });

  it('say that the secret is wrong, without it', async () => {
    const client = oauthClient(server, { ...CLIENTS.confidential, clientSecret: 'wrong-canary-90' });
    const error = await failureOf(clientCredentialsGrant(client, deps));
    expect(error).toMatchObject({ code: 'TOKEN_CLIENT_REJECTED', step: 'credential' });
    expect(error.message).toContain('invalid_client');
    expect(error.message).not.toContain('wrong-canary');
  });

  it('say that a scope is refused', async () => {
    const client = oauthClient(server, CLIENTS.limited, { scopes: ['mcp:write'] });
    const error = await failureOf(clientCredentialsGrant(client, deps));
    expect(error.code).toBe('TOKEN_SCOPE_REJECTED');
  });
});

describe('codes', () => {
  it.each([
    ['public', 'none'],
    ['confidential', 'client_secret_basic'],
  ] as const)('of a %s client become tokens', async (name, authMethod) => {
    const client = oauthClient(server, CLIENTS[name], { scopes: ['mcp:read'] });
    const grant = await consentedGrant(server, client, deps);
    expect(grant).toMatchObject({ authMethod, warnings: [] });
    expect(grant.tokens.refreshToken).toBeTruthy();
  });

  it('report scopes that were not granted', async () => {
    const client = oauthClient(server, CLIENTS.public, {
      scopes: ['mcp:read', 'mcp:write'],
      resource: 'https://mcp.example/mcp',
    });
    const { warnings } = await consentedGrant(server, client, deps);
    expect(warnings).toMatchObject([
      { code: 'SCOPES_NOT_GRANTED', message: expect.stringContaining('mcp:write') },
    ]);
  });

  it('are for their client and verifier only', async () => {
    const client = oauthClient(server, CLIENTS.public);
    const exchange = await consentedCode(server, client);
    const wrongVerifier = { ...exchange, codeVerifier: 'v'.repeat(43) };
    const error = await failureOf(exchangeCode(client, wrongVerifier, deps));
    expect(error.code).toBe('TOKEN_REQUEST_REJECTED');
    expect(error.message).toMatch(/invalid_grant.*start the consent again/);
    const other = oauthClient(server, CLIENTS.confidential);
    const foreign = await failureOf(exchangeCode(other, await consentedCode(server, client), deps));
    expect(foreign.code).toBe('TOKEN_REQUEST_REJECTED');
  });
});

describe('refreshing', () => {
  it('keeps the rotated refresh token, and asks for consent once the family is revoked', async () => {
    const client = oauthClient(server, CLIENTS.public, { scopes: ['mcp:read'] });
    const first = await consentedGrant(server, client, deps);
    const second = await refreshTokens(client, first.tokens, deps);
    expect(second.tokens.refreshToken).not.toBe(first.tokens.refreshToken);
    expect(second.tokens.accessToken).not.toBe(first.tokens.accessToken);
    const error = await failureOf(refreshTokens(client, first.tokens, deps));
    expect(error).toMatchObject({ code: 'CONSENT_REQUIRED', step: 'credential' });
    expect((await failureOf(refreshTokens(client, second.tokens, deps))).code).toBe('CONSENT_REQUIRED');
  });

  it('keeps the old refresh token and the scopes where the answer has none', async () => {
    server.setFault('expiresMissing');
    const client = oauthClient(server, CLIENTS.public);
    const tokens = { accessToken: 'a', refreshToken: 'r', scopes: ['mcp:read'] };
    const grant = await refreshTokens(client, tokens, deps).finally(() => server.setFault(undefined));
    expect(grant.tokens).toEqual({ accessToken: FAULTY_TOKEN, refreshToken: 'r', scopes: ['mcp:read'] });
  });

  it('needs a refresh token', async () => {
    const client = oauthClient(server, CLIENTS.public);
    expect((await failureOf(refreshTokens(client, { accessToken: 'a' }, deps))).code).toBe(
      'CONSENT_REQUIRED',
    );
  });
});

describe('lifetimes', () => {
  it.each([
    ['expiresMissing', undefined],
    ['expiresZero', undefined],
    ['expiresAsText', NOW + 120_000],
    ['expiresHuge', NOW + 366 * 86_400_000],
  ] as const)('%s', async (fault, expected) => {
    server.setFault(fault);
    const client = oauthClient(server, CLIENTS.confidential);
    const { tokens } = await clientCredentialsGrant(client, deps).finally(() => server.setFault(undefined));
    expect(tokens.expiresAt).toBe(expected);
  });
});

const HOSTILE: [TokenFaultName, string, RegExp][] = [
  ['redirects', 'TOKEN_ENDPOINT_ANSWER_INVALID', /redirect/i],
  ['redirectsAway', 'TOKEN_ENDPOINT_ANSWER_INVALID', /redirect/i],
  ['html', 'TOKEN_ENDPOINT_ANSWER_INVALID', /JSON/],
  ['htmlNotFound', 'TOKEN_ENDPOINT_ANSWER_INVALID', /404/],
  ['notJson', 'TOKEN_ENDPOINT_ANSWER_INVALID', /JSON/],
  ['jsonArray', 'TOKEN_ENDPOINT_ANSWER_INVALID', /JSON object/],
  ['emptyBody', 'TOKEN_ENDPOINT_ANSWER_INVALID', /JSON/],
  ['twoMegabytes', 'TOKEN_ENDPOINT_ANSWER_INVALID', /65536 bytes/],
  ['typeMac', 'TOKEN_ENDPOINT_ANSWER_INVALID', /Bearer/],
  ['typeMissing', 'TOKEN_ENDPOINT_ANSWER_INVALID', /Bearer/],
  ['tokenMissing', 'TOKEN_ENDPOINT_ANSWER_INVALID', /no access token/],
  ['tokenEmpty', 'TOKEN_ENDPOINT_ANSWER_INVALID', /no access token/],
  ['tokenNotText', 'TOKEN_ENDPOINT_ANSWER_INVALID', /characters/],
  ['tokenWithNewline', 'TOKEN_ENDPOINT_ANSWER_INVALID', /characters/],
  ['tokenWithSpace', 'TOKEN_ENDPOINT_ANSWER_INVALID', /characters/],
  ['tokenNotAscii', 'TOKEN_ENDPOINT_ANSWER_INVALID', /characters/],
  ['tokenTooLong', 'TOKEN_ENDPOINT_ANSWER_INVALID', /longer than 16384/],
  ['refreshTokenWithNewline', 'TOKEN_ENDPOINT_ANSWER_INVALID', /refresh token/],
  ['expiresNegative', 'TOKEN_ENDPOINT_ANSWER_INVALID', /expires_in/],
  ['expiresNotNumber', 'TOKEN_ENDPOINT_ANSWER_INVALID', /expires_in/],
  ['errorWithStatus200', 'TOKEN_CLIENT_REJECTED', /invalid_client/],
  ['serverError', 'TOKEN_ENDPOINT_UNREACHABLE', /HTTP 500/],
  ['unavailable', 'TOKEN_ENDPOINT_UNREACHABLE', /temporarily_unavailable/],
  ['rateLimited', 'TOKEN_ENDPOINT_UNREACHABLE', /HTTP 429/],
  ['invalidTarget', 'TOKEN_REQUEST_REJECTED', /invalid_target/],
  ['unknownError', 'TOKEN_REQUEST_REJECTED', /an error that OAuth does not name.*Something else/],
  ['losesAnswer', 'TOKEN_ENDPOINT_UNREACHABLE', /closed the connection|broke the response off/],
];

describe('hostile token endpoints are told apart, and no secret shows', () => {
  it.each(HOSTILE)('%s', async (fault, code, message) => {
    server.setFault(fault);
    const client = oauthClient(server, CLIENTS.confidential, { authMethod: 'client_secret_post' });
    const error = await failureOf(
      clientCredentialsGrant(client, deps).finally(() => server.setFault(undefined)),
    );
    expect(error).toMatchObject({ code, step: 'credential' });
    expect(error.message).toMatch(message);
    expect(leaks(inspect(error, { depth: 9, showHidden: true }))).toEqual([]);
    expect(server.requests.some(({ path }) => path === '/elsewhere')).toBe(false);
  });

  it.each(['client_secret_basic', 'client_secret_post'] as const)('echoes, by %s', async authMethod => {
    server.setFault('echoes');
    const exchangeParameters = { audience: 'parameter-canary-17' };
    const client = oauthClient(server, CLIENTS.confidential, { authMethod, exchangeParameters });
    const tokens = { accessToken: 'access-canary-3', refreshToken: 'refresh-canary-4+/' };
    const exchange = { code: 'code-canary-5', redirectUri: 'https://x', codeVerifier: 'verifier-canary-6' };
    const errors = [
      await failureOf(clientCredentialsGrant(client, deps)),
      await failureOf(refreshTokens(client, tokens, deps)),
      await failureOf(exchangeCode(client, exchange, deps)),
    ];
    server.setFault(undefined);
    for (const error of errors) {
      expect(error.code).toBe('TOKEN_REQUEST_REJECTED');
      expect(error.message).toContain('Not liked');
      const secrets = [
        CLIENT_SECRET,
        exchangeParameters.audience,
        ...Object.values(tokens),
        exchange.code,
        exchange.codeVerifier,
      ];
      expect(leaks(inspect(error, { showHidden: true }), secrets)).toEqual([]);
    }
  });

  it.each(['hangs', 'drips'] as const)('%s: the caller is told when its own time is up', async fault => {
    server.setFault(fault);
    const client = oauthClient(server, CLIENTS.confidential);
    const error = await failureOf(
      clientCredentialsGrant(client, { ...deps, signal: AbortSignal.timeout(300) }),
    );
    server.setFault(undefined);
    expect(error.code).toBe('TOKEN_ENDPOINT_UNREACHABLE');
    expect(error.message).toContain('time ran out while waiting for the token endpoint');
  });

  it('drips: the whole exchange ends after ten seconds without any signal', async () => {
    server.setFault('drips', 1);
    const client = oauthClient(server, CLIENTS.confidential);
    const error = await failureOf(clientCredentialsGrant(client, deps));
    expect(error.code).toBe('TOKEN_ENDPOINT_UNREACHABLE');
    expect(error.message).toContain('did not answer within 10 s');
  });

  it('refuses a private address and a plain http URL', async () => {
    const reach = (exchangeUrl: string) =>
      failureOf(clientCredentialsGrant(oauthClient(server, CLIENTS.confidential, { exchangeUrl }), deps));
    expect((await reach('https://10.0.0.1/token')).code).toBe('TOKEN_ENDPOINT_UNREACHABLE');
    expect((await reach('http://127.0.0.1/token')).code).toBe('TOKEN_ENDPOINT_UNREACHABLE');
    expect((await reach('https://user:pass-canary@localhost/token')).message).not.toContain('pass-canary');
  });
});
