import { isUtf8 } from 'node:buffer';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import { type AccessKey, arnOf, principalIdOf } from '../identity/accessKey.ts';
import { queryPairs, type RawHeaders, type RawRequest, valuesOf } from './rawRequest.ts';
import type { Route } from './router.ts';

/** Of a route, what an event tells. */
interface EventRoute extends Pick<Route, 'rawLabels'> {
  operation: Pick<Route['operation'], 'name' | 'path'>;
}

/** What the server knows of a request beside its bytes. */
export interface RequestFacts {
  route: EventRoute;
  /** Whose signature was verified; left out on routes that browsers use. */
  key?: AccessKey | undefined;
  sourceIp: string;
  requestId: string;
  /** Arrival, epoch milliseconds. */
  at: number;
  /** The account of the deployment. */
  accountId: string;
  scheme: 'http' | 'https';
}

const STAGE = 'local';
const API_ID = 'local';

/** API Gateway keeps the connection's own headers to itself; handlers need no credential. */
const WITHHELD: readonly string[] = ['authorization', 'connection', 'content-length', 'x-amz-security-token'];

/**
 * The event that an API Gateway REST API with IAM authorization hands to a Lambda proxy integration:
 * path and path parameters percent-encoded as sent, query decoded, the caller in `requestContext.identity`.
 */
export function toProxyEvent(request: RawRequest, facts: RequestFacts): APIGatewayProxyEvent {
  const headers = visibleHeaders(request.headers, facts);
  const query = queryPairs(request.rawQuery);
  const binary = !isUtf8(request.body);
  return {
    resource: facts.route.operation.path,
    path: request.rawPath,
    httpMethod: request.method,
    headers: Object.fromEntries(headers),
    multiValueHeaders: grouped(headers),
    queryStringParameters: orNull(Object.fromEntries(query)),
    multiValueQueryStringParameters: orNull(grouped(query)),
    pathParameters: orNull({ ...facts.route.rawLabels }),
    stageVariables: null,
    body: request.body.length === 0 ? null : request.body.toString(binary ? 'base64' : 'utf8'),
    isBase64Encoded: binary,
    requestContext: requestContext(request, facts),
  };
}

function requestContext(
  request: RawRequest,
  { route, key, sourceIp, requestId, at, accountId }: RequestFacts,
): APIGatewayProxyEvent['requestContext'] {
  const domainName = valuesOf(request.headers, 'host')[0] ?? '';
  return {
    accountId,
    apiId: API_ID,
    authorizer: undefined,
    domainName,
    domainPrefix: domainName.split('.')[0],
    extendedRequestId: requestId,
    httpMethod: request.method,
    identity: identityOf(key, sourceIp, valuesOf(request.headers, 'user-agent')[0] ?? null),
    path: `/${STAGE}${request.rawPath}`,
    protocol: 'HTTP/1.1',
    requestId,
    requestTime: logTime(at),
    requestTimeEpoch: at,
    resourceId: route.operation.name,
    resourcePath: route.operation.path,
    stage: STAGE,
  };
}

function identityOf(
  key: AccessKey | undefined,
  sourceIp: string,
  userAgent: string | null,
): APIGatewayProxyEvent['requestContext']['identity'] {
  const principalId = key ? principalIdOf(key) : null;
  return {
    accessKey: key?.accessKeyId ?? null,
    accountId: key?.accountId ?? null,
    apiKey: null,
    apiKeyId: null,
    caller: principalId,
    clientCert: null,
    cognitoAuthenticationProvider: null,
    cognitoAuthenticationType: null,
    cognitoIdentityId: null,
    cognitoIdentityPoolId: null,
    principalOrgId: null,
    sourceIp,
    user: principalId,
    userAgent,
    userArn: key ? arnOf(key) : null,
  };
}

function visibleHeaders(headers: RawHeaders, { sourceIp, scheme }: RequestFacts): [string, string][] {
  const kept = headers.filter(([name]) => {
    const lower = name.toLowerCase();
    return !WITHHELD.includes(lower) && !lower.startsWith('x-forwarded-');
  });
  return [
    ...kept.map(([name, value]): [string, string] => [name, value]),
    ['X-Forwarded-For', sourceIp],
    ['X-Forwarded-Proto', scheme],
  ];
}

function grouped(pairs: readonly (readonly [string, string])[]): Record<string, string[]> {
  const names = new Map<string, string[]>();
  for (const [name, value] of pairs) names.set(name, [...(names.get(name) ?? []), value]);
  return Object.fromEntries(names);
}

function orNull<T extends object>(value: T): T | null {
  return Object.keys(value).length === 0 ? null : value;
}

/** Common log format, as `requestTime` has it: `23/Nov/2026:20:26:04 +0000`. */
function logTime(at: number): string {
  const [, day, month, year, time] = new Date(at).toUTCString().split(' ');
  return `${day}/${month}/${year}:${time} +0000`;
}
