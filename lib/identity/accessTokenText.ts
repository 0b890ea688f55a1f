import { hash, randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';

/** 256 bits, as many as the hash that is stored: guessing either is out of reach, so the hash need not be slow. */
const SECRET_BYTES = 32;
/** Base-62 digits that hold any 32 bytes, and any CRC-32. */
const SECRET_DIGITS = 43;
const CHECKSUM_DIGITS = 6;
/** In the order of ASCII. Letters and digits alone: the text passes every header, and a double click selects it. */
const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** `swbt_<account>_<token id>_<secret>_<checksum>`; docs/operating.md gives it to secret scanners. */
const ACCESS_TOKEN = /^(swbt_([0-9]{12})_([0-9a-f]{32})_([0-9A-Za-z]{43}))_([0-9A-Za-z]{6})$/;

/** Access tokens within other text, their checksums not looked at. */
export const ACCESS_TOKENS = new RegExp(ACCESS_TOKEN.source.replaceAll(/[()^$]/g, ''), 'g');

/** The same where the text may have been cut short: whatever holds some of a secret. */
export const ACCESS_TOKEN_PARTS = /swbt_[0-9]{12}_[0-9a-f]{32}_[0-9A-Za-z_]+/g;

/** What the text of an access token says, none of it proven. */
export interface AccessTokenParts {
  accountId: string;
  tokenId: string;
  secret: string;
}

/** A new secret, and the only text that ever holds it. */
export function mintAccessToken(accountId: string, tokenId: string): { text: string; secret: string } {
  const secret = base62(BigInt(`0x${randomBytes(SECRET_BYTES).toString('hex')}`), SECRET_DIGITS);
  const body = `swbt_${accountId}_${tokenId}_${secret}`;
  return { text: `${body}_${checksumOf(body)}`, secret };
}

/** The parts of a text that is an access token, its checksum included; `undefined` for any other. */
export function readAccessToken(text: string): AccessTokenParts | undefined {
  const [, body = '', accountId = '', tokenId = '', secret = '', checksum] = ACCESS_TOKEN.exec(text) ?? [];
  return checksum === checksumOf(body) ? { accountId, tokenId, secret } : undefined;
}

/** What is stored of a secret: its SHA-256. */
export function hashSecret(secret: string): Buffer {
  return hash('sha256', secret, 'buffer');
}

/** Finds every single misread character, so that mistyped tokens cost no read. It proves nothing. */
function checksumOf(body: string): string {
  return base62(BigInt(crc32(body)), CHECKSUM_DIGITS);
}

function base62(value: bigint, digits: number): string {
  let rest = value;
  let text = '';
  for (let place = 0; place < digits; place++) {
    text = DIGITS.charAt(Number(rest % 62n)) + text;
    rest /= 62n;
  }
  return text;
}
