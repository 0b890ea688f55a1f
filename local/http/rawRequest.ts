import { fail, invalid } from '../../lib/api/errors.ts';

/** Header lines in the order and case of the wire; a name may occur more than once. */
export type RawHeaders = readonly (readonly [name: string, value: string])[];

/** A request as it came over the wire: nothing decoded, nothing normalised, so that signatures can be checked. */
export interface RawRequest {
  method: string;
  rawPath: string;
  rawQuery: string;
  headers: RawHeaders;
  body: Buffer;
}

/** RFC 3986, 3.3 (pchar and "/"): anything else must arrive percent-encoded. */
const PATH = /^\/[A-Za-z0-9\-._~!$&'()*+,;=:@%/]*$/;
/** RFC 3986, 3.4, and the printable characters that clients are known to leave as they are. */
const QUERY = /^[\x21-\x22\x24-\x7e]*$/;

/**
 * Splits an HTTP request target (origin form, RFC 9112, 3.2.1) into its raw path and raw query.
 * @throws ValidationException for other forms and for characters that no target may hold
 */
export function splitTarget(target: string): { rawPath: string; rawQuery: string } {
  const mark = target.indexOf('?');
  const rawPath = mark < 0 ? target : target.slice(0, mark);
  const rawQuery = mark < 0 ? '' : target.slice(mark + 1);
  if (!PATH.test(rawPath)) {
    throw invalid('', 'the request path must begin with / and be percent-encoded');
  }
  if (!QUERY.test(rawQuery)) throw invalid('', 'the query string must be percent-encoded');
  return { rawPath, rawQuery };
}

/**
 * The decoded pairs of a raw query, in order. A `+` stays a plus sign: that is how SigV4 reads it.
 * @throws ValidationException on broken percent-encoding
 */
export function queryPairs(rawQuery: string): [name: string, value: string][] {
  return rawQuery
    .split('&')
    .filter(pair => pair !== '')
    .map(pair => {
      const mark = pair.indexOf('=');
      const name = mark < 0 ? pair : pair.slice(0, mark);
      return [decode(name), mark < 0 ? '' : decode(pair.slice(mark + 1))];
    });
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw invalid('', 'the query string is not valid percent-encoding');
  }
}

/** `rawHeaders` of node:http as pairs. */
export function headerPairs(rawHeaders: readonly string[]): RawHeaders {
  const pairs: [string, string][] = [];
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    pairs.push([rawHeaders[i] as string, rawHeaders[i + 1] as string]);
  }
  return pairs;
}

/** All values of a header; `name` is lower case. */
export function valuesOf(headers: RawHeaders, name: string): string[] {
  // Most names differ in length already, which costs nothing to see.
  return headers
    .filter(([key]) => key.length === name.length && key.toLowerCase() === name)
    .map(([, value]) => value);
}

/**
 * The value of a header that may occur once; `name` is lower case.
 * @throws IncompleteSignatureException when it is repeated: two readers could pick different ones
 */
export function soleValue(headers: RawHeaders, name: string): string | undefined {
  const values = valuesOf(headers, name);
  if (values.length > 1) {
    throw fail('IncompleteSignatureException', `The header ${name} may be sent only once.`);
  }
  return values[0];
}

/** Text of a request for use in a message: printable ASCII, at most 200 characters. */
export function printable(text: string): string {
  const clean = text.replace(/[^\x20-\x7e]/g, '?');
  return clean.length > 200 ? `${clean.slice(0, 200)}...` : clean;
}
