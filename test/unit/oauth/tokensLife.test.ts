import { describe, expect, it } from 'vitest';
import { readTokenAnswer } from '../../../lib/oauth/tokenAnswer.ts';
import { refreshAt } from '../../../lib/oauth/tokenLife.ts';

const NOW = 1_800_000_000_000;

describe('when a token is replaced', () => {
  it.each([
    ['an hour', 3_600_000, 60_000],
    ['20 minutes', 1_200_000, 60_000],
    ['10 minutes', 600_000, 30_000],
    ['5 seconds', 5_000, 250],
    ['no time at all', 0, 0],
  ])('%s: before its end', (_name, life, margin) => {
    expect(refreshAt(NOW + life, NOW)).toBe(NOW + life - margin);
  });

  it('at once, where its end has passed', () => {
    expect(refreshAt(NOW - 5_000, NOW)).toBeLessThan(NOW);
  });

  it('never, where its end is not known', () => {
    expect(refreshAt(undefined, NOW)).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('the answer of a token endpoint', () => {
  const read = (answer: object) => readTokenAnswer(200, JSON.stringify(answer), NOW, []);

  it('is understood in full', () => {
    const answer = {
      access_token: 'a.b~c/d+e=',
      token_type: 'BEARER',
      expires_in: 10,
      refresh_token: 'r',
      scope: 'one two',
      id_token: 'ignored',
    };
    const tokens = {
      accessToken: 'a.b~c/d+e=',
      expiresAt: NOW + 10_000,
      refreshToken: 'r',
      scopes: ['one', 'two'],
    };
    expect(read(answer)).toEqual({ tokens });
  });

  it('may leave everything but the token and its type out', () => {
    const nothing = { refresh_token: null, scope: '', expires_in: null };
    const bare = { access_token: 'a', token_type: 'bearer' };
    expect(read({ ...bare, ...nothing })).toEqual({ tokens: { accessToken: 'a' } });
    expect(read({ ...bare, scope: ['one'] })).toEqual({ tokens: { accessToken: 'a' } });
    expect(read({ ...bare, scope: 'bad\nscope' })).toEqual({ tokens: { accessToken: 'a' } });
  });

  it('counts a life from when the request left, so that a slow answer never makes it longer', () => {
    const { tokens } = read({ access_token: 'a', token_type: 'bearer', expires_in: 5 }) as {
      tokens: { expiresAt: number };
    };
    expect(tokens.expiresAt).toBe(NOW + 5_000);
  });

  it('that refuses is scrubbed, and cut', () => {
    const body = {
      error: 'invalid_grant',
      error_description: `no\u001b[31m secret-canary ${'x'.repeat(5_000)}`,
    };
    const answer = readTokenAnswer(400, JSON.stringify(body), NOW, ['secret-canary']);
    expect(answer).toMatchObject({ refusal: { error: 'invalid_grant' } });
    const { description } = (answer as { refusal: { description: string } }).refusal;
    expect(description).toMatch(/^no \[removed\] x+…$/);
    expect(Buffer.byteLength(description)).toBeLessThanOrEqual(1_024);
  });
});
