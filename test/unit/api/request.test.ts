import type { APIGatewayProxyEvent } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { ApiError } from '../../../lib/api/errors.ts';
import type { Operation } from '../../../lib/api/operation.ts';
import { operations } from '../../../lib/api/operations.ts';
import { readRequest } from '../../../lib/api/request.ts';

function eventOf(request: Partial<APIGatewayProxyEvent>): APIGatewayProxyEvent {
  return { headers: {}, body: null, isBase64Encoded: false, ...request } as APIGatewayProxyEvent;
}

const read = (operation: Operation, request: Partial<APIGatewayProxyEvent>) =>
  readRequest(operation, eventOf(request));

/** The code of a refusal, and where it points. */
function refusal(operation: Operation, request: Partial<APIGatewayProxyEvent>): string {
  try {
    return `none: ${JSON.stringify(read(operation, request))}`;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const { failure } = error;
    return `${failure.code} ${'fieldList' in failure ? failure.fieldList.map(({ path }) => path) : ''}`.trim();
  }
}

const space = (body: string) => ({ body });

describe('a body', () => {
  it('may be left out, empty or white space', () => {
    for (const body of [null, '', ' \r\n\t ']) {
      expect(read(operations.ListServices, { body })).toEqual({});
    }
  });

  it('has its null members dropped, as AWS SDKs mean them, and nothing else changed', () => {
    const body = '{"name":null,"tags":{"a":null,"b":""},"list":[null,{"c":null}],"zero":0,"no":false}';
    expect(read(operations.CreateAgentSpace, { body })).toEqual({
      tags: { b: '' },
      list: [null, {}],
      zero: 0,
      no: false,
    });
  });

  it('may come in base64', () => {
    const body = Buffer.from('{"name":"Überwachung"}').toString('base64');
    expect(read(operations.CreateAgentSpace, { body, isBase64Encoded: true })).toEqual({
      name: 'Überwachung',
    });
  });

  // No schema sees these in free-form values, such as parameters of a token request.
  it.each([
    ['a control character', '{"a":{"b":["x\\u0000y"]}}', '/a/b/0'],
    ['a line break', '{"a":"x\\ny"}', '/a'],
    ['a carriage return', '{"a":"x\\ry"}', '/a'],
    ['DEL', '{"a":"x\\u007fy"}', '/a'],
    ['a lone surrogate', '{"a":[[{"b":"\\ud800"}]]}', '/a/0/0/b'],
    ['a control character in a name', '{"a":{"b\\u0001":1}}', '/a'],
    ['a lone surrogate in a name', '{"a":{"\\udc00":1}}', '/a'],
    ['__proto__', '{"a":{"__proto__":{}}}', '/a/__proto__'],
    ['a name of a pointer’s own characters', '{"a/b~c":{"d":"\\u0007"}}', '/a~1b~0c/d'],
  ])('with %s is refused where it stands', (_, body, path) => {
    expect(refusal(operations.CreateAgentSpace, space(body))).toBe(`ValidationException ${path}`);
  });

  it('may hold tabs', () => {
    expect(read(operations.CreateAgentSpace, space('{"name":"a\\tb"}'))).toEqual({ name: 'a\tb' });
  });

  it.each([['[]'], ['"text"'], ['1'], ['null'], ['{"a":'], ['{}{}']])('of %s is refused', body => {
    expect(refusal(operations.CreateAgentSpace, space(body))).toBe('ValidationException');
  });

  it('of 256 KB is read, and of one byte more is not', () => {
    const body = JSON.stringify({ name: 'x'.repeat(256 * 1024 - 11) });
    expect(Buffer.byteLength(body)).toBe(256 * 1024);
    expect(read(operations.CreateAgentSpace, { body })).toHaveProperty('name');
    expect(refusal(operations.CreateAgentSpace, { body: `${body} ` })).toBe('ContentSizeExceededException');
  });

  it('holds no member that belongs into the URL', () => {
    const inPath = { pathParameters: { agentSpaceId: 'x' }, body: '{"agentSpaceId":"y"}' };
    expect(refusal(operations.UpdateAgentSpace, inPath)).toBe('ValidationException /agentSpaceId');
    expect(refusal(operations.ListServices, space('{"maxResults":1}'))).toBe(
      'ValidationException /maxResults',
    );
  });
});

describe('the URL', () => {
  it('gives labels, decoded once', () => {
    const resourceArn = 'arn%3Aaws%3Aaidevops%3Aus-east-1%3A000000000000%3Aservice%2Fa';
    expect(read(operations.ListTagsForResource, { pathParameters: { resourceArn } })).toEqual({
      resourceArn: 'arn:aws:aidevops:us-east-1:000000000000:service/a',
    });
    const twice = { pathParameters: { serviceId: 'a%252fb' } };
    expect(read(operations.GetService, twice)).toEqual({ serviceId: 'a%2fb' });
    expect(refusal(operations.GetService, { pathParameters: { serviceId: '%zz' } })).toBe(
      'ValidationException /serviceId',
    );
  });

  it('gives query members, lists only where a member is one', () => {
    const multiValueQueryStringParameters = { maxResults: ['5'] };
    expect(read(operations.ListServices, { multiValueQueryStringParameters })).toEqual({ maxResults: '5' });
    const tags = {
      pathParameters: { resourceArn: 'x' },
      multiValueQueryStringParameters: { tagKeys: ['a'] },
    };
    expect(read(operations.UntagResource, tags)).toEqual({ resourceArn: 'x', tagKeys: ['a'] });
  });

  it.each([
    ['maxResults', ['1', '2']],
    ['serviceId', ['x']],
    ['constructor', ['x']],
  ])('is refused for a query with %s %j', (name, values) => {
    expect(refusal(operations.ListServices, { multiValueQueryStringParameters: { [name]: values } })).toBe(
      `ValidationException /${name}`,
    );
  });
});

describe('X-Amz-Target', () => {
  const prefix = 'com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101';

  it('may be left out, and in any case of its name is the operation', () => {
    expect(read(operations.LookupEvents, {})).toEqual({});
    for (const name of ['X-Amz-Target', 'x-amz-target']) {
      expect(read(operations.LookupEvents, { headers: { [name]: `${prefix}.LookupEvents` } })).toEqual({});
    }
  });

  it('of another operation is refused', () => {
    for (const target of [`${prefix}.DescribeTrails`, 'LookupEvents2', '']) {
      expect(refusal(operations.LookupEvents, { headers: { 'X-Amz-Target': target } })).toBe(
        'UnknownOperationException',
      );
    }
  });

  it('says nothing to operations of the other protocol', () => {
    expect(
      read(operations.ListServices, { headers: { 'X-Amz-Target': `${prefix}.DescribeTrails` } }),
    ).toEqual({});
  });
});
