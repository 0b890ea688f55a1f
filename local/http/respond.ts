import type { IncomingMessage, ServerResponse } from 'node:http';
import type { APIGatewayProxyResult } from 'aws-lambda';
import { drain } from './body.ts';

/** Of the connection, not of the message (RFC 9110, 7.6.1): no handler decides them. */
const CONNECTION_HEADERS: readonly string[] = [
  'connection',
  'content-length',
  'keep-alive',
  'transfer-encoding',
  'upgrade',
];

/** Answers hold names and addresses of an account's servers, and are never a page. */
const ALWAYS = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' };

/** Writes a Lambda proxy result to the wire, with the request id and the security headers. */
export async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  result: APIGatewayProxyResult,
  requestId: string,
): Promise<void> {
  const body = bodyOf(request, result);
  response.statusCode = result.statusCode;
  for (const [name, value] of headersOf(result)) response.setHeader(name, value);
  for (const [name, value] of Object.entries(ALWAYS)) response.setHeader(name, value);
  response.setHeader('x-amzn-requestid', requestId);
  if (body && !response.hasHeader('content-type')) response.setHeader('content-type', 'application/json');
  if (body) response.setHeader('content-length', body.length);
  if (request.complete) {
    response.end(body);
    return;
  }
  // Refused before its body was read: the answer first, then what is left of the body.
  response.setHeader('connection', 'close');
  if (body) response.write(body);
  else response.flushHeaders();
  await drain(request);
  response.end();
}

/** Whether a handler's answer has the shape that API Gateway takes; it answers 502 to any other. */
export function isProxyResult(value: unknown): value is APIGatewayProxyResult {
  if (typeof value !== 'object' || value === null || !('statusCode' in value)) return false;
  const { statusCode } = value;
  return (
    typeof statusCode === 'number' && Number.isInteger(statusCode) && statusCode >= 200 && statusCode < 600
  );
}

function bodyOf(request: IncomingMessage, { statusCode, body, isBase64Encoded }: APIGatewayProxyResult) {
  if (statusCode === 204 || statusCode === 304) return undefined;
  const bytes = Buffer.from(body ?? '', isBase64Encoded ? 'base64' : 'utf8');
  return request.method === 'HEAD' ? undefined : bytes;
}

function headersOf({ headers, multiValueHeaders }: APIGatewayProxyResult): [string, string | string[]][] {
  const single = Object.entries(headers ?? {}).map(([name, value]): [string, string] => [
    name,
    String(value),
  ]);
  const many = Object.entries(multiValueHeaders ?? {}).map(([name, values]): [string, string[]] => [
    name,
    values.map(String),
  ]);
  return [...single, ...many].filter(([name]) => !CONNECTION_HEADERS.includes(name.toLowerCase()));
}
