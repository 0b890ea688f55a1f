import { LRUCache } from 'lru-cache';
import { eventTimeOf, serializeRecord } from '../audit/record.ts';
import type { Config } from '../context.ts';
import type { InvocationFacts } from './invocationFacts.ts';
import { invocationRecord, roundedMs } from './invocationRecord.ts';

/** Texts that are kept, some 2 KB each. */
const MAX_KEPT = 1_000;

/** What differs from one call of an agent to its next. Within a string its quotes would be escaped. */
const OWN_MEMBER = /"(?:eventTime|durationMs|requestID|eventID)":(?:"[\w:.-]*"|\d+)/;
const OWN_MEMBERS = 4;

/** UUIDs and their like: nothing to be escaped, and nothing to be hidden, as access tokens are. */
const PLAIN = /^[0-9A-Za-z-]{1,128}$/;

/**
 * Makes the JSON of records, as `serializeRecord(invocationRecord(…))` does. Most calls are of an agent that calls a tool
 * again: the text around the members that then differ is made once, which is most of the cost of a record.
 */
export function createRecordTexts(
  config: Pick<Config, 'region' | 'eventSource'>,
): (facts: InvocationFacts, eventId: string) => string {
  const kept = new LRUCache<string, readonly string[]>({ max: MAX_KEPT });
  return (facts, eventId) => {
    const whole = () => serializeRecord(invocationRecord(facts, eventId, config));
    const kind = kindOf(facts);
    if (kind === undefined) return whole();
    const known = kept.get(kind);
    if (known) return filled(known, facts, eventId);
    const text = whole();
    const parts = text.split(OWN_MEMBER);
    if (parts.length === OWN_MEMBERS + 1) kept.set(kind, parts);
    return text;
  };
}

function filled(
  [head = '', afterTime = '', afterMs = '', afterRequest = '', tail = '']: readonly string[],
  { at, durationMs, requestId }: InvocationFacts,
  eventId: string,
): string {
  return (
    `${head}"eventTime":"${eventTimeOf(at)}"${afterTime}"durationMs":${roundedMs(durationMs)}` +
    `${afterMs}"requestID":"${requestId}"${afterRequest}"eventID":"${eventId}"${tail}`
  );
}

/** Everything else that a record is made of, for calls that come again: those of access tokens that went well. */
function kindOf(facts: InvocationFacts): string | undefined {
  const { at: _, durationMs: __, requestId, caller, ...same } = facts;
  if (caller.type !== 'AccessToken' || same.outcome !== 'success' || !PLAIN.test(requestId)) return undefined;
  return JSON.stringify([caller, same]);
}
