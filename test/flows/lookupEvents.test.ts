import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Operation } from '../../lib/api/operation.ts';
import { operations } from '../../lib/api/operations.ts';
import { createPageTokens } from '../../lib/api/pageToken.ts';
import { eventItems } from '../../lib/audit/items.ts';
import { lookupEvents } from '../../lib/audit/lookupEvents.ts';
import type { Attribute } from '../../lib/audit/lookupPlan.ts';
import { refusedCallsEvent } from '../../lib/audit/refusedCalls.ts';
import { type AuditResource, createAuditTrail } from '../../lib/audit/trail.ts';
import { writeEvent } from '../../lib/audit/writeEvent.ts';
import { loadConfig } from '../../lib/config.ts';
import { startTestEngine, type TestEngine, testClient } from '../support/engine.ts';
import { ACCOUNT, caller, newId, resource } from '../unit/audit/fixtures.ts';

const NOW = Date.parse('2026-11-23T20:15:30.500Z');
const DAY = 86_400_000;

let engine: TestEngine;
beforeAll(async () => {
  engine = await startTestEngine();
});
afterAll(() => engine.stop());

function world(store: DynamoDBDocumentClient = engine.client) {
  const config = { ...loadConfig({ TABLE_NAME: engine.tableName }), region: 'eu-central-1' };
  return {
    config,
    store,
    pageTokens: createPageTokens(Buffer.alloc(32, 7)),
    sleep: async () => {},
    random: () => 0,
  };
}

interface Happening {
  operation: Operation;
  at: number;
  account: string;
  user?: string;
  input?: unknown;
  resources?: AuditResource[];
  retentionDays?: number;
}

/** Writes an event and returns its id. */
async function happen(event: Happening): Promise<string> {
  const deps = world();
  const eventId = newId(event.at);
  const trail = createAuditTrail({
    operation: event.operation,
    caller: caller(event.user ?? 'ann', event.account),
    requestId: 'r',
    at: event.at,
    eventId,
    input: event.input ?? {},
    config: { ...deps.config, auditRetentionDays: event.retentionDays ?? 90 },
  });
  trail.concerns(...(event.resources ?? []));
  await writeEvent(deps, trail.success({}));
  return eventId;
}

async function inTurn<T, R>(list: readonly T[], act: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (const item of list) results.push(await act(item));
  return results;
}

type Question = Parameters<typeof lookupEvents>[0];

function ask(account: string, question: Question, deps = world()) {
  return lookupEvents(question, { caller: caller('eve', account), at: NOW }, deps);
}

const by = (AttributeKey: Attribute['AttributeKey'], AttributeValue: string): Question => ({
  LookupAttributes: [{ AttributeKey, AttributeValue }],
});

async function idsOf(account: string, question: Question): Promise<string[]> {
  return (await ask(account, question)).Events.map(event => event.EventId);
}

/** All pages, each checked to be worth its request. */
async function walk(account: string, question: Question, MaxResults: number): Promise<string[]> {
  const ids: string[] = [];
  let NextToken: string | undefined;
  do {
    const page = await ask(account, { ...question, MaxResults, ...(NextToken ? { NextToken } : {}) });
    expect(page.Events.length).toBeLessThanOrEqual(MaxResults);
    NextToken = page.NextToken;
    if (NextToken) expect(page.Events).toHaveLength(MaxResults);
    ids.push(...page.Events.map(event => event.EventId));
  } while (NextToken);
  return ids;
}

const { RegisterService, GetService, AssociateService, ListServices } = operations;

describe('one attribute', () => {
  const account = '100000000001';
  const service = resource('AWS::DevOpsAgent::Service', 'mcpserver-1', account);
  const space = resource('AWS::DevOpsAgent::AgentSpace', 'as-1', account);
  const other = resource('AWS::DevOpsAgent::Service', 'mcpserver-2', account);
  let register: string;
  let associate: string;
  let get: string;
  let list: string;

  beforeAll(async () => {
    const at = NOW - 10_000;
    register = await happen({ operation: RegisterService, at, account, resources: [service] });
    associate = await happen({
      operation: AssociateService,
      at: at + 1,
      account,
      user: 'bob',
      resources: [service, space],
    });
    get = await happen({ operation: GetService, at: at + 2, account, user: 'bob', resources: [other] });
    list = await happen({ operation: ListServices, at: at + 3, account });
  });

  it('finds exactly its events, newest first', async () => {
    expect(await idsOf(account, {})).toEqual([list, get, associate, register]);
    expect(await idsOf(account, by('EventId', associate))).toEqual([associate]);
    expect(await idsOf(account, by('EventId', get.toUpperCase()))).toEqual([get]);
    expect(await idsOf(account, by('EventName', 'GetService'))).toEqual([get]);
    expect(await idsOf(account, by('ReadOnly', 'true'))).toEqual([list, get]);
    expect(await idsOf(account, by('ReadOnly', 'False'))).toEqual([associate, register]);
    expect(await idsOf(account, by('Username', 'bob'))).toEqual([get, associate]);
    expect(await idsOf(account, by('AccessKeyId', 'AKIAANN'))).toEqual([list, register]);
    expect(await idsOf(account, by('EventSource', 'aidevops.switchboard'))).toEqual([
      list,
      get,
      associate,
      register,
    ]);
    expect(await idsOf(account, by('ResourceType', service.type))).toEqual([get, associate, register]);
    expect(await idsOf(account, by('ResourceType', space.type))).toEqual([associate]);
    expect(await idsOf(account, by('ResourceName', service.id))).toEqual([associate, register]);
    expect(await idsOf(account, by('ResourceName', service.arn))).toEqual([associate, register]);
    expect(await idsOf(account, by('ResourceName', space.arn))).toEqual([associate]);
  });

  it('tells the event in CloudTrail shape', async () => {
    const { Events } = await ask(account, by('EventId', associate));
    expect(Events).toEqual([
      {
        EventId: associate,
        EventName: 'AssociateService',
        ReadOnly: 'false',
        AccessKeyId: 'AKIABOB',
        EventTime: Math.floor((NOW - 10_000) / 1000),
        EventSource: 'aidevops.switchboard',
        Username: 'bob',
        Resources: [
          { ResourceType: 'AWS::DevOpsAgent::Service', ResourceName: 'mcpserver-1' },
          { ResourceType: 'AWS::DevOpsAgent::AgentSpace', ResourceName: 'as-1' },
        ],
        CloudTrailEvent: expect.any(String),
      },
    ]);
    expect(JSON.parse(Events[0]?.CloudTrailEvent ?? '')).toMatchObject({
      eventID: associate,
      eventVersion: '1.11',
    });
    expect(operations.LookupEvents.output.safeParse({ Events }).success).toBe(true);
  });

  it.each([
    by('EventId', 'not-an-id'),
    by('EventId', '3f0c1a52-6f9e-4b9e-8d4a-2d6f0c1a526f'),
    by('EventId', newId(NOW)),
    by('EventName', 'getservice'),
    by('EventSource', 'ec2.amazonaws.com'),
    by('Username', 'x'.repeat(2000)),
    by('ResourceName', '\ud800'),
    by('ResourceName', 'mcpserver'),
    by('ResourceType', 'AWS::EC2::Instance'),
  ])('finds nothing by %o', async question => {
    expect(await ask(account, question)).toEqual({ Events: [] });
  });

  it('shows nothing of it to another account', async () => {
    const questions = [
      {},
      by('EventId', register),
      by('EventName', 'RegisterService'),
      by('Username', 'ann'),
      by('AccessKeyId', 'AKIAANN'),
      by('ResourceName', service.arn),
      by('ResourceName', service.id),
      by('ResourceType', service.type),
    ];
    for (const question of questions) {
      expect(await ask('100000000002', question)).toEqual({ Events: [] });
    }
  });
});

describe('pages', () => {
  const account = '200000000001';
  const service = resource('AWS::DevOpsAgent::Service', 'mcpserver-1', account);
  const space = resource('AWS::DevOpsAgent::AgentSpace', 'as-1', account);
  interface Known extends Happening {
    id: string;
  }
  let known: Known[];

  beforeAll(async () => {
    const spread = Array.from({ length: 90 }, (_, n) => NOW - Math.floor((n * 89 * DAY) / 90));
    const border = Date.parse('2026-11-01T00:00:00.000Z');
    const bursts = [
      ...Array(12).fill(NOW - 40 * DAY),
      ...Array(5).fill(border),
      ...Array(5).fill(border - 1),
    ];
    const times: number[] = [...spread, ...bursts];
    const events = times.map((at, n): Happening => {
      const operation = [RegisterService, GetService, AssociateService][n % 3] ?? RegisterService;
      const resources = [[service, space], [service], []][n % 3] ?? [];
      return { operation, at, account, user: n % 2 ? 'ann' : 'bob', resources };
    });
    known = await inTurn(events, async event => ({ ...event, id: await happen(event) }));
    known.sort((a, b) => b.at - a.at || (a.id < b.id ? 1 : -1));
  });

  const of = (keep: (event: Known) => boolean) => known.filter(keep).map(event => event.id);

  it.each([2, 7, 50])('of %i walk every filter through four months in exact order', async size => {
    expect(await walk(account, {}, size)).toEqual(of(() => true));
    expect(await walk(account, by('ReadOnly', 'true'), size)).toEqual(
      of(event => event.operation === GetService),
    );
    expect(await walk(account, by('EventName', 'AssociateService'), size)).toEqual(
      of(event => event.operation === AssociateService),
    );
    expect(await walk(account, by('Username', 'bob'), size)).toEqual(of(event => event.user === 'bob'));
    expect(await walk(account, by('AccessKeyId', 'AKIAANN'), size)).toEqual(
      of(event => event.user === 'ann'),
    );
    expect(await walk(account, by('ResourceName', service.arn), size)).toEqual(
      of(event => event.resources?.includes(service) === true),
    );
    expect(await walk(account, by('ResourceName', space.id), size)).toEqual(
      of(event => event.resources?.includes(space) === true),
    );
    expect(await walk(account, by('ResourceType', service.type), size)).toEqual(
      of(event => event.resources?.length !== 0),
    );
  });

  it('of one event walk in exact order', async () => {
    expect(await walk(account, by('Username', 'bob'), 1)).toEqual(of(event => event.user === 'bob'));
  });

  it('keep to a time range, by whole seconds, both ends included', async () => {
    const from = Date.parse('2026-10-31T23:59:59.000Z');
    const to = Date.parse('2026-11-01T00:00:00.000Z');
    const range = { StartTime: from, EndTime: to };
    expect(await walk(account, range, 3)).toEqual(of(({ at }) => at >= from && at < to + 1000));
    expect(await walk(account, { ...by('Username', 'ann'), ...range }, 3)).toEqual(
      of(({ at, user }) => at >= from && at < to + 1000 && user === 'ann'),
    );
    expect(await walk(account, { EndTime: from }, 7)).toEqual(of(({ at }) => at < from + 1000));
    const [event] = known.filter(({ at }) => at === to);
    expect(await idsOf(account, { ...by('EventId', event?.id ?? ''), ...range })).toEqual([event?.id]);
    expect(await idsOf(account, { ...by('EventId', event?.id ?? ''), StartTime: to + 1000 })).toEqual([]);
  });

  it('take times of any size', async () => {
    const everything = of(() => true).slice(0, 50);
    expect(await idsOf(account, { StartTime: -1e300, EndTime: 1e300 })).toEqual(everything);
    expect(await ask(account, { EndTime: -1e300 })).toEqual({ Events: [] });
    expect(await ask(account, { StartTime: 1e300, EndTime: 1e300 })).toEqual({ Events: [] });
  });

  it('continue only the very question that gave the token', async () => {
    const question = { ...by('Username', 'bob'), StartTime: NOW - 80 * DAY };
    const { NextToken = '' } = await ask(account, { ...question, MaxResults: 2 });
    expect((await ask(account, { ...question, MaxResults: 5, NextToken })).Events).toHaveLength(5);
    const foreign = [
      ask(account, { NextToken }),
      ask(account, { ...question, ...by('Username', 'ann'), NextToken }),
      ask(account, { ...question, ...by('AccessKeyId', 'bob'), NextToken }),
      ask(account, { ...question, StartTime: NOW - 81 * DAY, NextToken }),
      ask(account, { ...question, EndTime: NOW, NextToken }),
      ask('200000000002', { ...question, NextToken }),
      ask(account, { ...question, NextToken: `${NextToken}A` }),
      ask(account, { ...question, NextToken: '' }),
      ask(account, { ...by('EventId', 'x'), NextToken: 'made-up' }),
    ];
    for (const answer of foreign) {
      await expect(answer).rejects.toMatchObject({ failure: { code: 'InvalidNextTokenException' } });
    }
  });
});

describe('bad questions', () => {
  it.each([
    [
      'two attributes',
      {
        LookupAttributes: [
          { AttributeKey: 'Username' as const, AttributeValue: 'a' },
          { AttributeKey: 'EventName' as const, AttributeValue: 'b' },
        ],
      },
      'InvalidLookupAttributesException',
    ],
    ['an empty value', by('Username', ''), 'InvalidLookupAttributesException'],
    ['a ReadOnly that is neither', by('ReadOnly', 'maybe'), 'InvalidLookupAttributesException'],
    ['a start after the end', { StartTime: NOW, EndTime: NOW - 1000 }, 'InvalidTimeRangeException'],
    ['insights', { EventCategory: 'insight' as const }, 'InvalidEventCategoryException'],
  ])('%s', async (_, question, code) => {
    await expect(ask(ACCOUNT, question)).rejects.toMatchObject({ failure: { code } });
  });
});

describe('what is shown', () => {
  it('is no expired event, removed or not, and pages fill up with others', async () => {
    const account = '300000000001';
    const resources = [resource('AWS::DevOpsAgent::Service', 'mcpserver-1', account)];
    const base = { operation: RegisterService, account, resources };
    const lasting = await inTurn([1, 2, 3], n => happen({ ...base, at: NOW - n * DAY }));
    const gone = await inTurn([1, 2, 3, 4], n =>
      happen({ ...base, at: NOW - n * DAY - 1, retentionDays: 1 }),
    );
    for (const question of [{}, by('Username', 'ann'), by('ResourceName', 'mcpserver-1')]) {
      expect(await walk(account, question, 2)).toEqual(lasting);
    }
    expect(await idsOf(account, by('EventId', gone[0] ?? ''))).toEqual([]);
  });

  it('is one event, though it names several resources of a type', async () => {
    const account = '300000000005';
    const deps = world();
    const resources = ['a', 'b', 'c'].map(id => resource('AWS::DevOpsAgent::Service', id, account));
    const ids = await inTurn([NOW, NOW - 1, NOW - 2, NOW - 3], async at => {
      const eventId = newId(at);
      const facts = {
        eventId,
        eventName: 'DeregisterService',
        requestId: 'r',
        at,
        accountId: account,
        readOnly: false,
        requestParameters: null,
        responseElements: null,
        resources,
      };
      await writeEvent(deps, eventItems(facts, deps.config, 'new'));
      return eventId;
    });
    expect(await walk(account, by('ResourceType', 'AWS::DevOpsAgent::Service'), 1)).toEqual(ids);
    expect(await walk(account, by('ResourceType', 'AWS::DevOpsAgent::Service'), 3)).toEqual(ids);
  });

  it('is the event of the change where a failure was written after a lost answer', async () => {
    const account = '300000000002';
    const deps = world();
    for (const resources of [[], [resource('AWS::DevOpsAgent::Service', 's', account)]]) {
      const at = NOW - 1000 - resources.length;
      const trail = createAuditTrail({
        operation: RegisterService,
        caller: caller('ann', account),
        requestId: 'r',
        at,
        eventId: newId(at),
        input: {},
        config: deps.config,
      });
      trail.concerns(...resources);
      await writeEvent(deps, trail.items({ serviceId: 's' }));
      await writeEvent(deps, trail.failure({ code: 'InternalServerException', message: 'lost' }));
    }
    const { Events } = await ask(account, {});
    expect(Events).toHaveLength(2);
    for (const { CloudTrailEvent } of Events) {
      expect(JSON.parse(CloudTrailEvent)).toMatchObject({ responseElements: { serviceId: 's' } });
      expect(JSON.parse(CloudTrailEvent)).not.toHaveProperty('errorCode');
    }
  });

  it('is one event of unverified calls per reason and minute, with the latest count', async () => {
    const account = '300000000003';
    const deps = world();
    const what = { eventName: 'AuthenticateRequest', message: 'Nobody was proven.' } as const;
    const calls = { accountId: account, reason: 'InvalidSignatureException', firstSeen: NOW - 60_000 };
    const write = (figures: { lastSeen: number; count: number }) =>
      writeEvent(deps, refusedCallsEvent({ ...what, ...calls, ...figures }, deps.config));
    await write({ lastSeen: NOW - 50_000, count: 2 });
    await write({ lastSeen: NOW - 40_000, count: 5 });
    const { Events } = await ask(account, by('EventName', 'AuthenticateRequest'));
    expect(Events).toHaveLength(1);
    expect(Events[0]).not.toHaveProperty('Username');
    expect(JSON.parse(Events[0]?.CloudTrailEvent ?? '').additionalEventData.count).toBe(5);
    expect(await idsOf(account, by('EventId', Events[0]?.EventId ?? ''))).toHaveLength(1);
  });

  it('fits one answer, however large the records', async () => {
    const account = '300000000004';
    const input = {
      agentSpaceId: 'as-1',
      configuration: {
        mcpserver: { tools: Array.from({ length: 600 }, (_, n) => `${n}${'x'.repeat(147)}`) },
      },
    };
    const ids = await inTurn(
      Array.from({ length: 40 }, (_, n) => NOW - n),
      at => happen({ operation: AssociateService, at, account, input }),
    );
    const first = await ask(account, {});
    expect(Buffer.byteLength(JSON.stringify(first))).toBeLessThan(6_000_000);
    const second = await ask(account, { NextToken: first.NextToken });
    expect([...first.Events, ...second.Events].map(event => event.EventId)).toEqual(ids);
  });
});

describe('the cost of a look-up', () => {
  /** What the engine read for a question, as it reports it. */
  async function costOf(account: string, question: Question) {
    const client = testClient(engine.endpoint);
    const cost = { commands: [] as string[], scanned: 0, units: 0 };
    client.middlewareStack.add(
      (next, context) => async args => {
        const asked = { ...args, input: { ...args.input, ReturnConsumedCapacity: 'TOTAL' } };
        const result = await next(asked as typeof args);
        const output = result.output as {
          ScannedCount?: number;
          ConsumedCapacity?: { CapacityUnits?: number } | { CapacityUnits?: number }[];
        };
        cost.commands.push(String(context.commandName));
        cost.scanned += output.ScannedCount ?? 0;
        for (const used of [output.ConsumedCapacity ?? []].flat()) cost.units += used.CapacityUnits ?? 0;
        return result;
      },
      { step: 'initialize', name: 'countReads' },
    );
    const { Events } = await ask(account, question, world(client));
    client.destroy();
    return { ...cost, commands: cost.commands.sort(), found: Events.length };
  }

  it('does not depend on other events', async () => {
    const account = '400000000001';
    const service = resource('AWS::DevOpsAgent::Service', 'mcpserver-1', account);
    const rare = await inTurn(
      Array.from({ length: 6 }, (_, n) => NOW - n * 1000),
      at => happen({ operation: RegisterService, at, account, user: 'ann', resources: [service] }),
    );
    const questions = [
      by('EventId', rare[3] ?? ''),
      by('EventName', 'RegisterService'),
      by('Username', 'ann'),
      by('AccessKeyId', 'AKIAANN'),
      by('ReadOnly', 'false'),
      by('ResourceName', 'mcpserver-1'),
      by('ResourceName', service.arn),
      by('ResourceType', service.type),
    ].map(question => ({ ...question, MaxResults: 3 }));
    const before = await inTurn(questions, question => costOf(account, question));
    expect(before[1]).toMatchObject({ found: 3, scanned: 4 });
    expect(before[1]?.units).toBeGreaterThan(0);

    const others = Array.from({ length: 300 }, (_, n) => NOW - Math.floor(n * 20));
    await inTurn(others, at =>
      happen({
        operation: GetService,
        at,
        account,
        user: 'bob',
        resources: [resource('AWS::DevOpsAgent::AgentSpace', 'as-1', account)],
      }),
    );
    expect(await inTurn(questions, question => costOf(account, question))).toEqual(before);
  });

  it('is a page of each shard at most', async () => {
    const cost = await costOf('400000000001', { MaxResults: 10 });
    expect(cost.found).toBe(10);
    expect(cost.commands).toEqual(Array(4).fill('QueryCommand'));
    expect(cost.scanned).toBeLessThanOrEqual(4 * 11);
  });
});
