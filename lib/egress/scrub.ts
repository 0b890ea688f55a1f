/** What a person needs to see of a server's own words; keeps errors and events small. Bytes of UTF-8. */
const maxBytes = 1024;
/** Patterns stay small; what follows in a longer secret is swallowed to the next space or quote. */
const maxPatternCharacters = 512;
/** Shorter texts are no secrets, and removing them would shred the rest. */
const minSecretCharacters = 4;

const removed = '[removed]';

/**
 * CSI and OSC sequences (ECMA-48, 5.4 and 5.6): a control that is no white space, or a one-byte introducer, and what
 * belongs to it. Linear in the text, which util.stripVTControlCharacters is not.
 */
const escapes =
  /(?:[^\P{Cc}\s]\[|\u009b)[0-?]*[ -/]*[@-~]?|(?:[^\P{Cc}\s]\]|\u009d)\P{Cc}*(?:[^\P{Cc}\s]\\?)?/gu;
/** Controls, bidi and other invisible characters, lone surrogates, private use. */
const invisible = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Default_Ignorable_Code_Point}]/gu;

/**
 * A server's text made fit for an error, log or page: escapes and invisible characters stripped, white space folded,
 * every given secret removed (plain, URL- or JSON-encoded, hex, base64 and base64url, alone or inside a longer value
 * such as `Bearer x` or `user:x`), at most 1 KB of UTF-8, cut at a character and marked with …. HTML is left as it is.
 */
export function scrubServerText(text: string, secrets: readonly string[]): string {
  // First strip, then remove: an invisible character may split a secret.
  const visible = strip(text);
  const clean = patternsOf(secrets).reduce((rest, pattern) => rest.replace(pattern, removed), visible);
  return shorten(clean);
}

function strip(text: string): string {
  return text.replace(escapes, '').replace(/\s/g, ' ').replace(invisible, '').replace(/ +/g, ' ').trim();
}

/** By the list that they were made from: a server may have thousands of names looked at with one credential. */
const known = new WeakMap<readonly string[], RegExp[]>();

function patternsOf(secrets: readonly string[]): RegExp[] {
  const made = known.get(secrets) ?? patterns(secrets);
  known.set(secrets, made);
  return made;
}

function patterns(secrets: readonly string[]): RegExp[] {
  // The credential after a scheme ("Bearer x") is a secret of its own.
  const all = secrets.flatMap(secret => [
    secret,
    strip(secret),
    /^\S+\s+(\S+)$/.exec(secret.trim())?.[1] ?? '',
  ]);
  const long = [...new Set(all)].filter(secret => secret.length >= minSecretCharacters);
  // Longest first: a shorter one inside must not leave the rest standing.
  long.sort((a, b) => b.length - a.length);
  return long.flatMap(secret => [
    plainPattern(secret),
    ...base64Cores(secret).map(core => encodedPattern(core, 'g', '[\\w+/=%-]*')),
    encodedPattern(hexOf(secret).slice(0, maxPatternCharacters), 'gi', '[0-9a-f]*'),
  ]);
}

function plainPattern(secret: string): RegExp {
  const long = secret.length > maxPatternCharacters;
  return encodedPattern(secret.slice(0, maxPatternCharacters), 'gi', long ? '[^\\s"\'<>]*' : '');
}

function encodedPattern(text: string, flags: string, tail: string): RegExp {
  return new RegExp(Array.from(text, characterPattern).join('') + tail, flags);
}

/** One character as it is, percent-encoded, as a JSON escape, or as an HTML reference. */
function characterPattern(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const percent = [...new TextEncoder().encode(character)].map(byte => `%${anyCaseHex(byte, 2)}`).join('');
  const json = Array.from(
    { length: character.length },
    (_, i) => `\\\\u${anyCaseHex(character.charCodeAt(i), 4)}`,
  );
  const forms = [
    literal(character),
    percent,
    json.join(''),
    `&#0*${code};`,
    `&#[xX]0*${anyCaseHex(code, 1)};`,
  ];
  if (/[/"\\]/.test(character)) forms.push(`\\\\${literal(character)}`);
  if (character === ' ') forms.push('\\+');
  if (character === '+' || character === '-') forms.push('[+-]');
  if (character === '/' || character === '_') forms.push('[/_]');
  return `(?:${forms.join('|')})`;
}

function anyCaseHex(value: number, digits: number): string {
  const hex = value.toString(16).padStart(digits, '0');
  return hex.replace(/[a-f]/g, digit => `[${digit}${digit.toUpperCase()}]`);
}

function literal(character: string): string {
  return /\w/.test(character) || character > '\x7f'
    ? character
    : `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
}

/**
 * What the base64 of any text that holds the secret must contain: one form for each of the three alignments, without
 * the characters at both ends that neighbours have a share in.
 */
export function base64Cores(secret: string): string[] {
  const bytes = Buffer.from(secret);
  return [0, 1, 2]
    .map(shift => {
      const encoded = Buffer.concat([Buffer.alloc(shift), bytes]).toString('base64');
      return encoded.slice(Math.ceil((shift * 8) / 6), Math.floor(((shift + bytes.length) * 8) / 6));
    })
    .filter(core => core.length >= minSecretCharacters)
    .map(core => core.slice(0, maxPatternCharacters));
}

/** The bytes of a text in lower-case hex. */
export function hexOf(text: string): string {
  return Buffer.from(text).toString('hex');
}

function shorten(text: string): string {
  const encoder = new TextEncoder();
  if (encoder.encode(text).length <= maxBytes) return text;
  const mark = '…';
  const room = new Uint8Array(maxBytes - encoder.encode(mark).length);
  return text.slice(0, encoder.encodeInto(text, room).read) + mark;
}
