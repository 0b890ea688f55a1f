import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { errorsOf, type Operation } from '../../lib/api/operation.ts';
import { type OperationName, operationList } from '../../lib/api/operations.ts';
import { labelsOf } from '../../lib/api/path.ts';
import {
  arnOf,
  associate,
  contents,
  createSpace,
  createToken,
  KEY,
  register,
  scan,
  startWorld,
} from '../operations/support.ts';
import { type Answer, apiKeyRegistration, toRequest, type WireRequest } from '../support/app.ts';

const world = startWorld();

/** Requests that would succeed: each case below spoils one part. */
const good: Partial<Record<OperationName, Record<string, unknown>>> = {};
let before: string[];
let asked: number;
const reached: Answer[] = [];

beforeAll(async () => {
  const [serviceId, agentSpaceId] = [await register(world), await createSpace(world)];
  const associationId = await associate(world, agentSpaceId, serviceId);
  const { tokenId } = await createToken(world, agentSpaceId);
  const configuration = { mcpserver: { tools: ['echo'] } };
  const resourceArn = arnOf.space(agentSpaceId);
  const registration = apiKeyRegistration('another', world.peer.url, KEY);
  Object.assign(good, {
    RegisterService: registration,
    ValidateRegistration: registration,
    CreateAgentSpace: { name: 'space' },
    UpdateAgentSpace: { agentSpaceId, name: 'space' },
    AssociateService: { agentSpaceId, serviceId, configuration },
    UpdateAssociation: { agentSpaceId, associationId, configuration },
    UpdateService: { serviceId, state: 'DISABLED' },
    TagResource: { resourceArn, tags: { a: 'b' } },
    UntagResource: { resourceArn, tagKeys: ['a'] },
    CreateAccessToken: { agentSpaceId, name: 'token', scope: 'read' },
  });
  for (const { name, path } of operationList) {
    const ids: Record<string, string> = { serviceId, agentSpaceId, associationId, tokenId, resourceArn };
    const labels = labelsOf(path).map(label => [label, ids[label] ?? 'x']);
    good[name as OperationName] ??= Object.fromEntries(labels);
  }
  before = await contents(world.app);
  asked = world.peer.requests.length;
});

/** After all the cases: nothing changed, no server was asked, and each call left one event. */
afterAll(async () => {
  expect(await contents(world.app)).toEqual(before);
  expect(world.peer.requests).toHaveLength(asked);
  const counts = new Map<string, number>();
  for (const { record } of await scan(world.app)) {
    if (typeof record !== 'string') continue;
    const { requestID } = JSON.parse(record) as { requestID: string };
    counts.set(requestID, (counts.get(requestID) ?? 0) + 1);
  }
  const wrong = reached.filter(({ headers }) => counts.get(String(headers['x-amzn-requestid'])) !== 1);
  expect(wrong).toEqual([]);
});

const CODES =
  /^(ValidationException|ContentSizeExceededException|ResourceNotFoundException|UnknownOperationException|ConflictException|Invalid\w+Exception)$/;

/** An error of the documented shape, without a word about how the program is made. */
function expectRefusal(answer: Answer, what: string): void {
  const { status, headers, body } = answer;
  expect({ status: status >= 400 && status < 500, body }, what).toMatchObject({ status: true });
  expect(headers, what).toMatchObject({
    'content-type': 'application/json',
    'x-amzn-errortype': expect.stringMatching(CODES),
    'x-amzn-requestid': expect.stringMatching(/^[0-9a-f-]{36}$/),
  });
  const { __type, message, fieldList, ...more } = body;
  expect({ __type, more }, what).toEqual({ __type: answer.error, more: {} });
  expect(message.length, what).toBeGreaterThan(0);
  expect(fieldList !== undefined, what).toBe(answer.error === 'ValidationException');
  for (const field of fieldList ?? []) {
    expect(field, what).toEqual({ path: expect.stringMatching(/^(\/.*)?$/s), message: expect.any(String) });
  }
  expect(JSON.stringify(body), what).not.toMatch(
    /\bat \S+ \(|node_modules|\.ts\b|SyntaxError|TypeError|undefined/,
  );
}

/** Sends one; a read may answer, a change must be refused. */
async function probe(
  operation: Operation,
  request: WireRequest,
  what: string,
  mayAnswer = false,
): Promise<void> {
  const answer = await world.app.send(request);
  if (answer.reached) reached.push(answer);
  if (mayAnswer && operation.access === 'read' && answer.status < 400) return;
  expectRefusal(answer, `${operation.name}: ${what}`);
  // As openapi.yaml and the service model say.
  if (answer.reached) expect(errorsOf(operation), `${operation.name}: ${what}`).toContain(answer.error);
}

const requestOf = (operation: Operation, change: object = {}): WireRequest =>
  toRequest(operation, { ...good[operation.name as OperationName], ...change });

const DEEP = 100_000;
const BODIES: Record<string, string | Uint8Array> = {
  'not JSON': 'name=space',
  'half of JSON': '{"name":',
  'a list': '[]',
  'a list of objects': '[{}]',
  'a string': '"text"',
  'a number': '1',
  null: 'null',
  true: 'true',
  'two values': '{}{}',
  'a trailing comma': '{"name":"a",}',
  'deep lists, open': '['.repeat(DEEP),
  'deep lists, closed': `{"name":${'['.repeat(DEEP)}${']'.repeat(DEEP)}}`,
  'deep objects': `${'{"a":'.repeat(DEEP / 10)}1${'}'.repeat(DEEP / 10)}`,
  '300 KB': JSON.stringify({ name: 'a'.repeat(300_000) }),
  '300 KB of spaces': ' '.repeat(300_000),
  'not UTF-8': new Uint8Array([0x7b, 0x22, 0x61, 0x22, 0x3a, 0x22, 0xff, 0xfe, 0x22, 0x7d]),
  'a byte order mark': '\ufeff{"unknown":1}',
  __proto__: '{"__proto__":{"name":"a"}}',
  'a nested __proto__': '{"tags":{"__proto__":{"a":"b"}}}',
  constructor: '{"constructor":{"prototype":{"name":"a"}}}',
  toString: '{"toString":"a","hasOwnProperty":1}',
  'an unknown member': '{"unknown":1}',
  'an unknown member of odd characters': '{"a/b~c\\u00e4":1}',
  'a control character in a name': '{"na\\u0000me":1}',
  'a lone surrogate in a name': '{"\\ud800":1}',
};

/** JSON values that no member of the API takes, whatever its type. */
const VALUES: Record<string, string> = {
  'a control character': '"a\\u0000b"',
  'a line break': '"a\\nb"',
  DEL: '"a\\u007fb"',
  'a lone surrogate': '"\\ud800"',
  'a huge number': '1e999',
  'a large number': '123456789012345678901234567890',
  'an odd number': '-0.5e-300',
  false: 'false',
  'a list of lists': '[[[]]]',
  'a list of everything': '[1,"a",{},[],true]',
  'an object of objects': '{"a":{"b":{}}}',
  'an object with __proto__': '{"__proto__":{}}',
  'an object with constructor': '{"constructor":{}}',
  'a control character within': '{"a":["b\\u0007"]}',
  'a long text': `"${'a'.repeat(70_000)}"`,
};

const LABELS = [
  '',
  '.',
  '..',
  '%',
  '%zz',
  '%2',
  '%00',
  '%ff',
  '%c0%af',
  '%ed%a0%80',
  '%2e%2e',
  'a%2fb',
  'a%252fb',
  '%20',
  '%23',
  '%7b%7d',
  '%F0%9F%98%80',
  'a'.repeat(3000),
  'constructor',
  '__proto__',
];

const QUERIES = [
  'unknown=1',
  '__proto__=1',
  'constructor=1',
  '%=1',
  'maxResults=%zz',
  'maxResults=1&maxResults=2',
  'maxResults=',
  'maxResults=-1',
  'maxResults=1e999',
  'maxResults=%00',
  'nextToken=',
  'nextToken=%00',
  'nextToken=a&nextToken=a',
  'nextToken=%F0%9F%98%80',
  `nextToken=${'a'.repeat(3000)}`,
  'filterServiceType=x&filterServiceType=x',
  'filterServiceTypes=%2C',
  'tagKeys=%00',
  'tagKeys=aws:x&tagKeys=',
  'serviceId=%00',
  'serviceId=x&serviceId=x',
  'associationId=x',
  'agentSpaceId=x',
  'startTime=now',
  'startTime=2026-11-23',
  'startTime=1e9',
  'endTime=',
  'endTime=1700000000000',
  'startTime=2&endTime=1',
];

describe.each(operationList.map(operation => [operation.name, operation] as const))('%s', (_, operation) => {
  const labels = labelsOf(operation.path);
  const inUrl = [...labels, ...operation.query];
  const members = Object.keys(operation.input.shape).filter(member => !inUrl.includes(member));

  it('refuses bodies that are none', async () => {
    for (const [what, body] of Object.entries(BODIES)) {
      await probe(operation, { ...requestOf(operation), body }, what);
    }
  });

  it('refuses what no member takes', async () => {
    for (const member of members) {
      const sound = requestOf(operation, { [member]: null });
      for (const [what, value] of Object.entries(VALUES)) {
        const body = String(sound.body).replace(`"${member}":null`, `"${member}":${value}`);
        await probe(operation, { ...sound, body }, `${member} is ${what}`, true);
      }
    }
  });

  it('refuses members of the URL in the body', async () => {
    for (const member of inUrl) {
      const { body, ...request } = requestOf(operation);
      const given = { ...JSON.parse(String(body) || '{}'), [member]: 'x' };
      await probe(operation, { ...request, body: JSON.stringify(given) }, `${member} in the body`);
    }
  });

  it('refuses ids that cannot be', async () => {
    for (const label of labels) {
      for (const id of LABELS) {
        const request = requestOf(operation);
        const mark = encodeURIComponent(String(good[operation.name as OperationName]?.[label]));
        const rawPath = request.rawPath.replace(mark, id);
        expect(rawPath).not.toBe(request.rawPath);
        await probe(operation, { ...request, rawPath }, `${label} is ${id.slice(0, 40)}`);
      }
    }
  });

  it('refuses queries that cannot be', async () => {
    for (const rawQuery of QUERIES) {
      await probe(operation, { ...requestOf(operation), rawQuery }, `?${rawQuery.slice(0, 40)}`);
    }
  });
});

describe('unions', () => {
  const [apiKey, bearerToken] = [
    { apiKeyName: 'k', apiKeyValue: 'v', apiKeyHeader: 'x-k' },
    { tokenName: 't', tokenValue: 'v' },
  ];
  const server = (authorizationConfig: object) => ({
    name: 'n',
    endpoint: world.peer.url,
    authorizationConfig,
  });
  const cases: [OperationName, string, () => object][] = [
    [
      'RegisterService',
      'two credentials',
      () => ({ serviceDetails: { mcpserver: server({ apiKey, bearerToken }) } }),
    ],
    ['RegisterService', 'no credential', () => ({ serviceDetails: { mcpserver: server({}) } })],
    [
      'RegisterService',
      'two kinds of server',
      () => ({
        serviceDetails: {
          mcpserver: server({ apiKey }),
          mcpserversigv4: server({ region: 'us-east-1', service: 's' }),
        },
      }),
    ],
    ['RegisterService', 'an unknown kind', () => ({ serviceDetails: { slack: {} } })],
    ['ValidateRegistration', 'no kind', () => ({ serviceDetails: {} })],
    [
      'AssociateService',
      'two configurations',
      () => ({ configuration: { mcpserver: { tools: [] }, mcpserversigv4: { tools: [] } } }),
    ],
    ['AssociateService', 'none', () => ({ configuration: {} })],
    ['UpdateAssociation', 'an unknown one', () => ({ configuration: { github: {} } })],
    [
      'UpdateAssociation',
      'a known and an unknown one',
      () => ({ configuration: { mcpserver: { tools: [] }, github: {} } }),
    ],
  ];

  it.each(cases)('%s refuses %s', async (name, what, change) => {
    const operation = operationList.find(row => row.name === name) as Operation;
    await probe(operation, requestOf(operation, change()), what);
  });
});

it('refuses routes that there are not', async () => {
  const [operation] = operationList as [Operation];
  for (const [method, rawPath] of [
    ['GET', '/v2/services'],
    ['PUT', '/v1/agentspaces'],
    ['POST', '/v1/agentspaces/'],
    ['POST', '/v1//agentspaces'],
    ['TRACE', '/'],
    ['__proto__', '/constructor'],
  ] as const) {
    await probe(operation, { method, rawPath, rawQuery: '', body: '' }, `${method} ${rawPath}`);
  }
});
