import { describe, expect, it } from 'vitest';
import type { AccessTokenItem } from '../../../lib/accessTokens/accessTokenItem.ts';
import { loadConfig } from '../../../lib/config.ts';
import { hashSecret, mintAccessToken } from '../../../lib/identity/accessTokenText.ts';
import { tokenCaller } from '../../../lib/identity/tokenCaller.ts';
import { judgeAccessToken, verifyAccessToken } from '../../../lib/identity/verifyAccessToken.ts';

const ACCOUNT = '111122223333';
const ID = '019b7600000070008000000000000001';
const END = Date.parse('2026-12-24T18:00:00.000Z');
const { secret } = mintAccessToken(ACCOUNT, ID);

const item: AccessTokenItem = {
  pk: `A#${ACCOUNT}#T#${ID}`,
  sk: '-',
  tokenId: ID,
  agentSpaceId: 'space-1',
  name: 'runner',
  scope: 'operate',
  clientType: 'agent',
  expiresInDays: 30,
  createdAt: '2026-11-24T18:00:00.000Z',
  createdBy: `arn:aws:iam::${ACCOUNT}:user/ann`,
  expiresAtMs: END,
  expiresAt: END / 1000,
  version: 3,
  secretHash: hashSecret(secret).toString('hex'),
};

const token = {
  accountId: ACCOUNT,
  tokenId: ID,
  agentSpaceId: 'space-1',
  name: 'runner',
  scope: 'operate',
  clientType: 'agent',
  version: 3,
  expiresAt: END,
} as const;

const request = { agentSpaceId: 'space-1', sourceIp: '203.0.113.7', now: END - 1 };
const parts = { accountId: ACCOUNT, secret };

const restricted = { ...item, allowedCidrs: ['203.0.113.0/24'] };

const config = { tokensValidFrom: 0 };

describe('a token is', () => {
  it('good for its space until its end', () => {
    expect(judgeAccessToken(item, parts, request, config)).toEqual({ ok: true, token });
    expect(judgeAccessToken(restricted, parts, request, config)).toMatchObject({ ok: true });
  });

  it('refused from its end on, whether it was removed or not', () => {
    for (const now of [END, END + 1, END + 40 * 86_400_000]) {
      expect(judgeAccessToken(item, parts, { ...request, now }, config)).toEqual({
        ok: false,
        reason: 'expired',
        token,
      });
    }
  });

  it('refused when its value was made before those of the deployment are good again', () => {
    const made = Date.parse(item.createdAt);
    const judge = (tokensValidFrom: number, more: object = {}) =>
      judgeAccessToken({ ...item, ...more }, parts, request, { tokensValidFrom });
    expect(judge(made)).toMatchObject({ ok: true });
    expect(judge(made + 1)).toEqual({ ok: false, reason: 'outdated', token });
    expect(judge(made + 1, { rotatedAt: new Date(made + 1).toISOString() })).toMatchObject({ ok: true });
    expect(judge(made + 2, { rotatedAt: new Date(made + 1).toISOString() })).toMatchObject({ ok: false });
  });

  it.each(['', 'yesterday', undefined])('refused when nobody can tell when it was made: %j', createdAt => {
    const damaged = { ...item, createdAt } as AccessTokenItem;
    for (const tokensValidFrom of [0, 1]) {
      expect(judgeAccessToken(damaged, parts, request, { tokensValidFrom })).toMatchObject({
        ok: false,
        reason: 'outdated',
      });
    }
  });

  it('refused for every other space', () => {
    for (const agentSpaceId of ['space-2', 'space-', 'space-11', 'SPACE-1', '']) {
      const verdict = judgeAccessToken(item, parts, { ...request, agentSpaceId }, config);
      expect(verdict).toEqual({ ok: false, reason: 'other-space', token });
    }
  });

  it('refused from other addresses', () => {
    for (const sourceIp of ['203.0.114.7', 'unknown', '', '2001:db8::1']) {
      const verdict = judgeAccessToken(restricted, parts, { ...request, sourceIp }, config);
      expect(verdict).toMatchObject({ ok: false, reason: 'address-not-allowed', token: { tokenId: ID } });
    }
    const mapped = judgeAccessToken(
      restricted,
      parts,
      { ...request, sourceIp: '::ffff:203.0.113.9' },
      config,
    );
    expect(mapped).toMatchObject({ ok: true });
  });

  it('nobody’s with another secret, and nothing is told of it, whatever else is wrong', () => {
    const wrong = { ...request, now: END + 1, agentSpaceId: 'space-2', sourceIp: '10.0.0.1' };
    for (const other of [mintAccessToken(ACCOUNT, ID).secret, '', `${secret}0`, secret.slice(1)]) {
      for (const asked of [request, wrong]) {
        expect(judgeAccessToken(restricted, { ...parts, secret: other }, asked, config)).toEqual({
          ok: false,
          reason: 'wrong-secret',
        });
      }
    }
  });

  it('not its own hash', () => {
    const verdict = judgeAccessToken(item, { ...parts, secret: item.secretHash }, request, config);
    expect(verdict).toEqual({ ok: false, reason: 'wrong-secret' });
  });
});

it('reads nothing for a text that is no token', async () => {
  const store = { send: () => expect.unreachable() };
  const deps = { store, config: { tableName: 't' }, now: () => END } as never;
  const { text } = mintAccessToken(ACCOUNT, ID);
  for (const other of ['', 'x', text.slice(0, -1), `${text}x`, text.toLowerCase()]) {
    expect(await verifyAccessToken(other, request, deps)).toEqual({ ok: false, reason: 'malformed' });
  }
});

it('is named in events by its id and its name', () => {
  const from = { region: 'eu-central-1', sourceIp: '203.0.113.7', userAgent: 'claude-code/2' };
  expect(tokenCaller(token, from)).toEqual({
    accountId: ACCOUNT,
    type: 'AccessToken',
    arn: `arn:aws:aidevops:eu-central-1:${ACCOUNT}:agentspace/space-1/access-token/${ID}`,
    principalId: ID,
    accessKeyId: ID,
    userName: 'runner',
    sourceIp: '203.0.113.7',
    userAgent: 'claude-code/2',
  });
});

describe('TOKENS_VALID_FROM', () => {
  const read = (TOKENS_VALID_FROM?: string) => loadConfig({ TOKENS_VALID_FROM }).tokensValidFrom;

  it('is a time in UTC, or none', () => {
    expect(read('2026-11-25T15:00:00Z')).toBe(Date.UTC(2026, 10, 25, 15));
    expect([read(), read('')]).toEqual([0, 0]);
  });

  it.each(['yesterday', '2026-11-25', '2026-11-25T15:00:00+01:00', '2026-13-25T15:00:00Z', '0'])(
    'is refused as %s',
    value => expect(() => read(value)).toThrow('TOKENS_VALID_FROM must be a time in UTC'),
  );
});
