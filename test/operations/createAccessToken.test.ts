import { BatchGetCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from 'vitest';
import { freeExpiredPlaces } from '../../lib/accessTokens/places.ts';
import { readAccessToken } from '../../lib/identity/accessTokenText.ts';
import { verifyAccessToken } from '../../lib/identity/verifyAccessToken.ts';
import { ACCOUNT } from '../support/app.ts';
import {
  contents,
  createSpace,
  createToken,
  eventOf,
  expectError,
  expectInvalid,
  expireToken,
  HIDDEN,
  ok,
  proveForeign,
  resource,
  resourcesOf,
  startWorld,
} from './support.ts';

const QUOTA = 6;
const world = startWorld({ QUOTA_ACCESS_TOKENS_PER_SPACE: String(QUOTA) });

const DAY = 86_400_000;

const FULL = {
  name: 'Nachtdienst (Cursor)',
  scope: 'operate',
  clientType: 'human',
  expiresInDays: 60,
  allowedCidrs: ['203.0.113.0/24', '2001:db8::/32'],
};

const listed = async (agentSpaceId: string) => {
  const { accessTokens } = ok(await world.app.call('ListAccessTokens', { agentSpaceId, maxResults: 100 }));
  return accessTokens as { tokenId: string; status: string }[];
};

it('creates a token, shows its value this once, and leaves one event without it', async () => {
  const agentSpaceId = await createSpace(world);
  const answer = await world.app.call('CreateAccessToken', { agentSpaceId, ...FULL });
  expect(answer.status).toBe(201);
  const { accessToken, tokenValue } = answer.body;
  const { tokenId, createdAt, expiresAt } = accessToken;
  expect(answer.body).toEqual({
    accessToken: {
      ...FULL,
      agentSpaceId,
      tokenId,
      status: 'active',
      createdAt,
      expiresAt,
      createdBy: `arn:aws:iam::${ACCOUNT}:user/tester`,
    },
    tokenValue,
  });
  // In whole seconds.
  expect(Date.parse(expiresAt)).toBe(Math.floor(Date.parse(createdAt) / 1000) * 1000 + 60 * DAY);
  expect(readAccessToken(tokenValue)).toMatchObject({ accountId: ACCOUNT, tokenId });
  const request = { agentSpaceId, sourceIp: '203.0.113.9' };
  expect(await verifyAccessToken(tokenValue, request, world.app.deps)).toEqual({
    ok: true,
    token: {
      accountId: ACCOUNT,
      tokenId,
      agentSpaceId,
      name: FULL.name,
      scope: 'operate',
      clientType: 'human',
      allowedCidrs: FULL.allowedCidrs,
      version: 1,
      expiresAt: Date.parse(expiresAt),
    },
  });
  const event = await eventOf(world.app, 'CreateAccessToken', answer);
  expect(resourcesOf(event)).toEqual([
    resource.accessToken(agentSpaceId, tokenId),
    resource.space(agentSpaceId),
  ]);
  expect(event.requestParameters).toEqual({ agentSpaceId, ...FULL });
  expect(event.responseElements).toEqual({ accessToken, tokenValue: HIDDEN });
});

it('takes it for an agent, and for 30 days, when nobody says', async () => {
  const agentSpaceId = await createSpace(world);
  const { accessToken } = ok(
    await world.app.call('CreateAccessToken', { agentSpaceId, name: 'a', scope: 'read' }),
  );
  expect(accessToken).toMatchObject({ clientType: 'agent', expiresInDays: 30, scope: 'read' });
  expect(accessToken).not.toHaveProperty('allowedCidrs');
  const days = (Date.parse(accessToken.expiresAt) - Date.parse(accessToken.createdAt)) / DAY;
  expect(Math.round(days)).toBe(30);
});

it('keeps ranges in one spelling, each once', async () => {
  const agentSpaceId = await createSpace(world);
  const allowedCidrs = ['2001:0DB8:0::/32', '203.0.113.7', '203.0.113.7/32', '::1', '0.0.0.0/0'];
  const answer = await world.app.call('CreateAccessToken', {
    agentSpaceId,
    name: 'a',
    scope: 'read',
    allowedCidrs,
  });
  const expected = ['2001:db8::/32', '203.0.113.7/32', '::1/128', '0.0.0.0/0'];
  expect(ok(answer).accessToken.allowedCidrs).toEqual(expected);
});

describe('the quota', () => {
  it('is exact for many at once, and a revoked token makes room', async () => {
    const agentSpaceId = await createSpace(world);
    const answers = await Promise.all(
      Array.from({ length: 3 * QUOTA }, (_, n) =>
        world.app.call('CreateAccessToken', { agentSpaceId, name: `n${n}`, scope: 'read' }),
      ),
    );
    expect(answers.filter(answer => !answer.error)).toHaveLength(QUOTA);
    for (const refused of answers.filter(answer => answer.error)) {
      expectError(refused, 'ServiceQuotaExceededException', 402, /QUOTA_ACCESS_TOKENS_PER_SPACE/);
    }
    const tokens = await listed(agentSpaceId);
    expect(tokens).toHaveLength(QUOTA);
    const before = await contents(world.app);
    const refused = await world.app.call('CreateAccessToken', { agentSpaceId, name: 'x', scope: 'read' });
    await eventOf(world.app, 'CreateAccessToken', refused);
    expect(await contents(world.app)).toEqual(before);
    ok(await world.app.call('RevokeAccessToken', { agentSpaceId, tokenId: tokens[0]?.tokenId }));
    await createToken(world, agentSpaceId);
    expect(await listed(agentSpaceId)).toHaveLength(QUOTA);
  });

  it('is of each space', async () => {
    for (const agentSpaceId of [await createSpace(world), await createSpace(world)]) {
      for (let count = 0; count < QUOTA; count++) await createToken(world, agentSpaceId);
    }
  });

  it('does not count tokens that have expired', async () => {
    const agentSpaceId = await createSpace(world);
    const tokens: string[] = [];
    for (let n = 0; n < QUOTA; n++) tokens.push((await createToken(world, agentSpaceId)).tokenId);
    for (const tokenId of tokens.slice(0, 2)) await expireToken(world, agentSpaceId, tokenId);
    const answers = await Promise.all(
      Array.from({ length: QUOTA }, () =>
        world.app.call('CreateAccessToken', { agentSpaceId, name: 'next', scope: 'read' }),
      ),
    );
    expect(answers.filter(answer => !answer.error)).toHaveLength(2);
    for (const refused of answers.filter(answer => answer.error)) {
      expectError(refused, 'ServiceQuotaExceededException', 402);
    }
    const statuses = (await listed(agentSpaceId)).map(({ status }) => status);
    expect(statuses.filter(status => status === 'active')).toHaveLength(QUOTA);
    expect(statuses.filter(status => status === 'expired')).toHaveLength(2);
  });

  it('goes on counting a token that is rotated while its place is being freed', async () => {
    const agentSpaceId = await createSpace(world);
    const { tokenId } = await createToken(world, agentSpaceId);
    await expireToken(world, agentSpaceId, tokenId);
    const before = await contents(world.app);
    const { deps } = world.app;
    const send = async (command: never) => {
      const answer = await deps.store.send(command);
      if ((command as object) instanceof BatchGetCommand) {
        ok(await world.app.call('RotateAccessToken', { agentSpaceId, tokenId }));
      }
      return answer;
    };
    const meanwhile = { ...deps, store: { send } as unknown as typeof deps.store };
    await freeExpiredPlaces(meanwhile, ACCOUNT, agentSpaceId, [tokenId], Date.now());
    const places = (texts: string[]) => texts.filter(text => text.includes('"sk":"TOKENS"'));
    expect(places(await contents(world.app))).toEqual(places(before));
    expect(await listed(agentSpaceId)).toMatchObject([{ tokenId, status: 'active' }]);
  });
});

describe('refusals', () => {
  it('refuses spaces that are not there, foreign, or deleted', async () => {
    const agentSpaceId = await createSpace(world);
    const token = { name: 'a', scope: 'read' };
    await proveForeign(world, 'CreateAccessToken', { agentSpaceId, ...token });
    const unknown = { agentSpaceId: crypto.randomUUID(), ...token };
    expectError(await world.app.call('CreateAccessToken', unknown), 'ResourceNotFoundException', 404);
    ok(await world.app.call('DeleteAgentSpace', { agentSpaceId }));
    const before = await contents(world.app);
    const deleted = await world.app.call('CreateAccessToken', { agentSpaceId, ...token });
    expectError(deleted, 'ResourceNotFoundException', 404);
    expect(await contents(world.app)).toEqual(before);
  });

  it.each<[string, object, RegExp?]>([
    ['/name', { name: undefined }, /required/],
    ['/name', { name: '' }],
    ['/name', { name: 'a'.repeat(129) }],
    ['/scope', { scope: undefined }, /required|one of/],
    ['/scope', { scope: 'admin' }, /one of read, operate/],
    ['/clientType', { clientType: 'robot' }, /one of human, agent/],
    ['/expiresInDays', { expiresInDays: 0 }, /must be at least 1/],
    ['/expiresInDays', { expiresInDays: 61 }, /must be at most 60/],
    ['/expiresInDays', { expiresInDays: 1.5 }, /must be a whole number/],
    ['/expiresInDays', { expiresInDays: '30' }],
    ['/allowedCidrs', { allowedCidrs: [] }, /at least 1/],
    ['/allowedCidrs', { allowedCidrs: Array.from({ length: 21 }, (_, n) => `10.0.0.${n}`) }, /at most 20/],
    ['/allowedCidrs/1', { allowedCidrs: ['10.0.0.0/8', 'office'] }, /write it like/],
    ['/allowedCidrs/1', { allowedCidrs: ['10.0.0.0/8', '10.0.0.0/33'] }, /write it like/],
    ['/allowedCidrs/0', { allowedCidrs: ['10.0.0.1/8'] }, /did you mean 10\.0\.0\.0\/8/],
    ['/allowedCidrs/0', { allowedCidrs: ['2001:db8::1/32'] }, /did you mean 2001:db8::\/32/],
    ['/allowedCidrs/0', { allowedCidrs: ['::ffff:10.0.0.0/104'] }, /write the IPv4 range/],
    ['/allowedCidrs/0', { allowedCidrs: ['10.0.0.0/08'] }],
    ['/tokenValue', { tokenValue: 'mine' }],
    ['/clientToken', { clientToken: 'x' }],
  ])('refuses what %s may not be', async (path, members, words) => {
    const agentSpaceId = await createSpace(world);
    const before = await contents(world.app);
    const input = { agentSpaceId, name: 'a', scope: 'read', ...members };
    const answer = await world.app.call('CreateAccessToken', input);
    expectInvalid(answer, words ? [path, words] : [path]);
    await eventOf(world.app, 'CreateAccessToken', answer);
    expect(await contents(world.app)).toEqual(before);
  });

  it('names every range that is wrong', async () => {
    const agentSpaceId = await createSpace(world);
    const allowedCidrs = ['10.0.0.1/8', '10.0.0.0/8', '1.2.3', '::/129'];
    const answer = await world.app.call('CreateAccessToken', {
      agentSpaceId,
      name: 'a',
      scope: 'read',
      allowedCidrs,
    });
    expectInvalid(answer, ['/allowedCidrs/0'], ['/allowedCidrs/2'], ['/allowedCidrs/3']);
  });
});
