import { expect, it } from 'vitest';
import { provePaging } from './paging.ts';
import {
  associate,
  createSpace,
  eventOf,
  expectError,
  ok,
  proveForeign,
  register,
  resource,
  resourcesOf,
  startWorld,
} from './support.ts';

const world = startWorld();

it('lists the spaces that use a service, in pages, and no other', async () => {
  const [serviceId, other] = [await register(world), await register(world)];
  const all: string[] = [];
  for (let count = 0; count < 6; count++) {
    const agentSpaceId = await createSpace(world);
    await associate(world, agentSpaceId, serviceId);
    all.push(agentSpaceId);
  }
  const elsewhere = await createSpace(world);
  await associate(world, elsewhere, other);
  const answer = await world.app.call('ListServiceAssociations', { serviceId });
  const [first] = answer.body.associations;
  const { agentSpaceId, associationId } = first;
  const { association } = ok(await world.app.call('GetAssociation', { agentSpaceId, associationId }));
  expect(first).toEqual({ agentSpaceId, associationId, serviceId, createdAt: association.createdAt });
  const event = await eventOf(world.app, 'ListServiceAssociations', answer);
  expect(resourcesOf(event)).toEqual([resource.service(serviceId)]);
  await provePaging(world, {
    operation: 'ListServiceAssociations',
    input: { serviceId },
    member: 'associations',
    id: (entry: { agentSpaceId: string }) => entry.agentSpaceId,
    all: all.sort(),
    others: [{ serviceId: other }],
  });
});

it('answers for a service that nobody uses, and refuses ids that are not there or foreign', async () => {
  const serviceId = await register(world);
  expect(ok(await world.app.call('ListServiceAssociations', { serviceId }))).toEqual({ associations: [] });
  await proveForeign(world, 'ListServiceAssociations', { serviceId });
  const unknown = await world.app.call('ListServiceAssociations', { serviceId: 'mcpserver-none' });
  expectError(unknown, 'ResourceNotFoundException', 404);
  await eventOf(world.app, 'ListServiceAssociations', unknown);
});
