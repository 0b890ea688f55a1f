import { expect, it } from 'vitest';
import {
  associate,
  createSpace,
  eventOf,
  expectError,
  expectInvalid,
  ok,
  proveForeign,
  register,
  resource,
  resourcesOf,
  selection,
  startWorld,
} from './support.ts';
import { expectWire } from './wire.ts';

const world = startWorld();

it('describes an association as it was made', async () => {
  const [agentSpaceId, serviceId] = [await createSpace(world), await register(world)];
  const made = ok(await world.app.call('AssociateService', selection(agentSpaceId, serviceId, ['echo'])));
  const { associationId } = made.association;
  const answer = await world.app.call('GetAssociation', { agentSpaceId, associationId });
  expect(answer).toMatchObject({ status: 200 });
  expect(answer.body).toEqual(made);
  expectWire('GetAssociation', answer.body);
  const event = await eventOf(world.app, 'GetAssociation', answer);
  expect(resourcesOf(event)).toEqual(
    [
      resource.space(agentSpaceId),
      resource.association(agentSpaceId, associationId),
      resource.service(serviceId),
    ].sort(),
  );
  expect(event).toMatchObject({ requestParameters: { agentSpaceId, associationId }, responseElements: null });
});

it('refuses what is not there, foreign, or of another space', async () => {
  const [agentSpaceId, serviceId] = [await createSpace(world), await register(world)];
  const associationId = await associate(world, agentSpaceId, serviceId);
  await proveForeign(world, 'GetAssociation', { agentSpaceId, associationId });
  const inputs = [
    { agentSpaceId: await createSpace(world), associationId },
    { agentSpaceId, associationId: `${associationId}0` },
    { agentSpaceId, associationId: 'x' },
    { agentSpaceId, associationId: '-' },
    { agentSpaceId: crypto.randomUUID(), associationId },
  ];
  for (const input of inputs) {
    const answer = await world.app.call('GetAssociation', input);
    expectError(answer, 'ResourceNotFoundException', 404);
    await eventOf(world.app, 'GetAssociation', answer);
  }
  const wrong = { agentSpaceId, associationId: 'a_b' };
  expectInvalid(await world.app.call('GetAssociation', wrong), ['/associationId']);
});
