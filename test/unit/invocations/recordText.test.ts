import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { serializeRecord } from '../../../lib/audit/record.ts';
import type { InvocationFacts } from '../../../lib/invocations/invocationFacts.ts';
import { invocationRecord } from '../../../lib/invocations/invocationRecord.ts';
import { createRecordTexts, type RecordText } from '../../../lib/invocations/recordText.ts';
import { factsOf } from '../../support/invocations.ts';
import { CONFIG, newId } from '../audit/fixtures.ts';

const written = (made: RecordText) => [made.text(), made.bytes];

/** The record the plain way. */
function expected(facts: InvocationFacts, eventId: string) {
  const text = serializeRecord(invocationRecord(facts, eventId, CONFIG));
  return [text, Buffer.byteLength(text)];
}

/** Texts that would be taken for a record's own members, if anything could. */
const TRAP = '"eventID":"x","durationMs":7,\\"requestID\\":\\"y"';
const text = fc.oneof(
  fc.string(),
  fc.constantFrom(TRAP, `swbt_123456789012_${'a'.repeat(32)}_${'b'.repeat(50)}`),
);

const caller = fc.record({
  principalId: fc.constantFrom('tok-1', 'tok-2'),
  type: fc.constantFrom('AccessToken' as const, 'IAMUser' as const),
  userName: text,
  userAgent: text,
  sourceIp: fc.constantFrom('192.0.2.7', '2001:db8::1'),
});

const call = fc.record({
  caller,
  visibleName: text,
  classification: fc.constantFrom('READ_ONLY' as const, 'MUTATIVE' as const),
  outcome: fc.constantFrom('success' as const, 'failed' as const),
  requestId: fc.oneof(fc.uuid(), text),
  at: fc.integer({ min: 0, max: 4e12 }),
  durationMs: fc.double({ min: 0, max: 9e5, noNaN: true }),
  serverName: fc.option(text, { nil: undefined }),
});

it('is the record as JSON, for the first call of a kind and for those that follow', () => {
  fc.assert(
    fc.property(fc.array(call, { minLength: 1, maxLength: 8 }), calls => {
      const textOf = createRecordTexts(CONFIG);
      // Each twice, so that all kinds come again, and with the members of the one before.
      for (const [n, one] of [...calls, ...calls].entries()) {
        const { caller: who, at, durationMs, requestId, serverName, ...rest } = one;
        const base = factsOf();
        const facts = {
          ...base,
          ...rest,
          ...(serverName === undefined ? {} : { serverName }),
          at: at + n,
          durationMs: durationMs + n,
          requestId,
          caller: { ...base.caller, ...who },
        };
        const eventId = newId(facts.at);
        expect(written(textOf(facts, eventId))).toEqual(expected(facts, eventId));
      }
    }),
  );
});

it('keeps apart what differs in anything but time, duration and ids', () => {
  const textOf = createRecordTexts(CONFIG);
  const base = factsOf();
  const variants: InvocationFacts[] = [
    base,
    ...(
      ['accountId', 'agentSpaceId', 'visibleName', 'serviceId', 'serverName', 'endpoint', 'toolName'] as const
    ).map(member => ({ ...base, [member]: `other-${member}` })),
    { ...base, classification: 'MUTATIVE' },
    ...(['arn', 'principalId', 'accessKeyId', 'userName', 'sourceIp', 'userAgent'] as const).map(member => ({
      ...base,
      caller: { ...base.caller, [member]: 'arn:aws:x:::other/one' },
    })),
  ];
  for (const round of [1, 2]) {
    for (const facts of variants) {
      const eventId = newId(facts.at + round);
      expect(written(textOf(facts, eventId))).toEqual(expected(facts, eventId));
    }
  }
});
