import { describe, expect, it } from 'vitest';
import { codeChallenge, mintCodeVerifier } from '../../../lib/oauth/pkce.ts';
import {
  hashOf,
  isBrowserSecret,
  matches,
  mintBrowserSecret,
  mintTicket,
  readState,
  readTicket,
} from '../../../lib/oauth/state.ts';

const ACCOUNT = '111122223333';

describe('tickets and states', () => {
  it('carry the account and 256 bits, and share nothing else', () => {
    const { ticket, state, hash } = mintTicket(ACCOUNT);
    for (const text of [ticket, state]) expect(text).toMatch(/^111122223333\.[A-Za-z0-9_-]{43}$/);
    expect(new Set([ticket, state, `${ACCOUNT}.${hash}`]).size).toBe(3);
    expect(mintTicket(ACCOUNT).ticket).not.toBe(ticket);
  });

  it('lead to the same stored hash, and the ticket to the state', () => {
    const minted = mintTicket(ACCOUNT);
    expect(readTicket(minted.ticket)).toEqual(minted);
    expect(readState(minted.state)).toEqual({ accountId: ACCOUNT, hash: minted.hash });
    // Whoever sees the state cannot stand in for the ticket.
    expect(readTicket(minted.state)?.hash).not.toBe(minted.hash);
  });

  it('are of one account alone', () => {
    const { ticket, state, hash } = mintTicket(ACCOUNT);
    const other = '444455556666';
    expect(readTicket(ticket.replace(ACCOUNT, other))?.hash).not.toBe(hash);
    expect(readState(state.replace(ACCOUNT, other))).toEqual({ accountId: other, hash });
  });

  it.each([
    '',
    'x',
    '111122223333',
    '111122223333.',
    `11112222333.${'a'.repeat(43)}`,
    `111122223333.${'a'.repeat(42)}`,
    `111122223333.${'a'.repeat(44)}`,
    `111122223333.${'a'.repeat(42)}=`,
    `111122223333.${'a'.repeat(43)}\n`,
    `111122223333#${'a'.repeat(43)}`,
  ])('are not read from %j', text => {
    expect(readTicket(text)).toBeUndefined();
    expect(readState(text)).toBeUndefined();
  });
});

describe('the secret of a browser', () => {
  it('matches its own hash alone', () => {
    const secret = mintBrowserSecret();
    expect(isBrowserSecret(secret)).toBe(true);
    expect(matches(secret, hashOf(secret))).toBe(true);
    expect(matches(mintBrowserSecret(), hashOf(secret))).toBe(false);
    expect(matches(secret, '')).toBe(false);
  });
});

describe('PKCE', () => {
  it('makes the challenge of RFC 7636 appendix B', () => {
    expect(codeChallenge('dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk')).toBe(
      'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
    );
    expect(mintCodeVerifier()).toMatch(/^[A-Za-z0-9_-]{43}$/);
  });
});
