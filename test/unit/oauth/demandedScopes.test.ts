import { describe, expect, it } from 'vitest';
import { demandWarnings } from '../../../lib/oauth/demandedScopes.ts';
import { scopesDemanded } from '../../../lib/oauth/scopesDemanded.ts';

const refusal = (challenge?: string) =>
  new Response(null, { status: 403, headers: challenge ? { 'www-authenticate': challenge } : {} });

describe('scopesDemanded', () => {
  it('are those of a challenge for want of scopes', () => {
    expect(scopesDemanded(refusal('Bearer error="insufficient_scope", scope="a b a"'))).toEqual(['a', 'b']);
  });

  it.each([
    undefined,
    'Bearer',
    'Bearer scope="a"',
    'Bearer error="invalid_token", scope="a"',
    'Bearer error="insufficient_scope"',
    'Basic realm="insufficient_scope"',
  ])('are none in %j', challenge => {
    expect(scopesDemanded(refusal(challenge))).toEqual([]);
  });

  it('are no more than a few', () => {
    const scopes = Array.from({ length: 50 }, (_, n) => `s${n}`).join(' ');
    expect(scopesDemanded(refusal(`Bearer error="insufficient_scope", scope="${scopes}"`))).toHaveLength(20);
  });
});

describe('demandWarnings', () => {
  it('names what is wanted, and is silent otherwise', () => {
    expect(demandWarnings(new Set(['a', 'b']))).toMatchObject([{ code: 'SCOPES_DEMANDED' }]);
    expect(demandWarnings(new Set(['a', 'b']))[0]?.message).toContain('a b');
    expect(demandWarnings(undefined)).toEqual([]);
  });
});
