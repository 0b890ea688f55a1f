import { expect, it } from 'vitest';
import { OTHER_ACCOUNT } from '../support/app.ts';
import { injectStoreFault } from '../support/storeFaults.ts';
import {
  associate,
  createSpace,
  eventOf,
  expectInvalid,
  ok,
  register,
  resourcesOf,
  startWorld,
} from './support.ts';

const world = startWorld();

it('counts the spaces of each server, in two reads for a page of them', async () => {
  const [used, unused] = [await register(world), await register(world)];
  for (let n = 0; n < 5; n++) await associate(world, await createSpace(world), used);
  const others = Array.from({ length: 18 }, (_, n) => `mcpserver-none-${n}`);
  let batches = 0;
  const done = injectStoreFault(world.app, ({ command }) => {
    if (command.startsWith('BatchGet')) batches++;
    return undefined;
  });
  const answer = await world.app.call('BatchGetAssociationCounts', { serviceIds: [unused, ...others, used] });
  done();
  expect(ok(answer).associationCounts).toEqual([
    { serviceId: unused, associationCount: 0 },
    { serviceId: used, associationCount: 5 },
  ]);
  expect(batches).toBe(2);
  const event = await eventOf(world.app, 'BatchGetAssociationCounts', answer);
  expect(resourcesOf(event)).toEqual([]);
});

it('counts a server once that is named twice, and nothing of another account', async () => {
  const serviceId = await register(world);
  await associate(world, await createSpace(world), serviceId);
  const input = { serviceIds: [serviceId, serviceId] };
  expect(ok(await world.app.call('BatchGetAssociationCounts', input)).associationCounts).toEqual([
    { serviceId, associationCount: 1 },
  ]);
  const foreign = await world.app.call('BatchGetAssociationCounts', input, { accountId: OTHER_ACCOUNT });
  expect(ok(foreign).associationCounts).toEqual([]);
  for (const serviceIds of [[], Array.from({ length: 26 }, (_, n) => `mcpserver-${n}`)]) {
    expectInvalid(await world.app.call('BatchGetAssociationCounts', { serviceIds }), ['/serviceIds']);
  }
});
