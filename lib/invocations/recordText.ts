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

const EVENT_TIME_LENGTH = eventTimeOf(0).length;

/** UUIDs and their like: nothing to be escaped, and nothing to be hidden, as access tokens are. */
const PLAIN = /^[0-9A-Za-z-]{1,128}$/;

/** The JSON of a record, and its UTF-8 bytes. */
export interface RecordText {
  readonly bytes: number;
  text(): string;
}

/**
 * Makes the JSON of records, as `serializeRecord(invocationRecord(…))` does. Most calls are of an agent that calls a tool
 * again: the text around the members that then differ is made once, which is most of the cost of a record. It is put
 * together when it is asked for: until then a record that waits is small, for collections of memory come in between.
 */
export function createRecordTexts(
  config: Pick<Config, 'region' | 'eventSource'>,
): (facts: InvocationFacts, eventId: string) => RecordText {
  const kept = new LRUCache<string, Frame>({ max: MAX_KEPT });
  return (facts, eventId) => {
    const whole = () => serializeRecord(invocationRecord(facts, eventId, config));
    const kind = kindOf(facts);
    if (kind === undefined) return wholeText(whole());
    const known = kept.get(kind);
    if (known) return new FilledText(known, facts, eventId);
    const text = whole();
    const parts = text.split(OWN_MEMBER);
    if (parts.length === OWN_MEMBERS + 1) kept.set(kind, frameOf(parts));
    return wholeText(text);
  };
}

function wholeText(text: string): RecordText {
  return { bytes: Buffer.byteLength(text), text: () => text };
}

/** What stays the same from call to call, and its bytes with all but the values of what does not. */
interface Frame {
  parts: readonly string[];
  bytes: number;
}

function frameOf(parts: readonly string[]): Frame {
  return { parts, bytes: Buffer.byteLength(fill(parts, '', '', '', '')) };
}

function fill(
  [head = '', afterTime = '', afterMs = '', afterRequest = '', tail = '']: readonly string[],
  eventTime: string,
  durationMs: string,
  requestId: string,
  eventId: string,
): string {
  return (
    `${head}"eventTime":"${eventTime}"${afterTime}"durationMs":${durationMs}` +
    `${afterMs}"requestID":"${requestId}"${afterRequest}"eventID":"${eventId}"${tail}`
  );
}

class FilledText implements RecordText {
  readonly #frame: Frame;
  readonly #at: number;
  readonly #durationMs: string;
  readonly #requestId: string;
  readonly #eventId: string;

  constructor(frame: Frame, { at, durationMs, requestId }: InvocationFacts, eventId: string) {
    this.#frame = frame;
    this.#at = at;
    this.#durationMs = String(roundedMs(durationMs));
    this.#requestId = requestId;
    this.#eventId = eventId;
  }

  get bytes(): number {
    // Each of the values is ASCII.
    const values = this.#durationMs.length + this.#requestId.length + this.#eventId.length;
    return this.#frame.bytes + EVENT_TIME_LENGTH + values;
  }

  text(): string {
    const eventTime = eventTimeOf(this.#at);
    return fill(this.#frame.parts, eventTime, this.#durationMs, this.#requestId, this.#eventId);
  }
}

/** Everything else that a record is made of, for calls that come again: those of access tokens that went well. */
function kindOf(facts: InvocationFacts): string | undefined {
  const { at: _, durationMs: __, requestId, caller, ...same } = facts;
  if (caller.type !== 'AccessToken' || same.outcome !== 'success' || !PLAIN.test(requestId)) return undefined;
  return JSON.stringify([caller, same]);
}
