import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';

/** A request to DynamoDB, as its document client takes it. */
export interface StoreCall {
  /** Such as `PutItem`. */
  action: string;
  input: unknown;
}

export interface RecordingStore {
  endpoint: string;
  /** The calls since this was asked last. */
  take(): StoreCall[];
  close(): void;
}

/** Headers that each of the two connections has of its own. */
const OF_THE_CONNECTION = new Set([
  'connection',
  'content-length',
  'host',
  'keep-alive',
  'transfer-encoding',
]);

/** Stands before a DynamoDB endpoint on loopback, hands everything on, and remembers what was asked. */
export async function recordingStore(endpoint: string): Promise<RecordingStore> {
  let calls: StoreCall[] = [];
  const server = createServer(async (request, response) => {
    const body = await buffer(request);
    const target = String(request.headers['x-amz-target']);
    calls.push({ action: target.split('.')[1] ?? '', input: plain(JSON.parse(body.toString())) });
    const headers = Object.entries(request.headers).filter(([name]) => !OF_THE_CONNECTION.has(name));
    const sent = headers.map(([name, value]) => [name, String(value)] as [string, string]);
    const answer = await fetch(endpoint, { method: 'POST', headers: sent, body });
    response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' });
    response.end(await answer.text());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    take() {
      const taken = calls;
      calls = [];
      return taken;
    },
    close: () => void server.close(),
  };
}

/** Members that hold attributes by name. */
const MARSHALLED = new Set(['Item', 'Key', 'ExclusiveStartKey', 'ExpressionAttributeValues']);

function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name,
      MARSHALLED.has(name) ? unmarshall(member as Record<string, AttributeValue>) : plain(member),
    ]),
  );
}
