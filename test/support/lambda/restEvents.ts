import { readFileSync } from 'node:fs';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import type { Operation } from '../../../lib/api/operation.ts';
import { labelsOf } from '../../../lib/api/path.ts';

/** Whose request: with IAM authorization, or on a route that browsers use. */
export type RestCaller = 'assumedRole' | 'iamUserOfAnotherAccount' | 'browser';

export interface RestParts {
  method: string;
  /** With `{labels}`, as API Gateway names a resource. */
  resource: string;
  /** As they come: percent-encoded. */
  labels?: Record<string, string>;
  query?: Record<string, string[]>;
  body?: string | Uint8Array;
  headers?: Record<string, string>;
}

/** Own values, in the shape that AWS documents and published events have. */
const shapeOf = (name: RestCaller): APIGatewayProxyEvent =>
  JSON.parse(readFileSync(new URL(`../../fixtures/apiGateway/${name}.json`, import.meta.url), 'utf8'));

/**
 * The event of a Lambda proxy integration of a regional REST API: members, nulls and spellings as API Gateway has
 * them. Bytes come encoded, text as it is.
 */
export function restEvent(caller: RestCaller, parts: RestParts): APIGatewayProxyEvent {
  const event = shapeOf(caller);
  const { method, resource, labels = {}, query, body, headers = {} } = parts;
  const path = Object.entries(labels).reduce(
    (all, [name, value]) => all.replace(`{${name}}`, value),
    resource,
  );
  const all = { ...event.headers, ...(body && { 'Content-Type': 'application/json' }), ...headers };
  const single = query && Object.entries(query).map(([name, values]) => [name, values.at(-1)]);
  const { requestContext: context } = event;
  return {
    ...event,
    resource,
    path,
    httpMethod: method,
    headers: all,
    multiValueHeaders: Object.fromEntries(
      Object.entries(all).map(([name, value]) => [name, [String(value)]]),
    ),
    queryStringParameters: single ? Object.fromEntries(single) : null,
    multiValueQueryStringParameters: query ?? null,
    pathParameters: Object.keys(labels).length > 0 ? labels : null,
    body: body === undefined ? null : typeof body === 'string' ? body : Buffer.from(body).toString('base64'),
    isBase64Encoded: body !== undefined && typeof body !== 'string',
    requestContext: {
      ...context,
      resourcePath: resource,
      httpMethod: method,
      path: `/${context.stage}${path}`,
      requestId: crypto.randomUUID(),
      requestTimeEpoch: Date.now(),
    },
  };
}

/** The same for an operation: labels percent-encoded, the rest of the input in query or body, as clients send it. */
export function operationEvent(
  caller: RestCaller,
  operation: Operation,
  input: object,
): APIGatewayProxyEvent {
  const rest = { ...input } as Record<string, unknown>;
  const take = (name: string) => {
    const value = rest[name];
    delete rest[name];
    return value;
  };
  const labels = Object.fromEntries(
    labelsOf(operation.path).map(name => [name, encodeURIComponent(String(take(name)))]),
  );
  const query = operation.query
    .filter(name => rest[name] !== undefined)
    .map(name => [name, [take(name)].flat().map(String)]);
  return restEvent(caller, {
    method: operation.method,
    resource: operation.path,
    labels,
    ...(query.length > 0 && { query: Object.fromEntries(query) }),
    ...(Object.keys(rest).length > 0 && { body: JSON.stringify(rest) }),
  });
}
