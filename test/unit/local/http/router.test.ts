import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ApiError } from '../../../../lib/api/errors.ts';
import { operationList } from '../../../../lib/api/operations.ts';
import { labelsOf } from '../../../../lib/api/path.ts';
import { route } from '../../../../local/http/router.ts';

function refusal(method: string, path: string) {
  try {
    return route(method, path).operation.name;
  } catch (error) {
    if (error instanceof ApiError) return error.failure;
    throw error;
  }
}

const table = operationList.map(operation => [operation.name, operation] as const);

describe('the whole table', () => {
  it.each(table)('%s', (name, operation) => {
    const path = operation.path.replace(/\{(\w+)\}/g, (_, label) => `a%20${label}`);
    const found = route(operation.method, path);
    expect(found.operation.name).toBe(name);
    const labels = labelsOf(operation.path);
    expect(found.rawLabels).toEqual(Object.fromEntries(labels.map(label => [label, `a%20${label}`])));
    expect(found.labels).toEqual(Object.fromEntries(labels.map(label => [label, `a ${label}`])));
  });

  it.each(table.filter(([, { path }]) => path.includes('{')))('%s without its ids', (_, operation) => {
    const path = operation.path.replace(/\{\w+\}/g, '');
    const first = labelsOf(operation.path)[0];
    expect(refusal(operation.method, path)).toMatchObject({
      code: 'ValidationException',
      fieldList: [{ path: `/${first}`, message: 'must not be empty' }],
    });
  });

  it.each(['..', '.', '%2e%2e', '%2E', '..%2fx', 'x%2F..%2Fy'])('ids like %s', id => {
    for (const [, operation] of table.filter(([, { path }]) => path.includes('{'))) {
      const path = operation.path.replace(/\{\w+\}/g, id);
      expect(refusal(operation.method, path)).toMatchObject({ code: 'ValidationException' });
    }
  });
});

describe('what is not in the table', () => {
  it.each([
    ['GET', '/v2/things', 'There is no operation GET /v2/things.'],
    ['GET', '/v1/agentspaces', 'There is no operation GET /v1/agentspaces. This path takes POST.'],
    [
      'PUT',
      '/v1/services/x',
      'There is no operation PUT /v1/services/x. This path takes DELETE, GET, PATCH.',
    ],
    ['GET', '/', 'There is no operation GET /. This path takes POST.'],
    ['POST', '//', 'There is no operation POST //.'],
    ['GET', '/v1/x/../services/y', 'There is no operation GET /v1/x/../services/y.'],
    ['GET', '//v1/services/y', 'There is no operation GET //v1/services/y.'],
    ['GET', '/v1/services/y/', 'There is no operation GET /v1/services/y/.'],
    ['GET', '/V1/services/y', 'There is no operation GET /V1/services/y.'],
    ['GET', '/v1%2Fservices/y', 'There is no operation GET /v1%2Fservices/y.'],
    [
      'get',
      '/v1/services/y',
      'There is no operation get /v1/services/y. This path takes DELETE, GET, PATCH.',
    ],
    ['GET', `/${'x'.repeat(300)}`, `There is no operation GET /${'x'.repeat(199)}....`],
  ])('%s %s', (method, path, message) => {
    expect(refusal(method, path)).toEqual({ code: 'UnknownOperationException', message });
  });

  it('a broken percent sequence', () => {
    expect(refusal('GET', '/v1/services/%zz')).toMatchObject({
      fieldList: [{ path: '/serviceId', message: 'is not valid percent-encoding' }],
    });
  });
});

it('reads an ARN with its slash encoded or bare, decoding once', () => {
  const arn = 'arn:aws:aidevops:us-east-1:000000000000:service/abc';
  expect(route('GET', `/tags/${arn}`).labels).toEqual({ resourceArn: arn });
  expect(route('DELETE', `/tags/${encodeURIComponent(arn)}`)).toMatchObject({
    operation: { name: 'UntagResource' },
    labels: { resourceArn: arn },
    rawLabels: { resourceArn: encodeURIComponent(arn) },
  });
  expect(route('GET', '/v1/services/a%2541').labels).toEqual({ serviceId: 'a%41' });
});

it('lets the method decide between a literal segment and an id', () => {
  expect(route('POST', '/v1/agentspaces/list').operation.name).toBe('ListAgentSpaces');
  expect(route('GET', '/v1/agentspaces/list').operation.name).toBe('GetAgentSpace');
  expect(route('POST', '/v1/register/x/validate').operation.name).toBe('ValidateRegistration');
});

it('answers any path with a route or a failure of the two kinds', () => {
  fc.assert(
    fc.property(fc.constantFrom('GET', 'POST', 'DELETE'), fc.webPath(), (method, path) => {
      const found = refusal(method, path || '/');
      if (typeof found !== 'string') {
        expect(['UnknownOperationException', 'ValidationException']).toContain(found.code);
      }
    }),
  );
});
