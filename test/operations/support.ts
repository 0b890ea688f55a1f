import { ScanCommand, type ScanCommandOutput } from '@aws-sdk/lib-dynamodb';
import canonicalize from 'canonicalize';
import { afterAll, beforeAll, expect } from 'vitest';
import { type OperationName, operations } from '../../lib/api/operations.ts';
import { keys } from '../../lib/store/keys.ts';
import { transact } from '../../lib/store/transact.ts';
import { present, update } from '../../lib/store/write.ts';
import {
  ACCOUNT,
  type Answer,
  type App,
  type AuditRecord,
  apiKeyRegistration,
  OTHER_ACCOUNT,
  startApp,
} from '../support/app.ts';
import { type McpPeer, type ModernOptions, startModern } from '../support/mcp/modern.ts';

/** What the file's own server is warned of: its tool `add` does not say whether it only reads. */
export const HINT_MISSING = {
  code: 'TOOL_READ_ONLY_HINT_MISSING',
  message: expect.stringMatching(/readOnlyHint.*: add\. /),
};

export const HIDDEN = 'HIDDEN_DUE_TO_SECURITY_REASONS';

/** The API key that the file's own server asks for. */
export const KEY = 'the-api-key-of-these-tests';

export type Item = Record<string, unknown> & { pk: string; sk: string };

/** One app and one real MCP server (v2 SDK, TLS, API key) for all tests of a file. */
export interface World {
  readonly app: App;
  readonly peer: McpPeer;
}

/** Starts both before the file's tests and stops them after. */
export function startWorld(env: Record<string, string> = {}, options: ModernOptions = {}): World {
  const started: { app?: App; peer?: McpPeer } = {};
  beforeAll(async () => {
    const auth = { header: 'x-api-key', value: KEY };
    [started.app, started.peer] = await Promise.all([startApp(env), startModern({ auth, ...options })]);
  });
  afterAll(async () => {
    await Promise.all([started.app?.stop(), started.peer?.close()]);
  });
  const get = <T>(part: T | undefined): T => {
    if (part === undefined) throw new Error('The world is not started yet');
    return part;
  };
  return {
    get app() {
      return get(started.app);
    },
    get peer() {
      return get(started.peer);
    },
  };
}

let made = 0;

/** A name that no other call of this process gets. */
export function fresh(prefix: string): string {
  return `${prefix}${++made}`;
}

/** Registers the file's server under a name; the service id. */
export async function register({ app, peer }: World, name = fresh('svc'), more: object = {}) {
  const answer = await app.call('RegisterService', apiKeyRegistration(name, peer.url, KEY, more));
  return String(ok(answer).serviceId);
}

/** Creates a space; its id. */
export async function createSpace({ app }: World, more: object = {}, accountId = ACCOUNT): Promise<string> {
  const answer = await app.call('CreateAgentSpace', { name: fresh('space'), ...more }, { accountId });
  return String(ok(answer).agentSpace.agentSpaceId);
}

/** The input of AssociateService for some tools. */
export function selection(agentSpaceId: string, serviceId: string, tools: string[], more: object = {}) {
  return { agentSpaceId, serviceId, configuration: { mcpserver: { tools, ...more } } };
}

/** Connects a space to a service; the association id. */
export async function associate(
  { app }: World,
  agentSpaceId: string,
  serviceId: string,
  tools: string[] = ['echo'],
): Promise<string> {
  const answer = await app.call('AssociateService', selection(agentSpaceId, serviceId, tools));
  return String(ok(answer).association.associationId);
}

/** Creates an access token; its id and its value. */
export async function createToken({ app }: World, agentSpaceId: string, more: object = {}) {
  const members = { name: fresh('token'), scope: 'read', ...more };
  const { accessToken, tokenValue } = ok(await app.call('CreateAccessToken', { agentSpaceId, ...members }));
  return { tokenId: String(accessToken.tokenId), tokenValue: String(tokenValue) };
}

/** Lets a token's time be over, as if its days had passed. */
export async function expireToken({ app }: World, agentSpaceId: string, tokenId: string): Promise<void> {
  const expiresAtMs = Date.now() - 1000;
  for (const key of [
    keys.accessToken(ACCOUNT, tokenId),
    keys.accessTokenCopy(ACCOUNT, agentSpaceId, tokenId),
  ]) {
    const { item } = update(app.engine.tableName, key, { set: { expiresAtMs } }, present('token'));
    await transact(app.deps.store, [{ item }], app.deps);
  }
}

/** The body of a success. */
export function ok(answer: Answer) {
  expect(answer.error, answer.body?.message).toBeUndefined();
  return answer.body ?? {};
}

/** A refusal: its code and status, and for ValidationException the pointer and words of its only field. */
export function expectError(answer: Answer, error: string, status: number, message?: RegExp): void {
  expect({ error: answer.error, status: answer.status }, answer.body?.message).toEqual({ error, status });
  expect(answer.body).toMatchObject({ __type: error, message: expect.any(String) });
  if (message) expect(answer.body.message).toMatch(message);
}

/** A `ValidationException` about exactly these members. */
export function expectInvalid(answer: Answer, ...fields: [path: string, message?: RegExp][]): void {
  expectError(answer, 'ValidationException', 400);
  const { fieldList } = answer.body as { fieldList: { path: string; message: string }[] };
  // One member may be wrong in two ways.
  expect([...new Set(fieldList.map(field => field.path))]).toEqual(fields.map(([path]) => path));
  for (const [path, message] of fields) {
    if (message) expect(fieldList.find(field => field.path === path)?.message).toMatch(message);
  }
}

/** Every item of the table. */
export async function scan({ engine }: App): Promise<Item[]> {
  const items: Item[] = [];
  let start: Record<string, unknown> | undefined;
  do {
    const { Items = [], LastEvaluatedKey }: ScanCommandOutput = await engine.client.send(
      new ScanCommand({
        TableName: engine.tableName,
        ConsistentRead: true,
        ...(start ? { ExclusiveStartKey: start } : {}),
      }),
    );
    items.push(...(Items as Item[]));
    start = LastEvaluatedKey;
  } while (start);
  return items;
}

/** What the table holds beside audit events and the count of validations, as text in one order. */
export async function contents(app: App): Promise<string[]> {
  const items = await scan(app);
  return items
    .filter(({ pk }) => !/#(AUD|AUR|RATE)#/.test(pk))
    .map(item => String(canonicalize(JSON.parse(JSON.stringify(item, listed)))))
    .sort();
}

/** Sets of the table are no JSON. */
const listed = (_: string, value: unknown) => (value instanceof Set ? [...value].sort() : value);

/** The audit events of one call. */
export async function eventsOf(app: App, answer: Answer): Promise<AuditRecord[]> {
  const requestId = String(answer.headers['x-amzn-requestid']);
  const items = await scan(app);
  return items
    .flatMap(item => (typeof item.record === 'string' ? [JSON.parse(item.record) as AuditRecord] : []))
    .filter(record => record.requestID === requestId);
}

/** The one audit event of a call, as its operation has it: name, read-only, caller, outcome. */
export async function eventOf(app: App, name: OperationName, answer: Answer): Promise<AuditRecord> {
  const [event, ...others] = await eventsOf(app, answer);
  expect(others).toEqual([]);
  expect(event).toMatchObject({
    eventVersion: '1.11',
    eventSource: 'aidevops.switchboard',
    eventName: name,
    eventType: 'AwsApiCall',
    eventCategory: 'Management',
    managementEvent: true,
    readOnly: operations[name].access === 'read',
    sourceIPAddress: '127.0.0.1',
    userAgent: 'test',
    userIdentity: { type: 'IAMUser', userName: 'tester', accessKeyId: 'SWBKTESTTESTTESTTEST' },
  });
  expect(event?.errorCode).toBe(answer.error);
  expect(event?.errorMessage).toEqual(answer.error ? expect.any(String) : undefined);
  return event as AuditRecord;
}

const ARN = `arn:aws:aidevops:us-east-1:${ACCOUNT}`;

/** ARNs of the account's resources. */
export const arnOf = {
  service: (id: string) => `${ARN}:service/${id}`,
  space: (id: string) => `${ARN}:agentspace/${id}`,
  association: (space: string, id: string) => `${ARN}:agentspace/${space}/association/${id}`,
  accessToken: (space: string, id: string) => `${ARN}:agentspace/${space}/access-token/${id}`,
};

/** An event's `resources`, in any order. */
export function resourcesOf(event: AuditRecord): string[] {
  return (event.resources as { type: string; ARN: string; accountId: string }[])
    .map(({ type, ARN: arn }) => `${type} ${arn}`)
    .sort();
}

export const resource = {
  service: (id: string) => `AWS::DevOpsAgent::Service ${arnOf.service(id)}`,
  space: (id: string) => `AWS::DevOpsAgent::AgentSpace ${arnOf.space(id)}`,
  association: (space: string, id: string) => `AWS::DevOpsAgent::Association ${arnOf.association(space, id)}`,
  accessToken: (space: string, id: string) => `AWS::DevOpsAgent::AccessToken ${arnOf.accessToken(space, id)}`,
};

/**
 * Another account that names this account's resource gets `ResourceNotFoundException`, changes nothing, and
 * leaves its event in its own trail alone.
 */
export async function proveForeign({ app }: World, name: OperationName, input: object): Promise<void> {
  const before = await contents(app);
  const answer = await app.call(name, input, { accountId: OTHER_ACCOUNT });
  expectError(answer, 'ResourceNotFoundException', 404);
  const event = await eventOf(app, name, answer);
  expect(event.recipientAccountId).toBe(OTHER_ACCOUNT);
  for (const { ARN: arn, accountId } of event.resources) {
    expect(arn).toContain(`:${OTHER_ACCOUNT}:`);
    expect(accountId).toBe(OTHER_ACCOUNT);
  }
  expect(await contents(app)).toEqual(before);
}
