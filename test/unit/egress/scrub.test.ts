import { describe, expect, it } from 'vitest';
import { scrubServerText } from '../../../lib/egress/scrub.ts';

const secret = 'caNary+/7"\\ é_token-42';
const base64 = (text: string) => Buffer.from(text).toString('base64');
const percentEncoded = (text: string) =>
  [...Buffer.from(text)].map(byte => `%${byte.toString(16).padStart(2, '0')}`).join('');

/** The longest run of the secret's characters that survived, in plain or base64. */
function leaks(text: string, of: string): boolean {
  const runs = (whole: string) => Array.from({ length: whole.length - 5 }, (_, i) => whole.slice(i, i + 6));
  const plain = runs(of).some(run => text.includes(run));
  const decoded = [0, 1, 2, 3].map(skip =>
    Buffer.from(text.replace(/[^\w+/-]/g, '').slice(skip), 'base64').toString('latin1'),
  );
  return plain || runs(of).some(run => decoded.some(one => one.includes(run)));
}

describe('scrubServerText', () => {
  it.each([
    ['plain', secret],
    ['in other case', secret.toUpperCase()],
    ['encodeURIComponent', encodeURIComponent(secret)],
    ['lower-case percent', encodeURIComponent(secret).toLowerCase()],
    ['form encoding', new URLSearchParams({ a: secret }).toString()],
    ['every byte percent-encoded', percentEncoded(secret)],
    ['JSON', JSON.stringify({ secret })],
    [
      'JSON with \\u escapes',
      secret.replace(/./gs, c => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`),
    ],
    ['HTML references', secret.replace(/[^a-z]/gi, c => `&#${c.charCodeAt(0)};`)],
    ['Bearer', `Authorization: Bearer ${secret}`],
    ['split by invisible characters', [...secret].join('\u200b')],
    ['split by colours', [...secret].join('\u001b[31m')],
    ['split by controls', [...secret].join('\u0000')],
    ['split by variation selectors', [...secret].join('\ufe0f')],
    ['twice', `${secret}${secret}`],
    ['hex', Buffer.from(secret).toString('hex')],
    ['upper-case hex of Bearer', Buffer.from(`Bearer ${secret}`).toString('hex').toUpperCase()],
  ])('removes a secret: %s', (_form, text) => {
    const scrubbed = scrubServerText(`before ${text} after`, [secret]);
    expect(scrubbed).toContain('[removed]');
    expect(scrubbed).toMatch(/^before .* after$/);
    expect(leaks(scrubbed, secret)).toBe(false);
    expect(scrubbed.toLowerCase()).not.toContain(Buffer.from(secret).toString('hex').slice(0, 12));
  });

  it.each([
    ['base64', base64(secret)],
    ['base64url', Buffer.from(secret).toString('base64url')],
    ['base64 of Bearer', base64(`Bearer ${secret}`)],
    ['base64 of user:secret', base64(`me:${secret}`)],
    ['base64 of x:secret and more', base64(`x:${secret}\nmore`)],
    ['percent-encoded base64', encodeURIComponent(base64(`ab${secret}`))],
  ])('removes a secret: %s', (_form, text) => {
    expect(leaks(text.replaceAll('%2B', '+').replaceAll('%2F', '/'), 'caNary+/')).toBe(true);
    const scrubbed = scrubServerText(`before ${text} after`, [secret]);
    expect(scrubbed).toContain('[removed]');
    expect(leaks(scrubbed, secret)).toBe(false);
  });

  it('removes the credential when it was given with its scheme', () => {
    expect(scrubServerText('bad token abc-canary', ['Bearer abc-canary'])).toBe('bad token [removed]');
  });

  it('removes the longer of two secrets whole, and very long ones to their end', () => {
    expect(scrubServerText('x canary-1-tail y', ['canary-1', 'canary-1-tail'])).toBe('x [removed] y');
    const long = 'eyJ'.padEnd(5000, 'abcdefgh1');
    expect(scrubServerText(`token ${long} end`, [long])).toBe('token [removed] end');
  });

  it('ignores empty and tiny secrets', () => {
    expect(scrubServerText('an ordinary text', ['', 'a', 'or'])).toBe('an ordinary text');
  });

  it('takes every character of a secret literally', () => {
    expect(scrubServerText('abcd ab.d', ['ab.d'])).toBe('abcd [removed]');
    const symbols = '^$.*+?()[]{}|/-~!@#%&=:;,<>`\'"\\';
    expect(scrubServerText(`is ${symbols} here`, [symbols])).toBe('is [removed] here');
  });

  it('strips escapes, controls, bidi and invisible characters, and folds white space', () => {
    expect(scrubServerText('\u001b[1;31mred\u001b[0m\u0007\u009b2Jx', [])).toBe('redx');
    expect(scrubServerText('a\u202eb\u2066c\u200fd\u061ce\u2028f\r\n\tg\u0000\u007f\u0085', [])).toBe(
      'abcde f g',
    );
    expect(scrubServerText('\ud800lone \u{e0041}tag \ufeffbom', [])).toBe('lone tag bom');
    expect(scrubServerText('\u001b]8;;https://evil.example\u0007click\u001b]8;;\u0007', [])).not.toMatch(
      /\p{Cc}/u,
    );
  });

  it('keeps 1 KB of UTF-8, cut at a character', () => {
    for (const character of ['a', 'é', '€', '😀']) {
      const scrubbed = scrubServerText(character.repeat(2000), []);
      expect(Buffer.byteLength(scrubbed)).toBeLessThanOrEqual(1024);
      expect(Buffer.byteLength(scrubbed)).toBeGreaterThan(1020);
      expect(scrubbed).toMatch(new RegExp(`^(?:${character})+…$`, 'u'));
    }
    expect(scrubServerText('b'.repeat(1024), [])).toBe('b'.repeat(1024));
  });

  it('finishes on hostile text of a megabyte', () => {
    for (const piece of ['\u001b[', '\u001b]', 'A', '%2', '\\u00', '&#0', ' ', '\u001b[0;', 'ca']) {
      const text = piece.repeat(1_000_000 / piece.length);
      expect(Buffer.byteLength(scrubServerText(text, [secret]))).toBeLessThanOrEqual(1024);
    }
  });
});
