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

  it('are those that the server names, else those that were asked for', () => {
    expect(grantedScopes(['a'], { ...tokens, scopes: ['b', 'c'] })).toEqual(['b', 'c']);
    expect(grantedScopes(['a'], tokens)).toEqual(['a']);
  });

  it.each(['access-canary-1', 'x:refresh-canary-2', 'secret-canary-3'])('never hold a secret (%s)', scope => {
    expect(grantedScopes([], { ...tokens, scopes: ['fine', scope] }, 'secret-canary-3')).toEqual(['fine']);
  });
});
