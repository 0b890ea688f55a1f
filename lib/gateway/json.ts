import { MAX_REQUEST_DEPTH } from './limits.ts';

/** A JSON text that was understood, or what is wrong with it. */
export type Parsed = { value: unknown } | { problem: string };

/** Sixteen digits and more, or an exponent: what a double may not hold. Looked for outside of strings. */
const LONG_NUMBER = /\d[\d.]{15}|\d[eE]/;

/** Strings of a JSON text that is known to be valid. */
const STRINGS = /"(?:[^"\\]|\\.)*"/g;

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
  if (count(text, ':') !== members && count(withoutStrings(text), ':') !== members) {
    return { problem: 'the body has an object with a member named twice' };
  }
  return { value: hasLongNumber(text) ? JSON.parse(text, keepDigits) : value };
}

/** The value of a JSON text whose numbers keep their digits. @throws SyntaxError */
export function parseKeepingNumbers(text: string): unknown {
  return hasLongNumber(text) ? JSON.parse(text, keepDigits) : JSON.parse(text);
}

/** The JSON of a value that was parsed; nothing for one that is nested deeper than can be written. */
export function jsonOf(value: object): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
}

/** Most texts have none, not even in strings. */
function hasLongNumber(text: string): boolean {
  return LONG_NUMBER.test(text) && LONG_NUMBER.test(withoutStrings(text));
}

function withoutStrings(text: string): string {
  return text.replace(STRINGS, '""');
}

/** For `JSON.parse` with source text access (ECMA-262, 25.5.1): a number that would be written otherwise stays as it is. */
function keepDigits(_name: string, value: unknown, context?: { source?: string }): unknown {
  const source = context?.source;
  if (typeof value !== 'number' || source === undefined || String(value) === source) return value;
  return Number.isSafeInteger(value) && WHOLE.test(source) ? value : rawJson(source);
}

/** Written with nothing behind the point that would count. */
const WHOLE = /^-?\d+(\.0+)?([eE]\+?\d+)?$/;

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

function count(text: string, character: string): number {
  let found = 0;
  for (let at = text.indexOf(character); at >= 0; at = text.indexOf(character, at + 1)) found++;
  return found;
}
