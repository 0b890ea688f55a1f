import type { Config } from '../context.ts';
import type { Caller } from '../identity/caller.ts';
import { isOutdated } from '../identity/outdated.ts';
import { type Key, keys } from '../store/keys.ts';
import type { TransactClause } from '../store/transact.ts';
import { absent, type Guard, put, update } from '../store/write.ts';
import type { ConsentErrorCode } from './consentErrors.ts';
import { CONSENT_LIFETIME_MS, type PendingPointer } from './state.ts';

/**
 * `started` → `consented` (a browser is bound, and was sent to the provider) → `exchanging` (the code is being
 * used) → `exchanged` (the tokens are kept) → `done`; `failed` from any but `done`. No way leads back.
 */
export type PendingStatus = 'started' | 'consented' | 'exchanging' | 'exchanged' | 'done' | 'failed';

/** What a consent is for. */
export type PendingKind = 'registration' | 'update';

/** A consent under way. Its key is the hash of its `state`. */
export interface PendingItem extends Key {
  kind: PendingKind;
  /** Minted ahead for a registration. */
  serviceId: string;
  /** Who began it: the audit event of its end names them. */
  caller: Caller;
  /** The request that began it. */
  requestId: string;
  /** What the consent page names. */
  server: { name: string; endpoint: string };
  scopes: string[];
  /** Origin of the authorization endpoint. */
  provider: string;
  returnTo: string;
  kmsKeyArn?: string;
  status: PendingStatus;
  /** Encrypted {@link PendingSecret}; gone when the consent has ended. */
  ciphertext?: Uint8Array;
  /** Hash of the cookie of the browser that went on to the provider last. */
  browserHash?: string;
  /** Epoch milliseconds. */
  exchangingSince?: number;
  /** Hash of what the browser was sent to the console with last, for its initiator to confirm. */
  confirmationHash?: string;
  failure?: ConsentErrorCode;
  /** Epoch seconds; checked on every read. */
  expiresAt: number;
}

type NewPending = Omit<
  PendingItem,
  keyof Key | 'status' | 'expiresAt' | 'browserHash' | 'confirmationHash' | 'failure'
>;

/** Name of the guard that each transition carries. */
export const PENDING_GUARD = 'pending';

/** The write that begins a consent. */
export function startedPending(
  table: string,
  { accountId, hash }: PendingPointer,
  pending: NewPending,
  at: number,
): TransactClause {
  const item = { ...pending, status: 'started', expiresAt: expiry(at) };
  return put(table, keys.pending(accountId, hash), item, absent(PENDING_GUARD));
}

/** Binds the browser that goes on to the provider; the one that does so last counts. */
export function consentedPending(table: string, key: Key, browserHash: string): TransactClause {
  return move(table, key, ['started', 'consented'], { status: 'consented', browserHash });
}

/** Takes the code: of two callbacks at once, one gets past this. */
export function exchangingPending(table: string, key: Key, at: number): TransactClause {
  return move(table, key, ['consented'], { status: 'exchanging', exchangingSince: at });
}

/** Keeps the tokens, with time anew for a reload to go on from here. */
export function exchangedPending(
  table: string,
  key: Key,
  ciphertext: Uint8Array,
  at: number,
): TransactClause {
  return move(table, key, ['exchanging'], { status: 'exchanged', ciphertext, expiresAt: expiry(at) });
}

/** Has the initiator confirm; the confirmation that was given out last counts. */
export function confirmablePending(table: string, key: Key, confirmationHash: string): TransactClause {
  return move(table, key, ['exchanged'], { confirmationHash });
}

/** The end, in the very transaction that registers or updates the service. */
export function donePending(table: string, key: Key, at: number): TransactClause {
  return move(table, key, ['exchanged'], ended({ status: 'done' }, at));
}

/** The other end, from the status that was read; the secrets go. */
export function failedPending(
  table: string,
  key: Key,
  from: PendingStatus,
  failure: ConsentErrorCode,
  at: number,
): TransactClause {
  return move(table, key, [from], ended({ status: 'failed', failure }, at));
}

/** Whether its time is over (`now` in epoch milliseconds), or it was under way before `TOKENS_VALID_FROM`. */
export function isExpired(
  { expiresAt }: Pick<PendingItem, 'expiresAt'>,
  now: number,
  config: Pick<Config, 'tokensValidFrom'>,
): boolean {
  const endsAt = expiresAt * 1000;
  return endsAt <= now || isOutdated(endsAt - CONSENT_LIFETIME_MS, config);
}

/** The outcome stays for a while, so that a reload tells the same. */
function ended(set: Record<string, unknown>, at: number) {
  return { ...set, ciphertext: undefined, expiresAt: expiry(at) };
}

function expiry(at: number): number {
  return Math.ceil((at + CONSENT_LIFETIME_MS) / 1000);
}

function move(
  table: string,
  key: Key,
  from: readonly PendingStatus[],
  set: Record<string, unknown>,
): TransactClause {
  return update(table, key, { set }, inStatus(from));
}

function inStatus(from: readonly PendingStatus[]): Guard {
  const values = Object.fromEntries(from.map((status, n) => [`:from${n}`, status]));
  return {
    name: PENDING_GUARD,
    condition: `#status IN (${Object.keys(values).join(', ')})`,
    names: { '#status': 'status' },
    values,
  };
}
