import { describe, expect, it } from 'vitest';
import type { InvocationFacts } from '../../../lib/invocations/invocationFacts.ts';
import {
  type InvocationRecord,
  invocationRecord,
  toInvocation,
} from '../../../lib/invocations/invocationRecord.ts';
import { factsOf } from '../../support/invocations.ts';
import { CONFIG, caller, newId } from '../audit/fixtures.ts';

const AT = Date.parse('2026-11-23T20:15:30.123Z');
const ID = newId(AT);

/** A record as it comes back from the store. */
function stored(changes: Partial<InvocationFacts>): InvocationRecord {
  return JSON.parse(JSON.stringify(invocationRecord(factsOf({ at: AT, ...changes }), ID, CONFIG)));
}

describe('the record of a tool call', () => {
  it('is a CloudTrail data event of version 1.11', () => {
    expect(stored({ agentSpaceId: 'as-1' })).toEqual({
      eventVersion: '1.11',
      userIdentity: {
        type: 'AccessToken',
        principalId: 'tok-1',
        accessKeyId: 'tok-1',
        arn: 'arn:aws:aidevops:us-east-1:111122223333:agentspace/as-1/access-token/tok-1',
        accountId: '111122223333',
        userName: 'night shift',
      },
      eventTime: '2026-11-23T20:15:30Z',
      eventSource: 'aidevops.switchboard',
      eventName: 'InvokeTool',
      awsRegion: 'eu-central-1',
      sourceIPAddress: '192.0.2.7',
      userAgent: 'agent/1.0',
      requestParameters: {
        agentSpaceId: 'as-1',
        serviceId: 'mcpserver-1',
        tool: 'search',
        endpoint: 'https://notes.example.com/mcp',
      },
      responseElements: null,
      additionalEventData: {
        outcome: 'success',
        durationMs: 12,
        serverName: 'notes',
        visibleName: 'notes_search',
      },
      requestID: 'request-1',
      eventID: ID,
      readOnly: true,
      resources: [
        {
          accountId: '111122223333',
          type: 'AWS::DevOpsAgent::Service',
          ARN: 'arn:aws:aidevops:eu-central-1:111122223333:service/mcpserver-1',
        },
        {
          accountId: '111122223333',
          type: 'AWS::DevOpsAgent::AgentSpace',
          ARN: 'arn:aws:aidevops:eu-central-1:111122223333:agentspace/as-1',
        },
      ],
      eventType: 'AwsApiCall',
      apiVersion: '2026-01-01',
      managementEvent: false,
      recipientAccountId: '111122223333',
      eventCategory: 'Data',
    });
  });

  it('is read-only for tools that are known to be', () => {
    const readOnly = (classification: InvocationFacts['classification']) =>
      stored({ ...(classification ? { classification } : {}) }).readOnly;
    expect(readOnly('READ_ONLY')).toBe(true);
    expect(readOnly('MUTATIVE')).toBe(false);
    expect(readOnly('DESTRUCTIVE')).toBe(false);
    const { classification: _, ...unknown } = factsOf();
    expect(invocationRecord(unknown, ID, CONFIG).readOnly).toBe(false);
  });

  it('has neither arguments nor results, whatever it is given', () => {
    const canary = 'c4n4ry-argument';
    const more = { arguments: { query: canary }, result: canary, content: [canary] };
    // @ts-expect-error arguments have no place among the facts
    const facts: InvocationFacts = { ...factsOf(), arguments: { query: canary } };
    expect(JSON.stringify(invocationRecord({ ...facts, ...more }, ID, CONFIG))).not.toContain(canary);
  });

  it('is bounded, and fit for a terminal, whatever names were asked for', () => {
    const long = '😀'.repeat(50_000);
    const record = stored({
      visibleName: `\u001b[31mnotes\u0007_\u202esearch${long}`,
      toolName: long,
      serverName: long,
      endpoint: `https://example.com/${long}`,
      failure: { code: long, message: long },
      caller: { ...factsOf().caller, userAgent: long },
    });
    expect(Buffer.byteLength(JSON.stringify(record))).toBeLessThan(16_000);
    expect(record.additionalEventData.visibleName).toMatch(/^notes_search😀/);
    expect(JSON.stringify(record).isWellFormed()).toBe(true);
  });
});

describe('what is listed of a record', () => {
  it('tells a bearer by its token', () => {
    expect(toInvocation(stored({}))).toEqual({
      invocationId: ID,
      time: '2026-11-23T20:15:30.123Z',
      outcome: 'success',
      durationMs: 12,
      visibleName: 'notes_search',
      agentSpaceId: 'space-1',
      serviceId: 'mcpserver-1',
      serverName: 'notes',
      tool: 'search',
      endpoint: 'https://notes.example.com/mcp',
      tokenId: 'tok-1',
      tokenName: 'night shift',
      sourceIp: '192.0.2.7',
      requestId: 'request-1',
    });
  });

  it('tells a signed caller by ARN', () => {
    const listed = toInvocation(stored({ caller: caller('ann') }));
    expect(listed).toMatchObject({ userArn: 'arn:aws:iam::111122223333:user/ann' });
    expect(listed).not.toHaveProperty('tokenId');
    expect(stored({ caller: caller('ann') }).userIdentity).toMatchObject({
      type: 'IAMUser',
      userName: 'ann',
      accessKeyId: 'AKIAANN',
    });
  });

  it('tells why a call did not succeed, and leaves out what a wrong name does not lead to', () => {
    const { serviceId, serverName, endpoint, toolName, classification, ...rest } = factsOf();
    const failure = { code: 'ToolNotFound', message: 'There is no such tool.' };
    const facts: InvocationFacts = { ...rest, at: AT, outcome: 'refused', failure };
    const record = JSON.parse(JSON.stringify(invocationRecord(facts, ID, CONFIG)));
    expect(toInvocation(record)).toMatchObject({
      outcome: 'refused',
      errorCode: 'ToolNotFound',
      errorMessage: 'There is no such tool.',
    });
    expect(Object.keys(toInvocation(record))).not.toContain('serviceId');
    expect(record.resources).toHaveLength(1);
  });
});
