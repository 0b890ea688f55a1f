import { randomUUID } from 'node:crypto';
import { MAX_REQUEST_DEPTH } from './limits.ts';

/** A JSON text that was understood, or what is wrong with it. */
export type Parsed = { value: unknown } | { problem: string };

/** Sixteen digits and more, or an exponent: what a double may not hold. Also found in strings. */
const LONG_NUMBER = /\d[\d.]{15}|\d[eE]/;

/**
 * Parses what was sent to be passed on. Refused is what two parsers may understand differently: a member named twice,
 * nesting without end. Numbers that a double cannot hold keep their digits (as `JSON.rawJSON`).
 */
export function parseJson(text: string): Parsed {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { problem: 'the body is not valid JSON' };
  }
  const members = countMembers(value, MAX_REQUEST_DEPTH);
  if (members === undefined) return { problem: `the body is nested deeper than ${MAX_REQUEST_DEPTH} levels` };
  // Each member has one colon; more of them are in strings, or of members that are gone.
  if (!hasMore(text, ':', members) && !LONG_NUMBER.test(text)) return { value };
  const { colons, numbers } = outsideOfStrings(text);
  if (colons !== members) return { problem: 'the body has an object with a member named twice' };
  return { value: numbers.length > 0 ? withDigits(text, numbers) : value };
}

/** The value of a JSON text whose numbers keep their digits. @throws SyntaxError */
export function parseKeepingNumbers(text: string): unknown {
  if (!LONG_NUMBER.test(text)) return JSON.parse(text);
  const value: unknown = JSON.parse(text);
  const { numbers } = outsideOfStrings(text);
  return numbers.length > 0 ? withDigits(text, numbers) : value;
}

/** The JSON of a value that was parsed; nothing for one that is nested deeper than can be written. */
export function jsonOf(value: object): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
}

/** From its first character to the one behind its last. */
type Span = readonly [from: number, to: number];

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;

/**
 * What of a valid JSON text is in no string: how many colons, and the numbers that a double does not hold. No pattern:
 * one that passes over strings fails on those of some megabytes.
 */
function outsideOfStrings(text: string): { colons: number; numbers: Span[] } {
  let colons = 0;
  const numbers: Span[] = [];
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) at = endOfString(text, at);
    else if (code === COLON) colons++;
    else if (isOfNumber(code)) {
      const from = at;
      while (isOfNumber(text.charCodeAt(at + 1))) at++;
      if (isInexact(text.slice(from, at + 1))) numbers.push([from, at + 1]);
    }
  }
  return { colons, numbers };
}

/** Where the string that begins at `from` has its second quote: the one behind an even number of backslashes. */
function endOfString(text: string, from: number): number {
  for (let quote = text.indexOf('"', from + 1); ; quote = text.indexOf('"', quote + 1)) {
    let backslashes = 0;
    while (text.charCodeAt(quote - 1 - backslashes) === BACKSLASH) backslashes++;
    if (backslashes % 2 === 0) return quote;
  }
}

/** Digits, `+`, `-`, `.`, and `e`: of `true` and `false` too, which are no numbers. */
function isOfNumber(code: number): boolean {
  return (code >= 0x2b && code <= 0x39 && code !== 0x2c && code !== 0x2f) || code === 0x65 || code === 0x45;
}

/** Whether a number would be written otherwise once it is read. */
function isInexact(source: string): boolean {
  if (!LONG_NUMBER.test(source)) return false;
  const value = Number(source);
  return String(value) !== source && !(Number.isSafeInteger(value) && WHOLE.test(source));
}

/** Written with nothing behind the point that would count. */
const WHOLE = /^-?\d+(\.0+)?([eE]\+?\d+)?$/;

/** Begins strings that stand for a number while a text is parsed. Nobody else knows it. */
const MARK = randomUUID();

/**
 * The value of a text, some of its numbers as they are written. `JSON.parse` can tell of their source itself, and takes
 * fifty times as long for it.
 */
function withDigits(text: string, numbers: readonly Span[]): unknown {
  let marked = '';
  let done = 0;
  for (const [from, to] of numbers) {
    marked += `${text.slice(done, from)}"${MARK}${text.slice(from, to)}"`;
    done = to;
  }
  return unmarked(JSON.parse(marked + text.slice(done)));
}

/** Puts numbers in the place of what stands for them. Not by recursion: what servers send is of any depth. */
function unmarked(root: unknown): unknown {
  const whole = [root];
  const left: Record<string, unknown>[] = [whole as unknown as Record<string, unknown>];
  for (let one = left.pop(); one; one = left.pop()) {
    for (const name of Object.keys(one)) {
      const value = one[name];
      if (typeof value === 'object' && value !== null) left.push(value as Record<string, unknown>);
      else if (typeof value === 'string' && value.startsWith(MARK)) {
        one[name] = rawJson(value.slice(MARK.length));
      }
    }
  }
  return whole[0];
}

/** Not yet among TypeScript's types. */
const rawJson = (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON;

/** Members of all objects, or nothing where the value is deeper than `levels`. */
function countMembers(value: unknown, levels: number): number | undefined {
  if (typeof value !== 'object' || value === null) return 0;
  if (levels === 0) return undefined;
  const parts = Array.isArray(value) ? value : Object.values(value);
  let members = Array.isArray(value) ? 0 : parts.length;
  for (const part of parts) {
    const more = countMembers(part, levels - 1);
    if (more === undefined) return undefined;
    members += more;
  }
  return members;
}

/** Whether a character occurs more than so many times. */
function hasMore(text: string, character: string, times: number): boolean {
  let left = times;
  for (let at = text.indexOf(character); at >= 0; at = text.indexOf(character, at + 1)) {
    if (left-- === 0) return true;
  }
  return false;
}
