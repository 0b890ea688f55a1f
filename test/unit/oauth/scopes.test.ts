import { describe, expect, it } from 'vitest';
import { grantedScopes, writingScopes } from '../../../lib/oauth/scopes.ts';

describe('writingScopes', () => {
  it.each([
    'mcp:write',
    'write',
    'https://api.example.com/auth/files.write',
    'repo:*',
    'org_admin',
    'Files.Manage.All',
  ])('warns of %s', scope => {
    const [warning, ...others] = writingScopes(['mcp:read', scope]);
    expect(others).toEqual([]);
    expect(warning).toMatchObject({ code: 'SCOPES_PROMISE_WRITES' });
    expect(warning?.message).toContain(scope);
    expect(warning?.message).not.toContain('mcp:read');
  });

  it.each(['mcp:read', 'openid', 'offline_access', 'rewriter', 'recall', 'profile'])(
    'lets %s pass',
    scope => {
      expect(writingScopes([scope])).toEqual([]);
    },
  );
});

describe('grantedScopes', () => {
  const tokens = { accessToken: 'access-canary-1', refreshToken: 'refresh-canary-2' };
  const client = {
    clientId: 'client-4',
    clientSecret: 'secret~canary/3',
    exchangeUrl: 'https://auth.example.com/token',
    scopes: ['a', 'https://api.example.com/read'],
    exchangeParameters: { audience: 'https://api.example.com' },
  };
  const basic = Buffer.from('client-4:secret%7Ecanary%2F3').toString('base64');

  it('are those that the server names, else those that were asked for', () => {
    expect(grantedScopes(client, { ...tokens, scopes: ['b', 'c'] })).toEqual(['b', 'c']);
    expect(grantedScopes(client, tokens)).toEqual(client.scopes);
  });

  it.each(['a', 'https://api.example.com/read', 'api://client-4/read'])('may be %s', scope => {
    expect(grantedScopes(client, { ...tokens, scopes: [scope] })).toEqual([scope]);
  });

  it.each([
    'access-canary-1',
    'x:refresh-canary-2',
    'secret~canary/3',
    'secret%7Ecanary%2F3',
    'secret%257Ecanary%252F3',
    basic,
    Buffer.from('audience=https%3A%2F%2Fapi.example.com&x=1').toString('base64'),
  ])('never repeat what the server was told (%s)', scope => {
    expect(grantedScopes(client, { ...tokens, scopes: ['fine', scope] })).toEqual(['fine']);
  });
});
