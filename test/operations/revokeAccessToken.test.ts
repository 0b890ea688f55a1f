import { expect, it } from 'vitest';
import { createTokenUse } from '../../lib/identity/tokenUse.ts';
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
  ok,
  proveForeign,
  resource,
  resourcesOf,
  scan,
  startWorld,
} from './support.ts';

const world = startWorld();

const revoke = (agentSpaceId: string, tokenId: string) =>
  world.app.call('RevokeAccessToken', { agentSpaceId, tokenId });

const itemsOf = async (tokenId: string) =>
  (await scan(world.app)).filter(item => item.tokenId === tokenId || item.pk.includes(tokenId));

it('ends a token for good, with all that was kept of it, in one event', async () => {
  const agentSpaceId = await createSpace(world);
  const kept = await createToken(world, agentSpaceId);
  const before = await contents(world.app);
  const { tokenId, tokenValue } = await createToken(world, agentSpaceId, { name: 'going' });
  const note = createTokenUse(world.app.deps);
  await note({ accountId: ACCOUNT, tokenId });
  expect(await itemsOf(tokenId)).toHaveLength(3);
  const answer = await revoke(agentSpaceId, tokenId);
  expect(answer).toMatchObject({ status: 204, body: undefined });
  const event = await eventOf(world.app, 'RevokeAccessToken', answer);
  expect(resourcesOf(event)).toEqual([
    resource.accessToken(agentSpaceId, tokenId),
    resource.space(agentSpaceId),
  ]);
  expect(event).toMatchObject({
    requestParameters: { agentSpaceId, tokenId },
    additionalEventData: { accessTokenName: 'going' },
  });
  expect(await contents(world.app)).toEqual(before);
  const request = { agentSpaceId, sourceIp: '127.0.0.1' };
  expect(await verifyAccessToken(tokenValue, request, world.app.deps)).toEqual({
    ok: false,
    reason: 'unknown',
  });
  expect(await verifyAccessToken(kept.tokenValue, request, world.app.deps)).toMatchObject({ ok: true });
});

it('is not undone by a use that is noted late', async () => {
  const agentSpaceId = await createSpace(world);
  const { tokenId } = await createToken(world, agentSpaceId);
  ok(await revoke(agentSpaceId, tokenId));
  await createTokenUse(world.app.deps)({ accountId: ACCOUNT, tokenId });
  expect(await itemsOf(tokenId)).toEqual([]);
});

it('ends expired tokens too, and happens once', async () => {
  const agentSpaceId = await createSpace(world);
  const { tokenId } = await createToken(world, agentSpaceId);
  await expireToken(world, agentSpaceId, tokenId);
  const answers = await Promise.all(Array.from({ length: 4 }, () => revoke(agentSpaceId, tokenId)));
  expect(answers.filter(answer => !answer.error)).toHaveLength(1);
  for (const lost of answers.filter(answer => answer.error)) {
    expectError(lost, 'ResourceNotFoundException', 404, /ListAccessTokens/);
  }
  expect(await itemsOf(tokenId)).toEqual([]);
});

it('refuses tokens that are not there, foreign, of another space, or named wrongly', async () => {
  const [agentSpaceId, other] = [await createSpace(world), await createSpace(world)];
  const { tokenId } = await createToken(world, agentSpaceId);
  await proveForeign(world, 'RevokeAccessToken', { agentSpaceId, tokenId });
  const before = await contents(world.app);
  const answer = await revoke(other, tokenId);
  expectError(answer, 'ResourceNotFoundException', 404);
  await eventOf(world.app, 'RevokeAccessToken', answer);
  expectInvalid(await revoke(agentSpaceId, tokenId.toUpperCase()), ['/tokenId']);
  expect(await contents(world.app)).toEqual(before);
});
