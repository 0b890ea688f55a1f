import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import type { LambdaFunctionURLEvent, LambdaFunctionURLEventWithIAMAuthorizer } from 'aws-lambda';
import { type AccessKey, arnOf, principalIdOf } from '../identity/accessKey.ts';

/** What the server knows of an agent's request beside its bytes. */
export interface AgentRequestFacts {
  rawPath: string;
  rawQuery: string;
  body: Buffer;
  /** Whose signature was verified; left out where there is none. */
  key?: AccessKey | undefined;
  sourceIp: string;
  requestId: string;
  /** Arrival, epoch milliseconds. */
  at: number;
  accountId: string;
}

/** The event that a function URL hands to its function (payload format 2.0), with IAM authorization or without. */
export function toFunctionUrlEvent(
  request: IncomingMessage,
  facts: AgentRequestFacts,
): LambdaFunctionURLEvent | LambdaFunctionURLEventWithIAMAuthorizer {
  const { rawPath, rawQuery, body, key, sourceIp, requestId, at } = facts;
  const method = request.method ?? '';
  const isText = isUtf8(body);
  const host = request.headers.host ?? '';
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath,
    rawQueryString: rawQuery,
    // Node joins what came more than once, as function URLs do.
    headers: request.headers as Record<string, string>,
    requestContext: {
      accountId: 'anonymous',
      apiId: 'local',
      ...(key && { authorizer: { iam: iamOf(key) } }),
      domainName: host,
      domainPrefix: host,
      http: {
        method,
        path: rawPath,
        protocol: 'HTTP/1.1',
        sourceIp,
        userAgent: request.headers['user-agent'] ?? '',
      },
      requestId,
      routeKey: '$default',
      stage: '$default',
      time: '',
      timeEpoch: at,
    },
    body: body.toString(isText ? 'utf8' : 'base64'),
    isBase64Encoded: !isText,
  } as LambdaFunctionURLEvent;
}

function iamOf(key: AccessKey) {
  return {
    accessKey: key.accessKeyId,
    accountId: key.accountId,
    callerId: principalIdOf(key),
    userArn: arnOf(key),
    userId: principalIdOf(key),
  };
}
