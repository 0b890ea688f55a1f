import { describe, expect, it } from 'vitest';
import { operations } from '../../../lib/api/operations.ts';
import { positionOf, timeOfEventId } from '../../../lib/audit/eventId.ts';
import { referencedEvent } from '../../../lib/audit/items.ts';
import { type RefusedCalls, refusedCallsEvent } from '../../../lib/audit/refusedCalls.ts';
import { createAuditTrail } from '../../../lib/audit/trail.ts';
import { ACCOUNT, CONFIG, caller, newId, recordOf, resource, stored } from './fixtures.ts';

const AT = Date.parse('2026-11-30T23:59:59.999Z');

describe('event items', () => {
  const eventId = newId(AT);
  const position = `2026-11-30T23:59:59.999Z#${eventId}`;
  const trail = createAuditTrail({
    operation: operations.AssociateService,
    caller: caller('ann'),
    requestId: 'r',
    at: AT,
    eventId,
    input: {},
    config: CONFIG,
  });
  trail.concerns(
    resource('AWS::DevOpsAgent::Service', 'mcpserver-1'),
    resource('AWS::DevOpsAgent::AgentSpace', 'as-1'),
  );
  const [event, service, space] = stored(trail.items({}));
  const expiresAt = Math.floor(AT / 1000) + 90 * 86_400;

  it('keeps the event under its month, kind and shard, indexed by name, user and key', () => {
    const shard = Number.parseInt(eventId.slice(-8), 16) % 2;
    expect({ ...event, record: '' }).toEqual({
      pk: `A#${ACCOUNT}#AUD#202611#W${shard}`,
      sk: position,
      record: '',
      userName: 'ann',
      gsi1pk: `A#${ACCOUNT}#202611#NAME#AssociateService`,
      gsi1sk: position,
      gsi2pk: `A#${ACCOUNT}#202611#USER#ann`,
      gsi2sk: position,
      gsi3pk: `A#${ACCOUNT}#202611#KEY#AKIAANN`,
      gsi3sk: position,
      expiresAt,
      v: 1,
    });
  });

  it('keeps a small reference for each resource, by type, id and ARN', () => {
    expect(service).toEqual({
      pk: `A#${ACCOUNT}#AUR#202611#AWS::DevOpsAgent::Service`,
      sk: `${position}#W0`,
      gsi1pk: `A#${ACCOUNT}#202611#RES#mcpserver-1`,
      gsi1sk: `${position}#W0`,
      gsi2pk: `A#${ACCOUNT}#202611#RES#arn:aws:aidevops:eu-central-1:${ACCOUNT}:service/mcpserver-1`,
      gsi2sk: `${position}#W0`,
      expiresAt,
      v: 1,
    });
    expect(space?.sk).toBe(`${position}#W1`);
    expect(referencedEvent(ACCOUNT, String(service?.sk))).toEqual({ pk: event?.pk, sk: event?.sk });
  });

  it('takes time and place from the id alone', () => {
    expect(timeOfEventId(eventId)).toBe(AT);
    expect(timeOfEventId('3f0c1a52-6f9e-4b9e-8d4a-2d6f0c1a526f')).toBeUndefined();
    expect(timeOfEventId("x' or 1")).toBeUndefined();
    expect(() => positionOf('3f0c1a52-6f9e-4b9e-8d4a-2d6f0c1a526f')).toThrow('UUIDv7');
  });
});

describe('the event of refused calls', () => {
  const minute = Date.parse('2026-11-23T20:15:00.000Z');
  const calls: RefusedCalls = {
    eventName: 'AuthenticateRequest',
    accountId: ACCOUNT,
    reason: 'InvalidSignatureException',
    message: 'Nobody was proven.',
    count: 3,
    firstSeen: minute + 2_000,
    lastSeen: minute + 50_000,
  };

  it('sums a minute up', () => {
    expect(recordOf(refusedCallsEvent(calls, CONFIG))).toMatchObject({
      eventName: 'AuthenticateRequest',
      errorCode: 'InvalidSignatureException',
      errorMessage: 'Nobody was proven.',
      eventTime: '2026-11-23T20:15:00Z',
      userIdentity: { type: 'Unknown' },
      readOnly: false,
      additionalEventData: {
        count: 3,
        firstSeen: '2026-11-23T20:15:02.000Z',
        lastSeen: '2026-11-23T20:15:50.000Z',
      },
    });
  });

  it('has one key per name, account, caller, reason, first moment and process', () => {
    const place = (changes: Partial<RefusedCalls>) => {
      const clauses = refusedCallsEvent({ ...calls, ...changes }, CONFIG);
      expect(clauses).toHaveLength(1);
      expect(clauses[0]?.item.Put).not.toHaveProperty('ConditionExpression');
      const [item] = stored(clauses);
      return `${item?.pk} ${item?.sk}`;
    };
    expect(place({ lastSeen: minute + 59_999, count: 90 })).toBe(place({}));
    expect(place({ firstSeen: minute + 30_000 })).not.toBe(place({}));
    expect(place({ reason: 'UnrecognizedClientException' })).not.toBe(place({}));
    expect(place({ firstSeen: minute + 60_000 })).not.toBe(place({}));
    expect(place({ eventName: 'AuthenticateAccessToken' })).not.toBe(place({}));
    expect(place({ process: 'one' })).not.toBe(place({}));
    expect(place({ process: 'one' })).not.toBe(place({ process: 'two' }));
    expect(place({ caller: caller('ann') })).not.toBe(place({ caller: caller('bob') }));
  });
});
