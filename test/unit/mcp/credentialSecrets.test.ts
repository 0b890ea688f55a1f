import { describe, expect, it } from 'vitest';
import { holdsSecret, secretsOf } from '../../../lib/mcp/credentialSecrets.ts';

describe('secretsOf', () => {
  it('gives whole values and their longer parts, not the scheme', () => {
    const secrets = secretsOf({ Authorization: 'Bearer abcdef123456', 'X-Key': 'k' });
    expect(secrets).toEqual(['Bearer abcdef123456', 'abcdef123456', 'k']);
  });

  it('finds the parts of a list of parameters', () => {
    expect(secretsOf({ Authorization: 'Token token="abcdef123456", id=7' })).toContain('abcdef123456');
  });

  it('decodes Basic', () => {
    const encoded = Buffer.from('someone:pass:word').toString('base64');
    const secrets = secretsOf({ Authorization: `Basic ${encoded}` });
    expect(secrets).toEqual(expect.arrayContaining([`Basic ${encoded}`, 'someone:pass:word', 'pass:word']));
  });
});

describe('holdsSecret', () => {
  const secret = 'a"b/c+d e?';

  it.each([
    secret,
    'a\\"b/c+d e?',
    encodeURIComponent(secret),
    Buffer.from(secret).toString('base64'),
    Buffer.from(secret).toString('base64url'),
    encodeURIComponent(Buffer.from('>>>???').toString('base64') + Buffer.from(secret).toString('base64')),
    Buffer.from(`user:${secret}`).toString('base64'),
    Buffer.from(`key=${secret}`).toString('base64url'),
    Buffer.from(secret).toString('hex'),
    Buffer.from(secret).toString('hex').toUpperCase(),
    JSON.stringify(JSON.stringify(secret)),
    encodeURIComponent(secret).toLowerCase(),
    encodeURIComponent(encodeURIComponent(secret)),
    [...secret].map(c => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`).join(''),
    [...secret].map(c => `%${c.charCodeAt(0).toString(16)}`).join(''),
  ])('finds %s', spelling => {
    expect(holdsSecret(`{"x":"${spelling}"}`, [secret])).toBe(true);
  });

  it('does not find what is not there, nor short words', () => {
    expect(holdsSecret('{"x":"abcdefgh"}', ['abcdefgi'])).toBe(false);
    expect(holdsSecret('{"x":"test"}', ['test'])).toBe(false);
  });

  it('finishes on hostile text of a megabyte', () => {
    for (const piece of ['\\', '\\u', '\\u00', '\\\\u0041\\', '%', '%25', '%4', 'the-']) {
      const text = piece.repeat(1_000_000 / piece.length);
      expect([piece, holdsSecret(text, ['the-key-of-it'])]).toEqual([piece, false]);
    }
    expect(holdsSecret(`${'\\'.repeat(1_000_000)}u0074he-key-of-it`, ['the-key-of-it'])).toBe(true);
  });
});
