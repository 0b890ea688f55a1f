import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

export interface DocumentClientOptions {
  region: string;
  /** Another engine than the region's DynamoDB. */
  endpoint?: string;
  /** The SDK's default chain when left out. */
  credentials?: NonNullable<DynamoDBClientConfig['credentials']>;
  /** Milliseconds for one try of a request; 5,000 when left out. */
  requestTimeoutMs?: number;
}

/** Milliseconds to connect: within a region, or on loopback, a connection that takes longer is lost. */
const CONNECT_TIMEOUT_MS = 1_000;
/** Milliseconds for a whole request: DynamoDB answers in tens; three tries stay below API Gateway's 29 s. */
const REQUEST_TIMEOUT_MS = 5_000;
/** The first try and two more, the SDK's standard. */
const MAX_ATTEMPTS = 3;
/** Sockets per process: one Lambda instance needs a few, the embedded server one per request in flight. */
const MAX_SOCKETS = 128;

/** A document client with kept-alive connections, bounded time and bounded retries; `undefined` members are dropped. */
export function createDocumentClient(options: DocumentClientOptions): DynamoDBDocumentClient {
  const agent = { keepAlive: true, maxSockets: MAX_SOCKETS };
  const client = new DynamoDBClient({
    region: options.region,
    ...(options.endpoint === undefined ? {} : { endpoint: options.endpoint }),
    ...(options.credentials === undefined ? {} : { credentials: options.credentials }),
    maxAttempts: MAX_ATTEMPTS,
    retryMode: 'standard',
    requestHandler: {
      connectionTimeout: CONNECT_TIMEOUT_MS,
      requestTimeout: options.requestTimeoutMs ?? REQUEST_TIMEOUT_MS,
      throwOnRequestTimeout: true,
      httpAgent: agent,
      httpsAgent: agent,
    },
  });
  return DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
}
