import { describe, expect, it } from 'vitest';
import { createSignIn } from '../../../../local/identity/signIn.ts';

const MINUTE = 60_000;

function start() {
  const clock = { now: Date.parse('2026-11-25T12:00:00Z') };
  const used: number[] = [];
  const signIn = createSignIn({
    accountId: '123456789012',
    now: () => clock.now,
    onUsed: () => used.push(clock.now),
  });
  return { clock, used, signIn };
}

describe('a sign-in link', () => {
  it('stands for a session once', () => {
    const { signIn, used } = start();
    expect(signIn.exchange('')).toBeUndefined();
    expect(signIn.exchange(`${signIn.code}x`)).toBeUndefined();
    expect(used).toHaveLength(0);
    const session = signIn.exchange(signIn.code);
    expect(session).toMatchObject({ userName: 'root', role: 'admin', expiresAt: '2026-11-26T00:00:00.000Z' });
    expect(used).toHaveLength(1);
    expect(signIn.exchange(signIn.code)).toBeUndefined();
    expect(signIn.find(session?.accessKeyId ?? '')).toMatchObject({
      accountId: '123456789012',
      role: 'admin',
      secretAccessKey: session?.secretAccessKey,
    });
  });

  it('works for 15 minutes', () => {
    const { signIn, clock } = start();
    clock.now += 15 * MINUTE;
    expect(signIn.exchange(signIn.code)).toBeUndefined();
  });

  it('has a code of 256 bits that no other has', () => {
    const codes = [start().signIn.code, start().signIn.code];
    expect(new Set(codes).size).toBe(2);
    expect(Buffer.from(codes[0] ?? '', 'base64url')).toHaveLength(32);
  });
});

describe('its session', () => {
  it('ends after 12 hours', () => {
    const { signIn, clock } = start();
    const { accessKeyId = '' } = signIn.exchange(signIn.code) ?? {};
    clock.now += 12 * 60 * MINUTE - 1;
    expect(signIn.find(accessKeyId)).toBeDefined();
    clock.now += 1;
    expect(signIn.find(accessKeyId)).toBeUndefined();
  });

  it('is ended by its holder, and by no one else', () => {
    const { signIn } = start();
    const { accessKeyId = '', secretAccessKey = '' } = signIn.exchange(signIn.code) ?? {};
    signIn.end(accessKeyId, 'another secret');
    signIn.end('another id', secretAccessKey);
    expect(signIn.find(accessKeyId)).toBeDefined();
    signIn.end(accessKeyId, secretAccessKey);
    expect(signIn.find(accessKeyId)).toBeUndefined();
    signIn.end(accessKeyId, secretAccessKey);
  });
});
