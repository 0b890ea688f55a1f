import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Operation } from '../../../lib/api/operation.ts';
import { operationList, operations } from '../../../lib/api/operations.ts';
import type { EventItem } from '../../../lib/audit/items.ts';
import { HIDDEN } from '../../../lib/audit/marks.ts';
import { createAuditTrail } from '../../../lib/audit/trail.ts';
import { CONFIG, caller, newId, recordOf, resource, stored } from './fixtures.ts';
import { CANARY, inputWithCanaries } from './inputWithCanaries.ts';

const AT = Date.parse('2026-11-23T20:15:30.123Z');

function trailOf(operation: Operation, input: unknown) {
  return createAuditTrail({
    operation,
    caller: caller(),
    requestId: 'r-1',
    at: AT,
    eventId: newId(AT),
    input,
    config: CONFIG,
  });
}

describe('the record of a call', () => {
  it('is a CloudTrail record of version 1.11', () => {
    const trail = trailOf(operations.CreateAgentSpace, {
      name: 'prod',
      description: 'hush',
      clientToken: 't',
    });
    trail.concerns(resource('AWS::DevOpsAgent::AgentSpace', 'as-1'));
    trail.add({ replayed: false });
    const response = {
      agentSpace: {
        name: 'prod',
        description: 'hush',
        agentSpaceId: 'as-1',
        createdAt: '2026-11-23T20:15:30.123Z',
        updatedAt: '2026-11-23T20:15:30.123Z',
      },
      internal: 'hush',
    };
    const record = recordOf(trail.items(response));
    expect(record).toEqual({
      eventVersion: '1.11',
      userIdentity: {
        type: 'IAMUser',
        principalId: 'AIDAANN',
        arn: 'arn:aws:iam::111122223333:user/ann',
        accountId: '111122223333',
        accessKeyId: 'AKIAANN',
        userName: 'ann',
      },
      eventTime: '2026-11-23T20:15:30Z',
      eventSource: 'aidevops.switchboard',
      eventName: 'CreateAgentSpace',
      awsRegion: 'eu-central-1',
      sourceIPAddress: '192.0.2.7',
      userAgent: 'aws-cli/2',
      requestParameters: { name: 'prod', description: HIDDEN, clientToken: 't' },
      responseElements: {
        agentSpace: { ...response.agentSpace, description: HIDDEN },
        '…': '1 unknown, not recorded',
      },
      additionalEventData: { replayed: false },
      requestID: 'r-1',
      eventID: record.eventID,
      readOnly: false,
      resources: [
        {
          accountId: '111122223333',
          type: 'AWS::DevOpsAgent::AgentSpace',
          ARN: 'arn:aws:aidevops:eu-central-1:111122223333:agentspace/as-1',
        },
      ],
      eventType: 'AwsApiCall',
      apiVersion: '2026-01-01',
      managementEvent: true,
      recipientAccountId: '111122223333',
      eventCategory: 'Management',
    });
  });

  it('has no response of reads and failures, and null where there are no parameters', () => {
    const read = recordOf(trailOf(operations.ListServices, {}).success({ services: [] }));
    expect(read).toMatchObject({ readOnly: true, requestParameters: null, responseElements: null });
    const failed = recordOf(
      trailOf(operations.DeregisterService, { serviceId: 's' }).failure({
        code: 'ConflictException',
        message: 'in use',
      }),
    );
    expect(failed).toMatchObject({
      errorCode: 'ConflictException',
      errorMessage: 'in use',
      responseElements: null,
    });
    expect(read).not.toHaveProperty('errorCode');
  });

  it('tells the role and the session of an assumed role', () => {
    const trail = createAuditTrail({
      operation: operations.ListServices,
      caller: {
        ...caller('deploy'),
        type: 'AssumedRole',
        arn: 'arn:aws:sts::111122223333:assumed-role/Builder/deploy',
        principalId: 'AROAX:deploy',
      },
      requestId: 'r',
      at: AT,
      eventId: newId(AT),
      input: {},
      config: CONFIG,
    });
    const { userIdentity } = recordOf(trail.success({ services: [] }));
    expect(userIdentity).not.toHaveProperty('userName');
    expect(userIdentity.sessionContext.sessionIssuer).toEqual({
      type: 'Role',
      principalId: 'AROAX',
      accountId: '111122223333',
      userName: 'Builder',
    });
  });

  it('cleans the error message of what the request must not show, whatever its place', () => {
    const input = { 'hunter2-hunter2': 1, service: 'pass~word/1' };
    const message = '/hunter2-hunter2: is not a member; pass~0word~11 or pass~word/1';
    const { errorMessage } = recordOf(
      trailOf(operations.RegisterService, input).failure({
        code: 'ValidationException',
        message,
        fieldList: [],
      }),
    );
    expect(errorMessage).toBe(`/${HIDDEN}: is not a member; ${HIDDEN} or ${HIDDEN}`);
  });

  it('hides a message whole when it repeats a hostile request at length', () => {
    const message = `/${'x'.repeat(20_000)}: is not a member of the request`;
    const failure = { code: 'ValidationException' as const, message, fieldList: [] };
    expect(recordOf(trailOf(operations.RegisterService, {}).failure(failure)).errorMessage).toBe(HIDDEN);
  });

  it.each(operationList.map(operation => [operation.name, operation] as const))(
    'never shows a canary placed in sensitive, unknown or mistyped members: %s',
    (_, operation) => {
      const failure = { code: 'ValidationException' as const, message: `bad ${CANARY}`, fieldList: [] };
      fc.assert(
        fc.property(
          inputWithCanaries(operation.input),
          inputWithCanaries(operation.output),
          (input, response) => {
            const trail = trailOf(operation, input);
            const succeeded = JSON.stringify(stored(trail.items(response)));
            expect(succeeded).not.toContain(CANARY);
            // A message can only repeat what the request said, word for word.
            const told = JSON.stringify(input).includes(JSON.stringify(CANARY));
            const failed = trail.failure(told ? failure : { ...failure, message: 'bad' });
            expect(JSON.stringify(stored(failed))).not.toContain(CANARY);
          },
        ),
        { numRuns: 60 },
      );
    },
  );
});

describe('the size of a record', () => {
  const name = (n: number) => `tool-${String(n).padStart(123, '0')}`;
  const association = (tools: string[], toolDetails?: object[]) => ({
    agentSpaceId: 'as-1',
    serviceId: 'mcpserver-1',
    configuration: { mcpserver: { tools, ...(toolDetails ? { toolDetails } : {}) } },
  });
  const bytes = (record: unknown) => Buffer.byteLength(JSON.stringify(record));

  it('holds 500 tool names in full', () => {
    const tools = Array.from({ length: 500 }, (_, n) => name(n));
    const record = recordOf(trailOf(operations.AssociateService, association(tools)).items({}));
    expect(record.requestParameters).toEqual(association(tools));
    expect(bytes(record)).toBeLessThanOrEqual(100_000);
  });

  it('cuts what does not fit, the response first, and keeps the small members', () => {
    const tools = Array.from({ length: 500 }, (_, n) => name(n));
    const details = tools.map(tool => ({ name: tool, toolClassification: 'READ_ONLY' }));
    const request = association(tools, details);
    const now = '2026-11-23T20:15:30.123Z';
    const response = {
      association: { ...request, associationId: 'mcpserver-2', createdAt: now, updatedAt: now },
    };
    const record = recordOf(trailOf(operations.AssociateService, request).items(response));
    expect(bytes(record)).toBeLessThanOrEqual(100_000);
    expect(bytes(record)).toBeGreaterThan(80_000);
    expect(record.requestParameters).toMatchObject({ agentSpaceId: 'as-1', serviceId: 'mcpserver-1' });
    expect(record.requestParameters.configuration.mcpserver.tools).toEqual(tools);
    expect(record.requestParameters['…']).toBe('truncated');
    expect(record.responseElements.association.associationId).toBe('mcpserver-2');
  });

  it.each([
    ['long names', association(['a'.repeat(250_000)])],
    ['many names', association(Array.from({ length: 60_000 }, () => 'ab'))],
    ['many tags', { resourceArn: 'x', tags: Object.fromEntries(range(40_000).map(n => [`k${n}`, 'é'])) }],
    ['many unknown members', Object.fromEntries(range(50_000).map(n => [`k${n}`, 1]))],
  ])('is bounded for %s', (_, input) => {
    const operation = 'tags' in input ? operations.TagResource : operations.AssociateService;
    const trail = createAuditTrail({
      operation,
      caller: { ...caller(), userAgent: '\u0001'.repeat(20_000) },
      requestId: 'r',
      at: AT,
      eventId: newId(AT),
      input,
      config: CONFIG,
    });
    trail.add({ notes: range(9_000).map(n => `note ${n}`) });
    trail.concerns(...range(50).map(n => resource('AWS::DevOpsAgent::Association', `a-${n}`)));
    const clauses = trail.failure({ code: 'ConflictException', message: '"'.repeat(15_000) });
    expect(clauses.length).toBeLessThanOrEqual(4);
    const item = stored(clauses)[0] as unknown as EventItem;
    expect(Buffer.byteLength(item.record)).toBeLessThanOrEqual(100_000);
    expect(JSON.parse(item.record).additionalEventData.notes.at(-1)).toMatch(/^… \d+ more$/);
  });
});

describe('the state of a trail', () => {
  it('writes nothing more once committed', () => {
    const trail = trailOf(operations.DeleteAgentSpace, { agentSpaceId: 'as-1' });
    expect(trail.state).toBe('open');
    expect(trail.items({})).toEqual(trail.items({}));
    trail.committed();
    expect(trail.state).toBe('committed');
    expect(trail.failure({ code: 'InternalServerException', message: 'x' })).toEqual([]);
    expect(trail.success({})).toEqual([]);
    expect(() => trail.items({})).toThrow('already written');
  });

  it('names one resource of each type, as it was learned last', () => {
    const trail = trailOf(operations.GetService, { serviceId: 'mcpserver-1' });
    const space = resource('AWS::DevOpsAgent::AgentSpace', 'as-1');
    const service = resource('AWS::DevOpsAgent::Service', 'mcpserver-2');
    trail.concerns(space, resource('AWS::DevOpsAgent::Service', 'mcpserver-1'));
    trail.concerns(service);
    expect(recordOf(trail.success({})).resources).toEqual(
      [space, service].map(({ type, arn }) => ({ accountId: '111122223333', type, ARN: arn })),
    );
  });

  it('lets a failed read replace its event, which is written meanwhile, and a failed change not', () => {
    const failure = { code: 'InternalServerException' as const, message: 'x' };
    const conditionOf = (operation: Operation) =>
      trailOf(operation, {}).failure(failure)[0]?.item.Put?.ConditionExpression;
    expect(conditionOf(operations.GetService)).toBeUndefined();
    expect(conditionOf(operations.DeregisterService)).toBe('attribute_not_exists(pk)');
  });
});

function range(length: number): number[] {
  return Array.from({ length }, (_, n) => n);
}
