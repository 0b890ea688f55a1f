import { Sha256 } from '@aws-crypto/sha256-js';
import { SignatureV4 } from '@smithy/signature-v4';
import { keys } from '../../lib/store/keys.ts';
import type { Load } from './loadClient.ts';
import type { RootKey } from './processes.ts';
import { seededServiceId } from './seed.ts';

/** A request without how often it is sent. */
export type Request = Omit<Load, 'concurrency' | 'seconds'>;

const REGION = 'us-east-1';

/** The two requests of which the rate is measured, not yet signed. */
export function getService(port: number, n: number): Request {
  return unsigned(port, 'GET', `/v1/services/${seededServiceId(n)}`);
}

export function listServices(port: number, maxResults: number): Request {
  return unsigned(port, 'POST', `/v1/services/list?maxResults=${maxResults}`);
}

function unsigned(port: number, method: 'GET' | 'POST', path: string): Request {
  return { origin: `http://127.0.0.1:${port}`, method, path, headers: {} };
}

/** Signs with the AWS SDK's own signer. A signature is good for minutes: one is enough for a run. */
export async function signed(request: Request, credentials: RootKey): Promise<Request> {
  const url = new URL(request.path, request.origin);
  const signer = new SignatureV4({ credentials, region: REGION, service: 'aidevops', sha256: Sha256 });
  const { headers } = await signer.sign({
    method: request.method,
    protocol: 'http:',
    hostname: url.host,
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
    headers: { ...request.headers, host: url.host },
    ...(request.body === undefined ? {} : { body: request.body }),
  });
  return { ...request, headers };
}

/** What a single read asks of the engine, sent to the engine itself. */
export function rawGetItem(engine: string, tableName: string, accountId: string, n: number): Request {
  const { pk, sk } = keys.service(accountId, seededServiceId(n));
  const Key = { pk: { S: pk }, sk: { S: sk } };
  return raw(engine, 'GetItem', { TableName: tableName, Key, ConsistentRead: true });
}

/** What a page asks of the engine: one item more than it shows. */
export function rawQuery(engine: string, tableName: string, accountId: string, page: number): Request {
  return raw(engine, 'Query', {
    TableName: tableName,
    ConsistentRead: true,
    Limit: page + 1,
    KeyConditionExpression: 'pk = :pk',
    ExpressionAttributeValues: { ':pk': { S: keys.services(accountId) } },
  });
}

/** A write of the size of an audit event with its three index entries, always of the same item. */
export function rawPut(engine: string, tableName: string): Request {
  const text = (value: string) => ({ S: value });
  const indexed = ['gsi1', 'gsi2', 'gsi3'].flatMap(name => [
    [`${name}pk`, text(`BENCH#${name}`)] as const,
    [`${name}sk`, text('one')] as const,
  ]);
  const Item = {
    pk: text('BENCH'),
    sk: text('one'),
    record: text('r'.repeat(1_000)),
    ...Object.fromEntries(indexed),
  };
  return raw(engine, 'PutItem', { TableName: tableName, Item });
}

/** The engines check no signature, but want to see one. */
function raw(engine: string, operation: string, input: object): Request {
  const { origin } = new URL(engine);
  const credential = `Credential=local/20260101/${REGION}/dynamodb/aws4_request`;
  return {
    origin,
    method: 'POST',
    path: '/',
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': `DynamoDB_20120810.${operation}`,
      'x-amz-date': '20260101T000000Z',
      authorization: `AWS4-HMAC-SHA256 ${credential}, SignedHeaders=host;x-amz-date, Signature=${'0'.repeat(64)}`,
    },
    body: JSON.stringify(input),
  };
}
