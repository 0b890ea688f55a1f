import { createHash } from 'node:crypto';
import { Sha256 } from '@aws-crypto/sha256-js';
import { SignatureV4 } from '@smithy/signature-v4';
import type { OutgoingRequest } from '../mcp/authorizer.ts';
import { McpError } from '../mcp/mcpError.ts';
import type { AwsCredentials } from './awsCredentials.ts';

/** Headers that carry the signature. */
export const SIGNATURE_HEADERS = [
  'authorization',
  'x-amz-date',
  'x-amz-content-sha256',
  'x-amz-security-token',
] as const;

/** What to sign for, and with. */
export interface Signing {
  region: string;
  service: string;
  /** Sent and signed; names in lower case. */
  customHeaders: Readonly<Record<string, string>>;
  credentials: AwsCredentials;
  at: Date;
}

/**
 * The headers that sign a request (AWS Signature Version 4, header form, path encoded twice as every service
 * but S3 wants it). Signed are host, content type, date, body hash, session token, the custom headers and
 * MCP's own: nothing on the way to the server sets or changes those. Accept, user agent and the headers of
 * the connection are set later or belong to a hop, so they are left out.
 * @throws McpError `SIGNING_FAILED` where the query is not percent-encoded
 */
export async function signRequest(
  url: URL,
  request: OutgoingRequest,
  signing: Signing,
): Promise<Record<string, string>> {
  const { region, service, credentials, customHeaders, at } = signing;
  const added = { ...customHeaders, 'x-amz-content-sha256': sha256Hex(request.body ?? '') };
  const signer = new SignatureV4({ credentials, region, service, sha256: Sha256 });
  const signed = await signer.sign(
    {
      method: request.method,
      protocol: url.protocol,
      hostname: url.hostname,
      path: url.pathname,
      query: queryOf(url),
      headers: { ...signable(request.headers), ...added, host: url.host },
    },
    { signingDate: at },
  );
  const names = [...SIGNATURE_HEADERS, ...Object.keys(customHeaders)];
  return Object.fromEntries(
    names.flatMap(name => (signed.headers[name] === undefined ? [] : [[name, signed.headers[name]]])),
  );
}

function signable(headers: OutgoingRequest['headers']): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => name === 'content-type' || name.startsWith('mcp-')),
  );
}

/** A `+` stays a plus sign, as in every reader of SigV4 queries. */
function queryOf(url: URL): Record<string, string[]> {
  const query: Record<string, string[]> = Object.create(null);
  for (const pair of url.search.slice(1).split('&')) {
    if (pair === '') continue;
    const mark = pair.indexOf('=');
    const name = decode(mark < 0 ? pair : pair.slice(0, mark));
    const value = mark < 0 ? '' : decode(pair.slice(mark + 1));
    query[name] = [...(query[name] ?? []), value];
  }
  return query;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new McpError(
      'SIGNING_FAILED',
      'The query of the endpoint cannot be signed, because it is not valid percent-encoding. Correct the endpoint.',
    );
  }
}

function sha256Hex(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}
