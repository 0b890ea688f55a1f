import { GetCommand, PutCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import type { APIGatewayProxyEvent, Context } from 'aws-lambda';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { endpoint, type Run } from '../../../lib/api/endpoint.ts';
import type { Operation } from '../../../lib/api/operation.ts';
import { operations } from '../../../lib/api/operations.ts';
import { createPageTokens } from '../../../lib/api/pageToken.ts';
import { loadConfig } from '../../../lib/config.ts';
import type { Deps } from '../../../lib/context.ts';
import { keys } from '../../../lib/store/keys.ts';
import { commit, put } from '../../../lib/store/write.ts';
import { startTestEngine, type TestEngine, testClient } from '../../support/engine.ts';
import { newId } from '../audit/fixtures.ts';

const ACCOUNT = '111122223333';

let engine: TestEngine;
beforeAll(async () => {
  engine = await startTestEngine();
});
afterAll(() => engine.stop());
afterEach(() => void vi.restoreAllMocks());

const depsOn = (store: Deps['store']): Deps => ({
  config: loadConfig({ TABLE_NAME: engine.tableName }),
  store,
  pageTokens: createPageTokens(Buffer.alloc(32)),
  now: Date.now,
  newId,
  random: () => 0,
  sleep: async () => {},
  measure: () => {},
});

/** Calls an operation that does what `run` does. */
async function call<Op extends Operation>(
  operation: Op,
  run: Run<Op, Deps>,
  pathParameters: Record<string, string> = {},
  store = engine.client,
) {
  const requestId = crypto.randomUUID();
  const identity = {
    accountId: ACCOUNT,
    userArn: `arn:aws:iam::${ACCOUNT}:user/ann`,
    sourceIp: '192.0.2.7',
  };
  const event = { pathParameters, headers: {}, body: null, requestContext: { requestId, identity } };
  const handler = endpoint(operation, run, () => depsOn(store));
  const answer = await handler(event as unknown as APIGatewayProxyEvent, {} as Context);
  return {
    status: answer.statusCode,
    error: answer.headers?.['x-amzn-errortype'],
    text: answer.body,
    body: answer.body ? JSON.parse(answer.body) : undefined,
    events: await eventsOf(requestId),
    requestId,
  };
}

async function eventsOf(requestId: string) {
  const { Items = [] } = await engine.client.send(new ScanCommand({ TableName: engine.tableName }));
  return Items.flatMap(({ record }) => (record ? [JSON.parse(record)] : [])).filter(
    record => record.requestID === requestId,
  );
}

/** A client of the engine whose writes of events fail. */
function withoutTrail() {
  const client = testClient(engine.endpoint);
  client.middlewareStack.add(
    next => async args => {
      const { Item } = args.input as { Item?: { record?: unknown } };
      const items = 'TransactItems' in args.input ? JSON.stringify(args.input.TransactItems) : '';
      if (Item?.record || items.includes('"record"')) throw new Error('no trail today');
      return next(args);
    },
    { step: 'initialize' },
  );
  return client;
}

/** Everything written to standard error from here on, which nobody else sees. */
function standardError(): () => string {
  const spy = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  return () => spy.mock.calls.map(([text]) => String(text)).join('');
}

const SERVICE = {
  serviceId: 'mcpserver-1',
  serviceType: 'mcpserver' as const,
  createdAt: '2026-11-25T00:00:00.000Z',
  updatedAt: '2026-11-25T00:00:00.000Z',
};

describe('an answer', () => {
  it('holds what the output schema names, and nothing else that there was, at any depth', async () => {
    const mcpserver = {
      name: 'notes',
      endpoint: 'https://mcp.example.com/mcp',
      authorizationMethod: 'api-key' as const,
      apiKeyHeader: 'x-api-key',
    };
    const stored = {
      ...SERVICE,
      ...{ pk: 'canary-key', ciphertext: 'canary-ciphertext' },
      additionalServiceDetails: { mcpserver: { ...mcpserver, apiKeyValue: 'canary-value' } },
    };
    const arn = 'arn:aws:aidevops:us-east-1:111122223333:service/mcpserver-1';
    const output = { service: stored, tags: { a: 'b' }, arn, credential: 'canary-credential' };
    const { status, text, body } = await call(operations.GetService, async () => output, {
      serviceId: 'mcpserver-1',
    });
    expect(status).toBe(200);
    expect(text).not.toContain('canary');
    expect(body).toEqual({
      service: { ...SERVICE, additionalServiceDetails: { mcpserver } },
      tags: { a: 'b' },
      arn,
    });
  });
});

describe('a read', () => {
  const read: Run<typeof operations.ListServices, Deps> = async () => ({ services: [SERVICE] });

  it('is not answered where its event cannot be written', async () => {
    const told = standardError();
    const answer = await call(operations.ListServices, read, {}, withoutTrail());
    expect(answer).toMatchObject({ status: 500, error: 'InternalServerException', events: [] });
    expect(answer.text).not.toContain('mcpserver-1');
    expect(told()).toContain(answer.requestId);
  });

  it('that fails leaves its failure, and no success beside it', async () => {
    standardError();
    const fails = () => Promise.reject(new Error('broken'));
    const { events, error } = await call(operations.ListServices, fails);
    expect(error).toBe('InternalServerException');
    expect(events).toMatchObject([{ eventName: 'ListServices', errorCode: 'InternalServerException' }]);
  });
});

describe('a change', () => {
  /** Leaves an item that its role may write, in one transaction with its event. */
  const change: Run<typeof operations.DeleteAgentSpace, Deps> = async ({ agentSpaceId }, ctx, deps) => {
    await commit(ctx, deps, [put(deps.config.tableName, keys.deletion(ACCOUNT, agentSpaceId), {})], {});
    return {};
  };
  const stored = async (agentSpaceId: string) => {
    const Key = keys.deletion(ACCOUNT, agentSpaceId);
    return (await engine.client.send(new GetCommand({ TableName: engine.tableName, Key }))).Item;
  };

  it('does not happen where its event cannot be written', async () => {
    standardError();
    const input = { agentSpaceId: 'space-1' };
    const answer = await call(operations.DeleteAgentSpace, change, input, withoutTrail());
    expect(answer).toMatchObject({ status: 500, events: [] });
    expect(await stored('space-1')).toBeUndefined();
  });

  it('that has happened keeps its event, whatever fails after it', async () => {
    standardError();
    const failsLate: typeof change = async (...args) => {
      await change(...args);
      throw new Error('after the commit');
    };
    const { status, events } = await call(operations.DeleteAgentSpace, failsLate, {
      agentSpaceId: 'space-2',
    });
    expect(status).toBe(500);
    expect(await stored('space-2')).toBeDefined();
    expect(events).toHaveLength(1);
    expect(events[0]).not.toHaveProperty('errorCode');
  });
});

describe('an error that nobody foresaw', () => {
  it('is told with its name and our own frames, never with its words', async () => {
    const told = standardError();
    const message = 'canary-one\n    at canary-two (file:///canary-three.ts:1:1)\nat canary-four';
    const fails = () => Promise.reject(new RangeError(message));
    const answer = await call(operations.ListServices, fails);
    expect(answer.body).toEqual({
      __type: 'InternalServerException',
      message: `The request failed. Quote request id ${answer.requestId}.`,
    });
    const [line = '', ...more] = told().trim().split('\n');
    expect(more).toEqual([]);
    const { frames, ...entry } = JSON.parse(line);
    expect(entry).toEqual({
      level: 'ERROR',
      message: 'request failed',
      timestamp: expect.any(String),
      service: 'switchboard',
      operation: 'ListServices',
      requestId: answer.requestId,
      error: 'RangeError',
    });
    expect(frames[0]).toContain('endpoint.test.ts');
    expect(told()).not.toContain('canary');
  });

  it.each([
    ['ECONNREFUSED', { code: 'ECONNREFUSED' }],
    [undefined, { code: 'canary, in free text' }],
    [undefined, { code: 7 }],
  ])('is told with its code %s where that is one', async (code, members) => {
    const told = standardError();
    await call(operations.ListServices, () => Promise.reject(Object.assign(new Error('canary'), members)));
    expect(JSON.parse(told()).code).toBe(code);
    expect(told()).not.toContain('canary');
  });
});

it('only that client cannot write events', async () => {
  const key = { pk: 'probe', sk: '-' };
  const write = new PutCommand({ TableName: engine.tableName, Item: { ...key, record: '{}' } });
  await expect(withoutTrail().send(write)).rejects.toThrow('no trail today');
  await engine.client.send(write);
});
