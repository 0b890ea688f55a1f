import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** Milliseconds that a person has for a consent; longer leaves links lying about, shorter hurries sign-ins. */
export const CONSENT_LIFETIME_MS = 10 * 60_000;

/** 256 bits: not to be guessed, whatever the number of tries. */
const SECRET_BYTES = 32;
const SECRET = /^[A-Za-z0-9_-]{43}$/;
const POINTER = /^(\d{12})\.([A-Za-z0-9_-]{43})$/;
/** {@link PendingPointer.hash} and a secret. */
const CONFIRMATION = /^([A-Za-z0-9_-]{43})\.([A-Za-z0-9_-]{43})$/;

/** Whose pending consent a ticket or a `state` is about, and the hash that it is stored under. */
export interface PendingPointer {
  accountId: string;
  hash: string;
}

/** A ticket understood: it opens the consent page, and the `state` that goes to the provider follows from it. */
export interface Ticket extends PendingPointer {
  ticket: string;
  state: string;
}

/**
 * A new ticket of an account. Only the hash of `state` is stored, and `state` is derived from the ticket, so the
 * table gives away neither, and a provider that sees `state` cannot open the consent page.
 */
export function mintTicket(accountId: string): Ticket {
  return ticketOf(accountId, randomBytes(SECRET_BYTES).toString('base64url'));
}

/** The ticket in a text of that form; `undefined` in any other. */
export function readTicket(text: string): Ticket | undefined {
  const [, accountId, secret] = POINTER.exec(text) ?? [];
  return accountId && secret ? ticketOf(accountId, secret) : undefined;
}

/** Where the pending consent of a `state` is stored; `undefined` for a text of another form. */
export function readState(text: string): PendingPointer | undefined {
  const [, accountId, secret] = POINTER.exec(text) ?? [];
  return accountId && secret ? { accountId, hash: hashOf(secret) } : undefined;
}

/** What binds a consent to one browser. */
export function mintBrowserSecret(): string {
  return randomBytes(SECRET_BYTES).toString('base64url');
}

/** Whether a text has the form of {@link mintBrowserSecret}. */
export function isBrowserSecret(text: string): boolean {
  return SECRET.test(text);
}

/** What a browser brings to the console for the initiator of the consent at `hash` to confirm. */
export function mintConfirmation(hash: string): { token: string; secret: string } {
  const secret = randomBytes(SECRET_BYTES).toString('base64url');
  return { token: `${hash}.${secret}`, secret };
}

/** The parts of a text of that form. Whose it is, the caller who sends it says. */
export function readConfirmation(token: string): { hash: string; secret: string } | undefined {
  const [, hash, secret] = CONFIRMATION.exec(token) ?? [];
  return hash && secret ? { hash, secret } : undefined;
}

/** SHA-256 of a secret of 256 bits, which needs no salt. */
export function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url');
}

/** Whether `secret` is the one behind `hash`, in constant time. */
export function matches(secret: string, hash: string): boolean {
  const [a, b] = [Buffer.from(hashOf(secret)), Buffer.from(hash)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function ticketOf(accountId: string, secret: string): Ticket {
  const derived = hashOf(`switchboard consent state\n${accountId}\n${secret}`);
  return {
    accountId,
    ticket: `${accountId}.${secret}`,
    state: `${accountId}.${derived}`,
    hash: hashOf(derived),
  };
}
