import { expect, it } from 'vitest';
import { createTokenUse } from '../../lib/identity/tokenUse.ts';
import { ACCOUNT } from '../support/app.ts';
import { provePaging } from './paging.ts';
import {
  createSpace,
  createToken,
  eventOf,
  expectError,
  expireToken,
  ok,
  proveForeign,
  resource,
  resourcesOf,
  startWorld,
} from './support.ts';

const world = startWorld();

it('lists the tokens of one space in pages, oldest first, never their values', async () => {
  const [agentSpaceId, other] = [await createSpace(world), await createSpace(world)];
  const all: string[] = [];
  const values: string[] = [];
  for (let count = 0; count < 6; count++) {
    const { tokenId, tokenValue } = await createToken(world, agentSpaceId);
    all.push(tokenId);
    values.push(tokenValue);
    await createToken(world, other);
  }
  const answer = await world.app.call('ListAccessTokens', { agentSpaceId });
  const event = await eventOf(world.app, 'ListAccessTokens', answer);
  expect(resourcesOf(event)).toEqual([resource.space(agentSpaceId)]);
  const text = JSON.stringify(answer.body);
  for (const value of values) expect(text).not.toContain(value.split('_')[3]);
  expect(text).not.toMatch(/hash|tokenValue/i);
  await provePaging(world, {
    operation: 'ListAccessTokens',
    input: { agentSpaceId },
    member: 'accessTokens',
    id: (entry: { tokenId: string }) => entry.tokenId,
    all,
    others: [{ agentSpaceId: other }],
  });
});

it('shows settings, state and last use', async () => {
  const agentSpaceId = await createSpace(world);
  const settings = {
    name: 'runner',
    scope: 'operate',
    clientType: 'human',
    expiresInDays: 1,
    allowedCidrs: ['10.0.0.0/8'],
  };
  const created = ok(await world.app.call('CreateAccessToken', { agentSpaceId, ...settings })).accessToken;
  const { tokenId } = created;
  const list = async () => ok(await world.app.call('ListAccessTokens', { agentSpaceId })).accessTokens;
  expect(created).toMatchObject({ ...settings, status: 'active' });
  expect(await list()).toEqual([created]);
  const now = Date.now();
  await createTokenUse({ ...world.app.deps, now: () => now })({ accountId: ACCOUNT, tokenId });
  expect(await list()).toEqual([{ ...created, lastUsedAt: new Date(now).toISOString() }]);
  await expireToken(world, agentSpaceId, tokenId);
  expect(await list()).toMatchObject([{ tokenId, status: 'expired', name: 'runner' }]);
});

it('answers for a space without any, and refuses spaces that are not there or foreign', async () => {
  const agentSpaceId = await createSpace(world);
  expect(ok(await world.app.call('ListAccessTokens', { agentSpaceId }))).toEqual({ accessTokens: [] });
  await createToken(world, agentSpaceId);
  await proveForeign(world, 'ListAccessTokens', { agentSpaceId });
  const unknown = await world.app.call('ListAccessTokens', { agentSpaceId: crypto.randomUUID() });
  expectError(unknown, 'ResourceNotFoundException', 404);
});
