import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ACCESS_TOKENS,
  hashSecret,
  mintAccessToken,
  readAccessToken,
} from '../../../lib/identity/accessTokenText.ts';
import { readDocument } from '../../support/markdown.ts';

const ACCOUNT = '111122223333';
const ID = '019b7600000070008000000000000001';

const accountIds = fc.stringMatching(/^[0-9]{12}$/);
const tokenIds = fc.stringMatching(/^[0-9a-f]{32}$/);

describe('the text of a token', () => {
  it('says its account, its id and its secret', () => {
    fc.assert(
      fc.property(accountIds, tokenIds, (accountId, tokenId) => {
        const { text, secret } = mintAccessToken(accountId, tokenId);
        expect(readAccessToken(text)).toEqual({ accountId, tokenId, secret });
      }),
    );
  });

  it('is one word of letters, digits and _, with 256 bits that never come again', () => {
    const texts = Array.from({ length: 500 }, () => mintAccessToken(ACCOUNT, ID));
    expect(new Set(texts.map(({ secret }) => secret)).size).toBe(500);
    for (const { text, secret } of texts) {
      expect(text).toMatch(/^swbt_\w+$/);
      expect(text).toHaveLength(101);
      // 43 digits of base 62 hold 256 bits: 62^42 < 2^256 <= 62^43.
      expect(secret).toMatch(/^[0-9A-Za-z]{43}$/);
    }
    // Every digit but the first takes every value, or next to it: 62 of 62 in 500 tries, save once in a billion.
    for (const place of [1, 20, 42]) {
      expect(new Set(texts.map(({ secret }) => secret[place])).size).toBeGreaterThan(50);
    }
  });

  it('is no token once a character is another one', () => {
    const characters = [...'0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_-. \n\u00e9'];
    fc.assert(
      fc.property(fc.nat(100), fc.constantFrom(...characters), (place, character) => {
        const { text } = mintAccessToken(ACCOUNT, ID);
        fc.pre(text[place] !== character);
        expect(readAccessToken(text.slice(0, place) + character + text.slice(place + 1))).toBeUndefined();
      }),
      { numRuns: 2_000 },
    );
  });

  it('is no token once two neighbours are swapped, or a part is left out or added', () => {
    const { text } = mintAccessToken(ACCOUNT, ID);
    for (let at = 0; at < text.length - 1; at++) {
      const swapped = text.slice(0, at) + text[at + 1] + text[at] + text.slice(at + 2);
      if (swapped !== text) expect(readAccessToken(swapped)).toBeUndefined();
      expect(readAccessToken(text.slice(0, at))).toBeUndefined();
    }
    for (const other of [`${text}0`, ` ${text}`, `${text}\n`, `${text} `, `"${text}"`, `Bearer ${text}`]) {
      expect(readAccessToken(other)).toBeUndefined();
    }
  });

  it('is read of any text at all without a failure', () => {
    fc.assert(
      fc.property(fc.string(), text => {
        expect(readAccessToken(text)).toBeUndefined();
      }),
    );
  });

  it('has the parts of one token only: nothing of another fits', () => {
    const [one, other] = [mintAccessToken(ACCOUNT, ID), mintAccessToken('444455556666', ID)];
    const [prefix, , id, secret, checksum] = one.text.split('_');
    const forged = [prefix, '444455556666', id, secret, checksum].join('_');
    expect(readAccessToken(forged)).toBeUndefined();
    expect(readAccessToken(other.text)?.accountId).toBe('444455556666');
  });
});

it('is stored as the SHA-256 of its secret', () => {
  expect(hashSecret('abc').toString('hex')).toBe(
    'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
  );
});

it('is what the documented expression finds', () => {
  const text = readDocument('docs/operating.md');
  const [, expression = ''] = /`(swbt_\[[^`]+)`/.exec(text) ?? [];
  const { text: token } = mintAccessToken(ACCOUNT, ID);
  expect(`TOKEN="${token}";`.match(new RegExp(expression))?.[0]).toBe(token);
  expect(ACCESS_TOKENS.source).toBe(expression);
});
