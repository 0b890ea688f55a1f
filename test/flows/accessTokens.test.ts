import { beforeAll, describe, expect, it } from 'vitest';
import { meterStore, type StoreMeter } from '../../bench/support/storeMeter.ts';
import { createAuthenticationLog } from '../../lib/audit/authenticationLog.ts';
import { mintAccessToken, readAccessToken } from '../../lib/identity/accessTokenText.ts';
import { createTokenUse } from '../../lib/identity/tokenUse.ts';
import { verifyAccessToken } from '../../lib/identity/verifyAccessToken.ts';
import { keys } from '../../lib/store/keys.ts';
import { getItem } from '../../lib/store/read.ts';
import {
  arnOf,
  createSpace,
  createToken,
  expireToken,
  ok,
  resource,
  resourcesOf,
  scan,
  startWorld,
} from '../operations/support.ts';
import { ACCOUNT, OTHER_ACCOUNT } from '../support/app.ts';

const world = startWorld();

const MINUTE = 60_000;
const HOME = '203.0.113.7';

const verify = (text: string, agentSpaceId: string, sourceIp = HOME) =>
  verifyAccessToken(text, { agentSpaceId, sourceIp }, world.app.deps);

let meter: StoreMeter;
beforeAll(() => {
  meter = meterStore(world.app.deps.store, { capacity: false });
});

/** A well-formed token with another secret, of another id or account where those are given: what anyone can make up. */
function forged(text: string, change: { accountId?: string; tokenId?: string } = {}): string {
  const { accountId, tokenId } = { accountId: '', tokenId: '', ...readAccessToken(text), ...change };
  return mintAccessToken(accountId, tokenId).text;
}

describe('verifying', () => {
  it('takes one read of one item, whatever comes of it, and none for what is no token', async () => {
    const [agentSpaceId, other] = [await createSpace(world), await createSpace(world)];
    const { tokenValue } = await createToken(world, agentSpaceId, { allowedCidrs: ['203.0.113.0/24'] });
    const cost = async (text: string, space = agentSpaceId, sourceIp = HOME) => {
      const { value, use } = await meter.measure(() => verify(text, space, sourceIp));
      const { requests, itemsWritten } = use;
      return [value.ok ? 'ok' : value.reason, requests.join(), itemsWritten];
    };
    expect(await cost(tokenValue)).toEqual(['ok', 'GetItem', 0]);
    expect(await cost(tokenValue, other)).toEqual(['other-space', 'GetItem', 0]);
    expect(await cost(tokenValue, agentSpaceId, '10.0.0.1')).toEqual(['address-not-allowed', 'GetItem', 0]);
    expect(await cost(forged(tokenValue))).toEqual(['wrong-secret', 'GetItem', 0]);
    expect(await cost(forged(tokenValue, { tokenId: '0'.repeat(32) }))).toEqual(['unknown', 'GetItem', 0]);
    expect(await cost(forged(tokenValue, { accountId: OTHER_ACCOUNT }))).toEqual(['unknown', 'GetItem', 0]);
    for (const text of [tokenValue.slice(0, -1), '', 'x'.repeat(100_000)]) {
      expect(await cost(text)).toEqual(['malformed', '', 0]);
    }
  });

  it('fails when the store does', async () => {
    const agentSpaceId = await createSpace(world);
    const { tokenValue } = await createToken(world, agentSpaceId);
    const store = { send: () => Promise.reject(new Error('away')) } as never;
    const asked = verifyAccessToken(
      tokenValue,
      { agentSpaceId, sourceIp: HOME },
      { ...world.app.deps, store },
    );
    await expect(asked).rejects.toThrow('away');
  });
});

describe('the last use', () => {
  const lastUse = async (tokenId: string) =>
    (await getItem<{ lastUsedAt?: string }>(world.app.deps, keys.accessTokenUse(ACCOUNT, tokenId)))
      ?.lastUsedAt;

  it('is one write per token and five minutes of a process', async () => {
    const agentSpaceId = await createSpace(world);
    const [one, other] = [await createToken(world, agentSpaceId), await createToken(world, agentSpaceId)];
    const clock = { at: Date.now() };
    const note = createTokenUse({ ...world.app.deps, now: () => clock.at });
    const writes = async (...tokenIds: string[]) => {
      const noted = () => Promise.all(tokenIds.map(tokenId => note({ accountId: ACCOUNT, tokenId })));
      return (await meter.measure(noted)).use.requests.join();
    };
    expect(await writes(one.tokenId, one.tokenId, one.tokenId)).toBe('UpdateItem');
    clock.at += 5 * MINUTE - 1;
    expect(await writes(one.tokenId)).toBe('');
    expect(await writes(other.tokenId)).toBe('UpdateItem');
    clock.at += 1;
    expect(await writes(one.tokenId, other.tokenId)).toBe('UpdateItem');
    expect(await lastUse(one.tokenId)).toBe(new Date(clock.at).toISOString());
    expect(await lastUse(other.tokenId)).toBe(new Date(clock.at - 1).toISOString());
  });

  it('never becomes an earlier one', async () => {
    const agentSpaceId = await createSpace(world);
    const { tokenId } = await createToken(world, agentSpaceId);
    const at = Date.now();
    const noteAt = (time: number) =>
      createTokenUse({ ...world.app.deps, now: () => time })({ accountId: ACCOUNT, tokenId });
    await noteAt(at);
    await noteAt(at - MINUTE);
    expect(await lastUse(tokenId)).toBe(new Date(at).toISOString());
  });

  it('fails nobody when the store is away', async () => {
    const store = { send: () => Promise.reject(new Error('away')) } as never;
    const note = createTokenUse({ ...world.app.deps, store });
    await expect(note({ accountId: ACCOUNT, tokenId: '0'.repeat(32) })).resolves.toBeUndefined();
  });
});

describe('the trail of refused tokens', () => {
  const USER_AGENT = 'claude-code/2';
  const DEPLOYMENT = '000000000000';

  function newLog(clock: { at: number }) {
    return createAuthenticationLog({ ...world.app.deps, now: () => clock.at, accountId: DEPLOYMENT });
  }

  const refuse = async (
    log: ReturnType<typeof newLog>,
    text: string,
    agentSpaceId: string,
    sourceIp = HOME,
  ) => {
    const verdict = await verify(text, agentSpaceId, sourceIp);
    if (verdict.ok) throw new Error('It was not refused');
    log.note(verdict, { agentSpaceId, sourceIp, userAgent: USER_AGENT });
  };

  const eventsOf = async (accountId: string, by: string, value: string) => {
    const LookupAttributes = [{ AttributeKey: by, AttributeValue: value }];
    const { Events } = ok(await world.app.call('LookupEvents', { LookupAttributes }, { accountId }));
    const records = Events.map((event: { CloudTrailEvent: string }) => JSON.parse(event.CloudTrailEvent));
    return records.filter((event: { eventName: string }) => event.eventName === 'AuthenticateAccessToken');
  };

  it('has who it was, from where, and what for, once a token was proven', async () => {
    const [agentSpaceId, other] = [await createSpace(world), await createSpace(world)];
    const { tokenId, tokenValue } = await createToken(world, agentSpaceId, {
      name: 'night runner',
      scope: 'operate',
    });
    const clock = { at: Date.now() };
    const log = newLog(clock);
    await refuse(log, tokenValue, other);
    await log.flush();
    const [event, ...more] = await eventsOf(ACCOUNT, 'Username', 'night runner');
    expect(more).toEqual([]);
    expect(event).toMatchObject({
      eventName: 'AuthenticateAccessToken',
      errorCode: 'AccessTokenOfOtherSpace',
      userIdentity: {
        type: 'AccessToken',
        principalId: tokenId,
        accessKeyId: tokenId,
        accountId: ACCOUNT,
        arn: arnOf.accessToken(agentSpaceId, tokenId),
        userName: 'night runner',
      },
      sourceIPAddress: HOME,
      userAgent: USER_AGENT,
      requestParameters: { agentSpaceId: other },
      additionalEventData: { count: 1, sourceAddresses: [HOME], scope: 'operate', clientType: 'agent' },
      readOnly: false,
      managementEvent: true,
    });
    expect(resourcesOf(event)).toEqual([
      resource.accessToken(agentSpaceId, tokenId),
      resource.space(agentSpaceId),
    ]);
    for (const [by, value] of [
      ['AccessKeyId', tokenId],
      ['ResourceName', tokenId],
      ['ResourceName', agentSpaceId],
      ['ResourceType', 'AWS::DevOpsAgent::AccessToken'],
    ] as const) {
      const ids = (await eventsOf(ACCOUNT, by, value)).map((found: { eventID: string }) => found.eventID);
      expect([by, ids]).toEqual([by, expect.arrayContaining([event.eventID])]);
    }
    await log.close();
  });

  it('has one event per token, reason and minute, however often an agent tries', async () => {
    const agentSpaceId = await createSpace(world);
    const { tokenId, tokenValue } = await createToken(world, agentSpaceId, {
      allowedCidrs: ['203.0.113.0/24'],
    });
    const clock = { at: Math.floor(Date.now() / MINUTE) * MINUTE - 10 * MINUTE };
    const log = newLog(clock);
    const { use } = await meter.measure(async () => {
      for (let n = 0; n < 100; n++) {
        await refuse(log, tokenValue, agentSpaceId, `198.51.100.${n}`);
        await log.flush();
      }
      await expireToken(world, agentSpaceId, tokenId);
      await refuse(log, tokenValue, agentSpaceId);
      clock.at += MINUTE;
      await log.flush();
      await log.flush();
    });
    const written = use.requests.filter(name => name !== 'GetItem');
    // Those of expireToken are its own.
    expect(written).toHaveLength(3 + 2);
    const events = await eventsOf(ACCOUNT, 'AccessKeyId', tokenId);
    const byCode = new Map(events.map((event: { errorCode: string }) => [event.errorCode, event]));
    expect([...byCode.keys()].sort()).toEqual(['AccessTokenAddressNotAllowed', 'AccessTokenExpired']);
    expect(events).toHaveLength(2);
    expect(byCode.get('AccessTokenAddressNotAllowed')).toMatchObject({
      sourceIPAddress: '198.51.100.0',
      additionalEventData: { count: 100 },
    });
    const { sourceAddresses } = (
      byCode.get('AccessTokenAddressNotAllowed') as { additionalEventData: { sourceAddresses: string[] } }
    ).additionalEventData;
    expect(sourceAddresses).toEqual(Array.from({ length: 10 }, (_, n) => `198.51.100.${n}`));
    await log.close();
  });

  it('has one event per reason and minute for everybody else, in the deployment’s account', async () => {
    const agentSpaceId = await createSpace(world);
    const { tokenId, tokenValue } = await createToken(world, agentSpaceId);
    const clock = { at: Math.floor(Date.now() / MINUTE) * MINUTE - 10 * MINUTE };
    const log = newLog(clock);
    const before = (await scan(world.app)).length;
    const { use } = await meter.measure(async () => {
      for (let n = 0; n < 50; n++) {
        await refuse(log, forged(tokenValue), agentSpaceId);
        await refuse(log, forged(tokenValue, { tokenId: '0'.repeat(32) }), agentSpaceId);
        await refuse(log, `secret-in-a-wrong-place-${n}`, agentSpaceId);
        log.note({ ok: false, reason: 'missing' }, { agentSpaceId, sourceIp: HOME, userAgent: USER_AGENT });
        await log.flush();
      }
      await log.close();
    });
    // At the first of each kind, and with the figures at the end.
    expect(use.requests.filter(name => name !== 'GetItem')).toHaveLength(8);
    expect((await scan(world.app)).length).toBe(before + 4);
    const events = await eventsOf(DEPLOYMENT, 'EventName', 'AuthenticateAccessToken');
    const codes = events.map((event: { errorCode: string }) => event.errorCode).sort();
    expect(codes).toEqual([
      'AccessTokenMalformed',
      'AccessTokenMissing',
      'AccessTokenSecretWrong',
      'AccessTokenUnknown',
    ]);
    for (const event of events) {
      expect(event).toMatchObject({
        userIdentity: { type: 'Unknown' },
        sourceIPAddress: 'Unknown',
        requestParameters: null,
        resources: [],
        additionalEventData: { count: 50 },
      });
      // Nobody can write into a trail by guessing: not even the id of a token that exists.
      for (const text of [tokenId, HOME, agentSpaceId, 'wrong-place']) {
        expect(JSON.stringify(event)).not.toContain(text);
      }
    }
    expect(await eventsOf(ACCOUNT, 'AccessKeyId', tokenId)).toEqual([]);
  });

  it('has an event of each process', async () => {
    const agentSpaceId = await createSpace(world);
    const { tokenId, tokenValue } = await createToken(world, agentSpaceId);
    await expireToken(world, agentSpaceId, tokenId);
    const clock = { at: Date.now() };
    const logs = [newLog(clock), newLog(clock)];
    for (const log of logs) {
      await refuse(log, tokenValue, agentSpaceId);
      await log.close();
    }
    expect(await eventsOf(ACCOUNT, 'AccessKeyId', tokenId)).toHaveLength(2);
  });

  it('shows a requested space only where that can be one', async () => {
    const agentSpaceId = await createSpace(world);
    const { tokenId, tokenValue } = await createToken(world, agentSpaceId);
    const log = newLog({ at: Date.now() });
    await refuse(log, tokenValue, tokenValue);
    await log.close();
    const [event] = await eventsOf(ACCOUNT, 'AccessKeyId', tokenId);
    expect(event.requestParameters).toBeNull();
    expect(JSON.stringify(event)).not.toContain(readAccessToken(tokenValue)?.secret);
  });
});
