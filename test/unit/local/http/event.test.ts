import { describe, expect, it } from 'vitest';
import { operations } from '../../../../lib/api/operations.ts';
import { readRequest } from '../../../../lib/api/request.ts';
import { callerOf } from '../../../../lib/identity/callerOf.ts';
import { toProxyEvent } from '../../../../local/http/event.ts';
import type { RawRequest } from '../../../../local/http/rawRequest.ts';
import { route } from '../../../../local/http/router.ts';
import { principalIdOf } from '../../../../local/identity/accessKey.ts';
import { ADMIN } from './signedRequest.ts';

const ann = { ...ADMIN, userName: 'ann', accountId: '111111111111' };
const arn = 'arn%3Aaws%3Aaidevops%3Aus-east-1%3A000000000000%3Aservice%2Fabc';

function eventOf(request: Partial<RawRequest>) {
  const raw = { method: 'GET', rawPath: '/', rawQuery: '', headers: [], body: Buffer.alloc(0), ...request };
  return toProxyEvent(raw, {
    route: route(raw.method, raw.rawPath),
    key: ann,
    sourceIp: '192.0.2.7',
    requestId: '5a1c0000-0000-4000-8000-000000000000',
    at: Date.parse('2026-11-03T20:26:04.351Z'),
    accountId: '000000000000',
    scheme: 'https',
  });
}

it('is what a REST API with IAM authorization hands to a function', () => {
  const event = eventOf({
    method: 'DELETE',
    rawPath: `/tags/${arn}`,
    rawQuery: 'tagKeys=a%20b&tagKeys=%C3%A9%26x%3Dy&other=1%2B1+1&flag',
    headers: [
      ['Host', 'switchboard.example.com'],
      ['User-Agent', 'aws-cli/1.45.11'],
      ['X-Many', 'one'],
      ['X-Many', 'two'],
      ['Authorization', 'AWS4-HMAC-SHA256 Credential=…'],
      ['Connection', 'keep-alive'],
      ['X-Forwarded-For', '203.0.113.1'],
    ],
  });
  const headers = {
    Host: 'switchboard.example.com',
    'User-Agent': 'aws-cli/1.45.11',
    'X-Many': 'two',
    'X-Forwarded-For': '192.0.2.7',
    'X-Forwarded-Proto': 'https',
  };
  expect(event).toEqual({
    resource: '/tags/{resourceArn}',
    path: `/tags/${arn}`,
    httpMethod: 'DELETE',
    headers,
    multiValueHeaders: {
      ...Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]])),
      'X-Many': ['one', 'two'],
    },
    queryStringParameters: { tagKeys: 'é&x=y', other: '1+1+1', flag: '' },
    multiValueQueryStringParameters: { tagKeys: ['a b', 'é&x=y'], other: ['1+1+1'], flag: [''] },
    pathParameters: { resourceArn: arn },
    stageVariables: null,
    body: null,
    isBase64Encoded: false,
    requestContext: {
      accountId: '000000000000',
      apiId: 'local',
      authorizer: undefined,
      domainName: 'switchboard.example.com',
      domainPrefix: 'switchboard',
      extendedRequestId: '5a1c0000-0000-4000-8000-000000000000',
      httpMethod: 'DELETE',
      identity: {
        accessKey: ADMIN.accessKeyId,
        accountId: '111111111111',
        apiKey: null,
        apiKeyId: null,
        caller: principalIdOf(ann),
        clientCert: null,
        cognitoAuthenticationProvider: null,
        cognitoAuthenticationType: null,
        cognitoIdentityId: null,
        cognitoIdentityPoolId: null,
        principalOrgId: null,
        sourceIp: '192.0.2.7',
        user: principalIdOf(ann),
        userAgent: 'aws-cli/1.45.11',
        userArn: 'arn:aws:iam::111111111111:user/ann',
      },
      path: `/local/tags/${arn}`,
      protocol: 'HTTP/1.1',
      requestId: '5a1c0000-0000-4000-8000-000000000000',
      requestTime: '03/Nov/2026:20:26:04 +0000',
      requestTimeEpoch: Date.parse('2026-11-03T20:26:04.351Z'),
      resourceId: 'UntagResource',
      resourcePath: '/tags/{resourceArn}',
      stage: 'local',
    },
  });
});

describe('what the handlers read from it', () => {
  it('a label, decoded once', () => {
    const event = eventOf({ rawPath: `/tags/${arn}` });
    expect(readRequest(operations.ListTagsForResource, event)).toEqual({
      resourceArn: decodeURIComponent(arn),
    });
  });

  it('a body, text or not', () => {
    const post = { method: 'POST', rawPath: '/v1/agentspaces' };
    const text = eventOf({ ...post, body: Buffer.from('{"name":"é"}') });
    expect([text.body, text.isBase64Encoded]).toEqual(['{"name":"é"}', false]);
    expect(readRequest(operations.CreateAgentSpace, text)).toEqual({ name: 'é' });
    const binary = eventOf({ ...post, body: Buffer.from([0xff, 0xfe]) });
    expect([binary.body, binary.isBase64Encoded]).toEqual(['//4=', true]);
  });

  it('a caller', () => {
    expect(callerOf(eventOf({ method: 'POST' }))).toEqual({
      accountId: '111111111111',
      type: 'IAMUser',
      arn: 'arn:aws:iam::111111111111:user/ann',
      principalId: principalIdOf(ann),
      accessKeyId: ADMIN.accessKeyId,
      userName: 'ann',
      sourceIp: '192.0.2.7',
      userAgent: '',
    });
  });

  it('names that every object has', () => {
    const event = eventOf({ method: 'POST', rawQuery: '__proto__=x', headers: [['__proto__', 'y']] });
    expect(Object.entries(event.queryStringParameters ?? {})).toEqual([['__proto__', 'x']]);
    expect(Object.keys(event.multiValueHeaders)).toContain('__proto__');
  });
});
