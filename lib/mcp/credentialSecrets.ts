import { base64Cores, hexOf } from '../egress/scrub.ts';

/** Shorter parts are words (`Bearer`, `Token`) rather than secrets. */
const MIN_PART = 8;

/**
 * What must never be shown of a credential: each header value, its longer parts, and what a Basic value encodes.
 * For `scrubServerText`, which knows the encodings that each may come back in.
 */
export function secretsOf(headers: Readonly<Record<string, string>>): string[] {
  return [...new Set(Object.values(headers).flatMap(value => [value, ...partsOf(value)]))];
}

function partsOf(value: string): string[] {
  const parts = value.split(/[\s,;="]+/).filter(part => part.length >= MIN_PART);
  return [...parts, ...basicParts(value)];
}

function basicParts(value: string): string[] {
  const encoded = /^basic\s+(\S+)$/i.exec(value)?.[1];
  if (!encoded) return [];
  const pair = Buffer.from(encoded, 'base64').toString();
  return [pair, pair.slice(pair.indexOf(':') + 1)];
}

/**
 * Whether a text holds a secret of at least eight characters: as it is, in hex, or in base64, and each of these JSON- or
 * URL-encoded, once or twice, alone or inside a longer value. Plain searches: definitions reach megabytes, where patterns
 * as in `scrubServerText` take seconds.
 */
export function holdsSecret(text: string, secrets: readonly string[]): boolean {
  const forms = formsOf(secrets);
  if (forms.some(form => text.includes(form))) return true;
  const bare = unescaped(text);
  return bare !== text && forms.some(form => bare.includes(form));
}

/** By the list that they were made from: one credential has many texts looked at. */
const known = new WeakMap<readonly string[], readonly string[]>();

function formsOf(secrets: readonly string[]): readonly string[] {
  const found = known.get(secrets) ?? newForms(secrets);
  known.set(secrets, found);
  return found;
}

function newForms(secrets: readonly string[]): string[] {
  const long = secrets.filter(secret => secret.length >= MIN_PART);
  const bare = long.map(unescaped).filter(secret => secret.length >= MIN_PART);
  return [...new Set([...long.flatMap(spellings), ...bare])];
}

function spellings(secret: string): string[] {
  const base64 = base64Cores(secret);
  const base64url = base64.map(core => core.replaceAll('+', '-').replaceAll('/', '_'));
  const hex = hexOf(secret);
  return [secret, encodeURIComponent(secret.toWellFormed()), ...base64, ...base64url, hex, hex.toUpperCase()];
}

/** Percent and JSON escapes undone and backslashes dropped, in a secret and in a text alike. */
function unescaped(text: string): string {
  if (!/[%\\]/.test(text)) return text;
  const character = (_: string, hex: string) => String.fromCharCode(Number.parseInt(hex, 16));
  // From the first backslash of a run alone: from each of them, a long run would take the square of its length.
  let bare = text.replace(/(?<!\\)\\+u([0-9a-f]{4})/gi, character);
  // Encoded twice is what proxies do; more is nobody's accident.
  for (let pass = 0; pass < 2; pass++) bare = bare.replace(/%([0-9a-f]{2})/gi, character);
  return bare.replaceAll('\\', '');
}
