import { describe, expect, it } from 'vitest';
import { createSwitchboardClient } from '../../client/src/index.ts';
import type { Operation } from '../../lib/api/operation.ts';
import { operationList } from '../../lib/api/operations.ts';
import { labelsOf } from '../../lib/api/path.ts';
import { readRequest } from '../../lib/api/request.ts';
import { toProxyEvent } from '../../local/http/event.ts';
import { headerPairs, type RawRequest, splitTarget } from '../../local/http/rawRequest.ts';
import { route } from '../../local/http/router.ts';
import { verifySigV4 } from '../../local/identity/verifySigV4.ts';
import { failureOf } from '../support/client.ts';
import { ADMIN } from '../unit/local/http/signedRequest.ts';

type AnyMethods = Record<string, (input?: object) => Promise<unknown>>;

/** What a client sends, as the embedded server reads it from the wire. */
async function sent(name: string, input?: object, baseUrl = 'http://127.0.0.1:4100'): Promise<RawRequest> {
  const requests: Request[] = [];
  const client = createSwitchboardClient({
    baseUrl,
    region: 'us-east-1',
    credentials: ADMIN,
    fetch: async (url, init) => {
      requests.push(new Request(url, init));
      return new Response('{}');
    },
  });
  await (client as unknown as AnyMethods)[methodName(name)]?.(input);
  const [request] = requests;
  if (!request || requests.length > 1) throw new Error(`${name} sent ${requests.length} requests`);
  const { host, pathname, search } = new URL(request.url);
  return {
    method: request.method,
    ...splitTarget(`${pathname}${search}`),
    headers: headerPairs(['host', host, ...[...request.headers].flat()]),
    body: Buffer.from(await request.arrayBuffer()),
  };
}

function methodName(operation: string): string {
  return operation.charAt(0).toLowerCase() + operation.slice(1);
}

const reserved = "a b/c?d=e&f+g#h%41'!()*~é𝄞";

/** A value for each member, with every character that a URL gives a meaning to. */
function sample({ input, path, query }: Operation): Record<string, unknown> {
  const labels = labelsOf(path);
  const sampleOf = (member: string) => {
    if (labels.includes(member)) return `${member}-${reserved}`;
    if (member === 'tagKeys') return [reserved, 'second'];
    if (query.includes(member)) return reserved;
    return { [reserved]: [1, true, { text: reserved }] };
  };
  return Object.fromEntries(Object.keys(input.shape).map(member => [member, sampleOf(member)]));
}

describe.each(operationList.map(operation => [operation.name, operation] as const))(
  '%s',
  (name, operation) => {
    it('has a method whose request is routed, verified and read back as its input', async () => {
      const input = sample(operation);
      const request = await sent(name, input);
      const found = route(request.method, request.rawPath);
      expect(found.operation.name).toBe(name);
      const key = await verifySigV4(request, {
        region: 'us-east-1',
        now: Date.now,
        findKey: id => (id === ADMIN.accessKeyId ? ADMIN : undefined),
      });
      const facts = { sourceIp: '127.0.0.1', requestId: 'r', at: 0, accountId: ADMIN.accountId } as const;
      const event = toProxyEvent(request, { ...facts, route: found, key, scheme: 'http' });
      expect(readRequest(operation, event)).toEqual(input);
    });

    it('sends nothing for members that are left out', async () => {
      const labels = Object.fromEntries(labelsOf(operation.path).map(label => [label, 'x']));
      const left = Object.keys(operation.input.shape).filter(member => !(member in labels));
      const request = await sent(name, {
        ...labels,
        ...Object.fromEntries(left.map(each => [each, undefined])),
      });
      expect(request.rawQuery).toBe('');
      // A token is made up where one makes repeating harmless.
      const body = request.body.toString().replace(/^\{"clientToken":"[0-9a-f]{32}"\}$/, '');
      expect(body).toBe('');
      const contentType = request.headers.some(([header]) => header.toLowerCase() === 'content-type');
      expect(contentType).toBe(request.body.length > 0);
    });

    it.each(labelsOf(operation.path))('refuses a %s that would change the path', async label => {
      const labels = Object.fromEntries(labelsOf(operation.path).map(each => [each, 'x']));
      for (const value of ['', '.', '..', undefined, 7]) {
        const error = await failureOf(sent(name, { ...labels, [label]: value }));
        expect(error).toMatchObject({ name: 'ValidationException', status: 0 });
        expect(error.fieldList.map(({ path }) => path)).toEqual([`/${label}`]);
      }
    });
  },
);

describe('the client', () => {
  it('has a method for each operation, and no other', () => {
    const client = createSwitchboardClient({
      baseUrl: 'http://127.0.0.1',
      region: 'us-east-1',
      credentials: ADMIN,
    });
    const expected = [...operationList.map(({ name }) => methodName(name)), 'paginate', 'pages'];
    expect(Object.keys(client).sort()).toEqual(expected.sort());
  });

  it('walks the operations that are paged, and no other', () => {
    const { pages } = createSwitchboardClient({
      baseUrl: 'http://127.0.0.1',
      region: 'us-east-1',
      credentials: ADMIN,
    });
    const walk = (name: string) => () => (pages as (method: string) => unknown)(methodName(name));
    for (const { name, paginated } of operationList) {
      if (paginated || name === 'LookupEvents') expect(walk(name), name).not.toThrow();
      else expect(walk(name), name).toThrow('does not answer page by page');
    }
  });

  it('appends paths to that of a stage', async () => {
    const base = 'https://abc.execute-api.us-east-1.amazonaws.com/prod/';
    expect(await sent('GetService', { serviceId: 'x' }, base)).toMatchObject({
      rawPath: '/prod/v1/services/x',
    });
    expect(await sent('LookupEvents', {}, base)).toMatchObject({ rawPath: '/prod/' });
  });
});
