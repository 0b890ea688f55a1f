import { type OperationName, operations } from '../../lib/api/operations.ts';
import type { AccessKey } from '../../local/identity/accessKey.ts';
import { send, signedHeaders } from '../unit/local/http/signedRequest.ts';
import { type Answer, type AuditRecord, toRequest } from './app.ts';
import { ROOT_KEY } from './serverProcess.ts';

export type ClientKey = Pick<AccessKey, 'accessKeyId' | 'secretAccessKey'>;

/** An answer with the id that its audit event carries, and as it came over the wire. */
export interface SignedAnswer extends Answer {
  requestId: string;
  /** Status line left out: headers and body as text. */
  raw: string;
}

export interface SignedOptions {
  key?: ClientKey;
  /** Root to trust when the server speaks TLS. */
  ca?: string;
  /** Sent instead of the body that the input makes. */
  rawBody?: string;
}

/** Calls an operation over HTTP as an AWS SDK does: SigV4, service `aidevops`, or `cloudtrail` for LookupEvents. */
export async function signedCall(
  port: number,
  name: OperationName,
  input: object = {},
  { key = ROOT_KEY, ca, rawBody }: SignedOptions = {},
): Promise<SignedAnswer> {
  const operation = operations[name];
  const { method, rawPath, rawQuery, body: made } = toRequest(operation, input);
  const body = rawBody ?? made;
  const isTrail = operation.protocol === 'awsJson1_1';
  const headers = await signedHeaders(`127.0.0.1:${port}`, {
    method,
    path: rawPath,
    query: queryOf(rawQuery),
    service: isTrail ? 'cloudtrail' : 'aidevops',
    headers: isTrail
      ? { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `CloudTrail_20131101.${name}` }
      : { 'content-type': 'application/json' },
    body,
    key,
  });
  const answer = await send({
    port,
    method,
    target: rawQuery ? `${rawPath}?${rawQuery}` : rawPath,
    headers: { ...headers, 'content-length': Buffer.byteLength(body) },
    body,
    ...(ca && { ca }),
  });
  return toAnswer(answer);
}

function queryOf(rawQuery: string): Record<string, string[]> {
  const query = new URLSearchParams(rawQuery);
  return Object.fromEntries([...new Set(query.keys())].map(name => [name, query.getAll(name)]));
}

function toAnswer({ status, headers, text, json }: Awaited<ReturnType<typeof send>>): SignedAnswer {
  const plain = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
  const error = plain['x-amzn-errortype'];
  return {
    status,
    headers: plain,
    body: json,
    requestId: plain['x-amzn-requestid'] ?? '',
    raw: `${JSON.stringify(headers)}\n${text}`,
    ...(error ? { error } : {}),
  };
}

/** Every event that a look-up finds, newest first. */
export async function lookedUp(
  port: number,
  input: object = {},
  options: SignedOptions = {},
): Promise<AuditRecord[]> {
  const records: AuditRecord[] = [];
  let NextToken: string | undefined;
  do {
    const { body, error } = await signedCall(
      port,
      'LookupEvents',
      { ...input, ...(NextToken && { NextToken }) },
      options,
    );
    if (error) throw new Error(`LookupEvents: ${error} ${body.message}`);
    for (const { CloudTrailEvent } of body.Events) records.push(JSON.parse(CloudTrailEvent));
    NextToken = body.NextToken;
  } while (NextToken);
  return records;
}
