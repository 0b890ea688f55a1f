import { describe, expect, it } from 'vitest';
import { keys } from '../../lib/store/keys.ts';
import { ACCOUNT } from '../support/app.ts';
import {
  associate,
  contents,
  createSpace,
  eventOf,
  expectError,
  ok,
  register,
  scan,
  selection,
  startWorld,
} from './support.ts';

const world = startWorld();

const call = (agentSpaceId: string, serviceId: string) =>
  world.app.call('AssociateService', selection(agentSpaceId, serviceId, ['echo']));

const services = new Map<string, Promise<string>>();
const serviceOf = (name: string): Promise<string> => {
  const known = services.get(name) ?? register(world, name);
  services.set(name, known);
  return known;
};

const COLLIDING: [string, string][] = [
  ['a', 'a_b'],
  ['E', 'e_c'],
  ['a_b', 'A_B_c'],
  ['a', 'a__b'],
  ['x_', 'x__y'],
  ['_', '__z'],
  ['a_', 'a__b'],
];

const APART: [string, string][] = [
  ['a', 'ab'],
  ['a_b', 'a_bc'],
  ['a_b', 'a_c'],
  ['b_a', 'a_b'],
  ['a-b', 'a'],
  ['_a', '_b'],
];

describe.each(COLLIDING)('%s and %s', (first, second) => {
  it.each([
    ['in this order', first, second],
    ['in the other order', second, first],
  ])('cannot both be in a space, %s', async (_, one, other) => {
    const agentSpaceId = await createSpace(world);
    const [oneId, otherId] = [await serviceOf(one), await serviceOf(other)];
    const associationId = await associate(world, agentSpaceId, oneId);
    const before = await contents(world.app);
    const answer = await call(agentSpaceId, otherId);
    expectError(answer, 'ConflictException', 409);
    expect(answer.body.message).toContain(oneId);
    await eventOf(world.app, 'AssociateService', answer);
    expect(await contents(world.app)).toEqual(before);
    // The same one again is a replacement; the name is free once it went.
    ok(await call(agentSpaceId, oneId));
    ok(await world.app.call('DisassociateService', { agentSpaceId, associationId }));
    ok(await call(agentSpaceId, otherId));
    expectError(await call(agentSpaceId, oneId), 'ConflictException', 409);
  });
});

it.each(APART)('%s and %s can both be in a space', async (first, second) => {
  const agentSpaceId = await createSpace(world);
  ok(await call(agentSpaceId, await serviceOf(first)));
  ok(await call(agentSpaceId, await serviceOf(second)));
});

it('holds no name for longer than its association', async () => {
  const agentSpaceId = await createSpace(world);
  const names = ['p', 'q_r_s', 'q_r_t', 'q_u'];
  const ids = await Promise.all(
    names.map(async name => associate(world, agentSpaceId, await serviceOf(name))),
  );
  for (const associationId of ids) {
    ok(await world.app.call('DisassociateService', { agentSpaceId, associationId }));
  }
  const claims = (await scan(world.app)).filter(
    ({ pk, sk }) => pk === keys.spaceParts(ACCOUNT, agentSpaceId) && sk.startsWith('NAM#'),
  );
  expect(claims.every(claim => claim.serviceId === undefined && claim.longer === 0)).toBe(true);
  for (const name of ['q', 'p_x', 'q2']) ok(await call(agentSpaceId, await serviceOf(name)));
});

it('takes the longest name with the most parts', async () => {
  const serviceId = await register(world, '_'.repeat(58));
  ok(await call(await createSpace(world), serviceId));
});
