import { HIDDEN } from './marks.ts';

/** Shorter ones are words that many messages hold. */
const MIN_SCRUBBED = 8;

/** No message of ours is longer, unless it repeats a hostile request: that one is hidden whole. */
const MAX_MESSAGE = 16_384;

/** A message without the given strings, plain or escaped as in a JSON Pointer (RFC 6901 §3). */
export function scrub(message: string, withheld: readonly string[]): string {
  if (message.length > MAX_MESSAGE) return HIDDEN;
  // The longest first: one may be part of another.
  const secrets = withheld.filter(text => text.length >= MIN_SCRUBBED).sort((a, b) => b.length - a.length);
  let clean = message;
  for (const secret of secrets) {
    clean = clean.replaceAll(secret, HIDDEN);
    const escaped = secret.replaceAll('~', '~0').replaceAll('/', '~1');
    if (escaped !== secret) clean = clean.replaceAll(escaped, HIDDEN);
  }
  return clean;
}
