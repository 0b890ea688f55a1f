import { createHash } from 'node:crypto';
import { type RawHeaders, type RawRequest, valuesOf } from '../http/rawRequest.ts';

/** The parts of a canonical request that do not depend on how the client canonicalised its path. */
export interface CanonicalParts {
  method: string;
  query: string;
  headers: string;
  signedHeaders: string;
  payloadHash: string;
}

/** Everything but the path of the canonical request (AWS Signature Version 4, "Create a canonical request"). */
export function canonicalParts(
  request: RawRequest,
  query: readonly (readonly [string, string])[],
  signedHeaders: readonly string[],
): CanonicalParts {
  return {
    method: request.method,
    query: canonicalQuery(query),
    headers: canonicalHeaders(request.headers, signedHeaders),
    signedHeaders: signedHeaders.join(';'),
    payloadHash: sha256Hex(request.body),
  };
}

/** SHA-256 of the canonical request with the given path, in hex. */
export function canonicalHash(parts: CanonicalParts, path: string): string {
  const { method, query, headers, signedHeaders, payloadHash } = parts;
  const text = [method, path, query, headers, '', signedHeaders, payloadHash].join('\n');
  // node:http hands header bytes out as Latin-1: this restores the bytes that the client signed.
  return sha256Hex(Buffer.from(text, 'latin1'));
}

/**
 * The paths that clients sign for one raw path: botocore and the AWS SDKs encode the wire path once more
 * (every service but S3 does so), curl before 8 and hand-made signers take it as it is. Neither form is
 * normalised: the router refuses paths that normalising would change.
 */
export function canonicalPaths(rawPath: string): [asSent: string, encodedOnceMore: string] {
  return [rawPath, rawPath.split('/').map(encodeUri).join('/')];
}

function canonicalQuery(pairs: readonly (readonly [string, string])[]): string {
  return pairs
    .map(([name, value]) => [encodeUri(name), encodeUri(value)] as const)
    .sort(([a, x], [b, y]) => compare(a, b) || compare(x, y))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}

function canonicalHeaders(headers: RawHeaders, signed: readonly string[]): string {
  return signed.map(name => `${name}:${valuesOf(headers, name).map(collapse).join(',')}`).join('\n');
}

function collapse(value: string): string {
  return value.replace(/[ \t]+/g, ' ').trim();
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** RFC 3986 unreserved characters stay, all others are encoded (SigV4's UriEncode). */
function encodeUri(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    char => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** SHA-256 in lower-case hex. */
export function sha256Hex(data: Buffer): string {
  return createHash('sha256').update(data).digest('hex');
}
