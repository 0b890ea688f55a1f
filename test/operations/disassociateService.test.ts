import { expect, it } from 'vitest';
import { afterNext } from './meanwhile.ts';
import {
  associate,
  contents,
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

it('leaves nothing of the association, and one event with the endpoint', async () => {
  const [agentSpaceId, serviceId] = [await createSpace(world), await register(world)];
  const before = await contents(world.app);
  const associationId = await associate(world, agentSpaceId, serviceId, ['echo', 'add']);
  const answer = await world.app.call('DisassociateService', { agentSpaceId, associationId });
  expect(answer).toMatchObject({ status: 204, body: undefined });
  expect(await contents(world.app)).toEqual(before);
  const event = await eventOf(world.app, 'DisassociateService', answer);
  expect(resourcesOf(event)).toEqual(
    [
      resource.space(agentSpaceId),
      resource.association(agentSpaceId, associationId),
      resource.service(serviceId),
    ].sort(),
  );
  expect(event).toMatchObject({
    requestParameters: { agentSpaceId, associationId },
    responseElements: null,
    additionalEventData: { endpoint: world.peer.url },
  });
  const again = await world.app.call('DisassociateService', { agentSpaceId, associationId });
  expectError(again, 'ResourceNotFoundException', 404, /ListAssociations/);
  await eventOf(world.app, 'DisassociateService', again);
});

it('counts once when many call at once', async () => {
  const [agentSpaceId, serviceId] = [await createSpace(world), await register(world)];
  const kept = await createSpace(world);
  await associate(world, kept, serviceId);
  const before = await contents(world.app);
  const associationId = await associate(world, agentSpaceId, serviceId);
  const answers = await Promise.all(
    Array.from({ length: 8 }, () => world.app.call('DisassociateService', { agentSpaceId, associationId })),
  );
  expect(answers.filter(answer => !answer.error)).toHaveLength(1);
  for (const answer of answers.filter(one => one.error)) {
    expectError(answer, 'ResourceNotFoundException', 404);
  }
  expect(await contents(world.app)).toEqual(before);
  expectError(await world.app.call('DeregisterService', { serviceId }), 'ConflictException', 409);
});

it('removes what became of an association that is changed at the same moment', async () => {
  const [agentSpaceId, serviceId] = [await createSpace(world), await register(world)];
  const before = await contents(world.app);
  const associationId = await associate(world, agentSpaceId, serviceId, ['echo']);
  const configuration = { mcpserver: { tools: ['echo', 'add', 'write_note'] } };
  const changed = afterNext(world.app, 'TransactGetItemsCommand', async () => {
    ok(await world.app.call('UpdateAssociation', { agentSpaceId, associationId, configuration }));
  });
  ok(await world.app.call('DisassociateService', { agentSpaceId, associationId }));
  await changed;
  expect(await contents(world.app)).toEqual(before);
});

it('works while the server is out of reach, and refuses what is not there or foreign', async () => {
  const [agentSpaceId, serviceId] = [await createSpace(world), await register(world)];
  const associationId = await associate(world, agentSpaceId, serviceId);
  await proveForeign(world, 'DisassociateService', { agentSpaceId, associationId });
  await world.peer.close();
  const other = { agentSpaceId: await createSpace(world), associationId };
  expectError(await world.app.call('DisassociateService', other), 'ResourceNotFoundException', 404);
  ok(await world.app.call('DisassociateService', { agentSpaceId, associationId }));
});
