import { createHash } from 'node:crypto';
import { v7 } from 'uuid';
import type { TransactClause } from '../store/transact.ts';
import { type AuditConfig, eventItems } from './items.ts';

const MINUTE_MS = 60_000;

/** Requests of one minute whose caller could not be verified, refused for one reason. */
export interface UnverifiedCalls {
  /** Whose trail tells of them: the deployment's account. */
  accountId: string;
  /** The error code they were answered with; never text of a request. */
  reason: string;
  count: number;
  /** Epoch milliseconds of the first and the last, in the same minute. */
  firstSeen: number;
  lastSeen: number;
}

/**
 * One event for all of them. Its id and key follow from account, reason and the moment of the first: writing it
 * again, with later figures, replaces it, and what a server counts after a restart in the same minute does not.
 */
export function unverifiedEvent(calls: UnverifiedCalls, config: AuditConfig): TransactClause[] {
  const { accountId, reason, count } = calls;
  const minute = Math.floor(calls.firstSeen / MINUTE_MS) * MINUTE_MS;
  const eventId = derivedId(minute, `${accountId}\n${reason}\n${calls.firstSeen}`);
  const facts = {
    eventId,
    eventName: 'AuthenticateRequest',
    requestId: eventId,
    at: minute,
    accountId,
    readOnly: false,
    requestParameters: null,
    responseElements: null,
    resources: [],
    additionalEventData: {
      count,
      firstSeen: new Date(calls.firstSeen).toISOString(),
      lastSeen: new Date(calls.lastSeen).toISOString(),
    },
    failure: { code: reason, message: 'Requests whose caller could not be verified.' },
  };
  return eventItems(facts, config, 'replace');
}

/** A UUIDv7 whose random bits are a hash of its origin. */
function derivedId(at: number, origin: string): string {
  const hash = createHash('sha256').update(`${at}\n${origin}`).digest();
  return v7({ msecs: at, random: hash, seq: hash.readUInt32BE(16) });
}
