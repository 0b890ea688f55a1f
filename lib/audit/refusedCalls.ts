import { createHash } from 'node:crypto';
import { v7 } from 'uuid';
import type { Caller } from '../identity/caller.ts';
import type { TransactClause } from '../store/transact.ts';
import { type AuditConfig, eventItems } from './items.ts';
import type { AuditResource } from './trail.ts';

const MINUTE_MS = 60_000;

/** Calls of one minute that were refused for one reason, before anything else was looked at. */
export interface RefusedCalls {
  /** Signatures and access tokens. */
  eventName: 'AuthenticateRequest' | 'AuthenticateAccessToken';
  /** Whose trail tells of them: the caller's account, or where none was proven the deployment's. */
  accountId: string;
  /** An error code of ours and what it means; never text of a request. */
  reason: string;
  message: string;
  count: number;
  /** Epoch milliseconds of the first and the last, in the same minute. */
  firstSeen: number;
  lastSeen: number;
  /** Left out where the caller could not be verified. */
  caller?: Caller;
  resources?: readonly AuditResource[];
  requestParameters?: unknown;
  /** More CloudTrail `additionalEventData`. */
  details?: Record<string, unknown>;
  /** Tells processes apart that count at the same time: each has an event of its own. */
  process?: string;
}

/**
 * One event for all of them. Its id and key follow from name, account, caller, reason, process and the moment of the first:
 * writing it again, with later figures, replaces it, and what a server counts after a restart in the same minute does not.
 */
export function refusedCallsEvent(calls: RefusedCalls, config: AuditConfig): TransactClause[] {
  const { eventName, accountId, reason, message, count, caller, process } = calls;
  const minute = Math.floor(calls.firstSeen / MINUTE_MS) * MINUTE_MS;
  const origin = [eventName, accountId, caller?.principalId, reason, process, calls.firstSeen];
  const eventId = derivedId(minute, JSON.stringify(origin.map(part => part ?? null)));
  const facts = {
    eventId,
    eventName,
    requestId: eventId,
    at: minute,
    accountId,
    ...(caller ? { caller } : {}),
    readOnly: false,
    requestParameters: calls.requestParameters ?? null,
    responseElements: null,
    resources: calls.resources ?? [],
    additionalEventData: {
      count,
      firstSeen: new Date(calls.firstSeen).toISOString(),
      lastSeen: new Date(calls.lastSeen).toISOString(),
      ...calls.details,
    },
    failure: { code: reason, message },
  };
  return eventItems(facts, config, 'replace');
}

/** A UUIDv7 whose random bits are a hash of its origin. */
function derivedId(at: number, origin: string): string {
  const hash = createHash('sha256').update(`${at}\n${origin}`).digest();
  return v7({ msecs: at, random: hash, seq: hash.readUInt32BE(16) });
}
