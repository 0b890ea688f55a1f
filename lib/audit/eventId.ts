import { validate, version } from 'uuid';
import { AUDIT_SHARDS, type Key, keys } from '../store/keys.ts';

/** `R` events changed nothing (CloudTrail `readOnly`), `W` events may have. */
export type EventKind = 'R' | 'W';

/** Epoch milliseconds that a UUIDv7 carries (RFC 9562 §5.7); `undefined` for anything else. */
export function timeOfEventId(id: string): number | undefined {
  if (!validate(id) || version(id) !== 7) return undefined;
  return Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
}

/**
 * Where an event stands among its account's events: sorts by time, then by id. It is a function of the id
 * alone, so that an event is found by its id with one read.
 * @throws Error if the id is not a UUIDv7
 */
export function positionOf(eventId: string): string {
  return `${isoTime(eventTime(eventId))}#${eventId}`;
}

/** The event's key in its account. @throws Error if the id is not a UUIDv7 */
export function eventKey(accountId: string, kind: EventKind, eventId: string): Key {
  return keys.event(accountId, monthOfEvent(eventId), kind, shardOf(eventId), positionOf(eventId));
}

/** The month an event is kept under. @throws Error if the id is not a UUIDv7 */
export function monthOfEvent(eventId: string): string {
  return monthOf(eventTime(eventId));
}

/** `yyyymm` in UTC. */
export function monthOf(ms: number): string {
  const iso = isoTime(ms);
  return iso.slice(0, 4) + iso.slice(5, 7);
}

/** `yyyy-mm-dd` in UTC: what positions of the day begin with. */
export function dayOf(ms: number): string {
  return isoTime(ms).slice(0, 10);
}

/** ISO 8601 in UTC with milliseconds: sorts as text. */
export function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}

/** The last 32 bits of a UUIDv7 are random, which spreads events evenly without a further hash. */
function shardOf(eventId: string): number {
  return Number.parseInt(eventId.slice(-8), 16) % AUDIT_SHARDS;
}

function eventTime(eventId: string): number {
  const time = timeOfEventId(eventId);
  if (time === undefined) throw new Error('An event id must be a UUIDv7.');
  return time;
}
