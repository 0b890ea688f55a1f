import { describe, expect, it } from 'vitest';
import { writingScopes } from '../../../lib/oauth/scopes.ts';

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
