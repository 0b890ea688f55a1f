import { describe, expect, it } from 'vitest';
import { verifyAccessToken } from '../../lib/identity/verifyAccessToken.ts';
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
  scan,
  startWorld,
} from './support.ts';

const QUOTA = 3;
const world = startWorld({ QUOTA_ACCESS_TOKENS_PER_SPACE: String(QUOTA) });

const verify = (text: string, agentSpaceId: string) =>
  verifyAccessToken(text, { agentSpaceId, sourceIp: '10.1.2.3' }, world.app.deps);

const rotate = (agentSpaceId: string, tokenId: string) =>
  world.app.call('RotateAccessToken', { agentSpaceId, tokenId });

it('gives the same token a new value and a fresh period; the old value is dead at once', async () => {
  const agentSpaceId = await createSpace(world);
  const settings = { scope: 'operate', clientType: 'human', expiresInDays: 7, allowedCidrs: ['10.0.0.0/8'] };
  const { tokenId, tokenValue: old } = await createToken(world, agentSpaceId, settings);
  const [before] = ok(await world.app.call('ListAccessTokens', { agentSpaceId })).accessTokens;
  const answer = await rotate(agentSpaceId, tokenId);
  expect(answer.status).toBe(200);
  const { accessToken, tokenValue } = ok(answer);
  const { rotatedAt, expiresAt } = accessToken;
  expect(accessToken).toEqual({ ...before, rotatedAt, expiresAt });
  expect(Date.parse(expiresAt)).toBe(Math.floor(Date.parse(rotatedAt) / 1000) * 1000 + 7 * 86_400_000);
  expect(ok(await world.app.call('ListAccessTokens', { agentSpaceId })).accessTokens).toEqual([accessToken]);
  expect(tokenValue).not.toBe(old);
  expect(await verify(old, agentSpaceId)).toEqual({ ok: false, reason: 'wrong-secret' });
  expect(await verify(tokenValue, agentSpaceId)).toMatchObject({ ok: true, token: { tokenId, version: 2 } });
  const event = await eventOf(world.app, 'RotateAccessToken', answer);
  expect(resourcesOf(event)).toEqual([
    resource.accessToken(agentSpaceId, tokenId),
    resource.space(agentSpaceId),
  ]);
  expect(event).toMatchObject({
    requestParameters: { agentSpaceId, tokenId },
    responseElements: { accessToken: { tokenId }, tokenValue: HIDDEN },
    additionalEventData: { accessTokenName: accessToken.name },
  });
});

it('keeps all items of the token for as long as the new value', async () => {
  const agentSpaceId = await createSpace(world);
  const { tokenId } = await createToken(world, agentSpaceId, { expiresInDays: 2 });
  await expireToken(world, agentSpaceId, tokenId);
  const { accessToken } = ok(await rotate(agentSpaceId, tokenId));
  const items = (await scan(world.app)).filter(item => item.tokenId === tokenId);
  const kept = Date.parse(accessToken.expiresAt) / 1000 + 30 * 86_400;
  expect(items.map(({ sk, expiresAt }) => [sk, expiresAt]).sort()).toEqual([
    ['-', kept],
    [`TOK#${tokenId}`, kept],
    ['USED', kept],
  ]);
});

it('brings an expired token back into use', async () => {
  const agentSpaceId = await createSpace(world);
  const { tokenId, tokenValue: old } = await createToken(world, agentSpaceId);
  await expireToken(world, agentSpaceId, tokenId);
  expect(await verify(old, agentSpaceId)).toMatchObject({ ok: false, reason: 'expired', token: { tokenId } });
  const { accessToken, tokenValue } = ok(await rotate(agentSpaceId, tokenId));
  expect(accessToken.status).toBe('active');
  expect(await verify(tokenValue, agentSpaceId)).toMatchObject({ ok: true });
});

it('does not bring one back whose place was taken, until there is room', async () => {
  const agentSpaceId = await createSpace(world);
  const { tokenId } = await createToken(world, agentSpaceId);
  await expireToken(world, agentSpaceId, tokenId);
  const others: string[] = [];
  for (let count = 0; count < QUOTA; count++) others.push((await createToken(world, agentSpaceId)).tokenId);
  const before = await contents(world.app);
  expectError(await rotate(agentSpaceId, tokenId), 'ServiceQuotaExceededException', 402);
  expect(await contents(world.app)).toEqual(before);
  // Those that have a place keep it.
  ok(await rotate(agentSpaceId, others[0] ?? ''));
  ok(await world.app.call('RevokeAccessToken', { agentSpaceId, tokenId: others[1] }));
  ok(await rotate(agentSpaceId, tokenId));
});

it('leaves one value alive, whoever rotates at the same time', async () => {
  const agentSpaceId = await createSpace(world);
  const { tokenId, tokenValue } = await createToken(world, agentSpaceId);
  const answers = await Promise.all(Array.from({ length: 8 }, () => rotate(agentSpaceId, tokenId)));
  const won = answers.filter(answer => !answer.error);
  expect(won.length).toBeGreaterThan(0);
  for (const lost of answers.filter(answer => answer.error)) expectError(lost, 'ConflictException', 409);
  const values = [tokenValue, ...won.map(answer => String(answer.body.tokenValue))];
  const verdicts = await Promise.all(values.map(value => verify(value, agentSpaceId)));
  const alive = verdicts.filter(verdict => verdict.ok);
  expect(alive).toHaveLength(1);
  expect(alive).toMatchObject([{ token: { version: won.length + 1 } }]);
});

it('loses to a revocation at the same time, or comes before it: the token is gone either way', async () => {
  const agentSpaceId = await createSpace(world);
  for (let round = 0; round < 8; round++) {
    const { tokenId, tokenValue } = await createToken(world, agentSpaceId);
    const [rotated, revoked] = await Promise.all([
      rotate(agentSpaceId, tokenId),
      world.app.call('RevokeAccessToken', { agentSpaceId, tokenId }),
    ]);
    expect(revoked?.status).toBe(204);
    const values = [tokenValue, ...(rotated.error ? [] : [String(rotated.body.tokenValue)])];
    if (rotated.error) expectError(rotated, 'ResourceNotFoundException', 404);
    for (const value of values) {
      expect(await verify(value, agentSpaceId)).toEqual({ ok: false, reason: 'unknown' });
    }
    expect((await scan(world.app)).filter(item => item.tokenId === tokenId)).toEqual([]);
  }
});

describe('refusals', () => {
  it('refuses tokens that are not there, foreign, of another space, or of a deleted one', async () => {
    const [agentSpaceId, other] = [await createSpace(world), await createSpace(world)];
    const { tokenId } = await createToken(world, agentSpaceId);
    await proveForeign(world, 'RotateAccessToken', { agentSpaceId, tokenId });
    const before = await contents(world.app);
    expectError(await rotate(other, tokenId), 'ResourceNotFoundException', 404, /ListAccessTokens/);
    expectError(await rotate(agentSpaceId, '0'.repeat(32)), 'ResourceNotFoundException', 404);
    expect(await contents(world.app)).toEqual(before);
    ok(await world.app.call('DeleteAgentSpace', { agentSpaceId }));
    expectError(await rotate(agentSpaceId, tokenId), 'ResourceNotFoundException', 404);
  });

  it('refuses a value in the place of an id, and does not record it', async () => {
    const agentSpaceId = await createSpace(world);
    const { tokenValue } = await createToken(world, agentSpaceId);
    const answer = await rotate(agentSpaceId, tokenValue);
    expectInvalid(answer, ['/tokenId', /ListAccessTokens/]);
    const event = await eventOf(world.app, 'RotateAccessToken', answer);
    expect(JSON.stringify(event)).not.toContain(tokenValue.split('_')[3]);
  });
});
