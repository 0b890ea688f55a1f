import { expect, it } from 'vitest';
import { provePaging } from './paging.ts';
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
  startWorld,
} from './support.ts';
import { expectWire } from './wire.ts';

const world = startWorld();

it('lists the associations of one space in pages, with and without a filter', async () => {
  const [agentSpaceId, other] = [await createSpace(world), await createSpace(world)];
  const all: string[] = [];
  for (let count = 0; count < 6; count++) {
    const serviceId = await register(world);
    all.push(await associate(world, agentSpaceId, serviceId));
    await associate(world, other, serviceId);
  }
  const answer = await world.app.call('ListAssociations', { agentSpaceId });
  expectWire('ListAssociations', answer.body);
  const event = await eventOf(world.app, 'ListAssociations', answer);
  expect(resourcesOf(event)).toEqual([resource.space(agentSpaceId)]);
  const [first] = answer.body.associations;
  const one = { agentSpaceId, associationId: first.associationId };
  expect(ok(await world.app.call('GetAssociation', one)).association).toEqual(first);

  const list = {
    operation: 'ListAssociations',
    member: 'associations',
    id: (entry: { associationId: string }) => entry.associationId,
    all: all.sort(),
  } as const;
  const filter = { agentSpaceId, filterServiceTypes: 'mcpserver, github' };
  await provePaging(world, { ...list, input: { agentSpaceId }, others: [{ agentSpaceId: other }, filter] });
  await provePaging(world, { ...list, input: filter, others: [{ agentSpaceId }] });
});

it('filters by types, separated by commas', async () => {
  const agentSpaceId = await createSpace(world);
  const associationId = await associate(world, agentSpaceId, await register(world));
  const found = async (filterServiceTypes: string) => {
    const { associations } = ok(
      await world.app.call('ListAssociations', { agentSpaceId, filterServiceTypes }),
    );
    return associations.map((association: { associationId: string }) => association.associationId);
  };
  for (const filter of ['mcpserver', 'mcpserver,mcpserversigv4', 'github,  mcpserver']) {
    expect(await found(filter)).toEqual([associationId]);
  }
  for (const filter of ['mcpserversigv4', 'github', 'mcp', 'MCPSERVER'])
    expect(await found(filter)).toEqual([]);
  for (const filterServiceTypes of ['', ',', 'a b', 'mcpserver;']) {
    const answer = await world.app.call('ListAssociations', { agentSpaceId, filterServiceTypes });
    expectInvalid(answer, ['/filterServiceTypes']);
  }
});

it('answers for a space without any, and refuses spaces that are not there or foreign', async () => {
  const agentSpaceId = await createSpace(world);
  expect(ok(await world.app.call('ListAssociations', { agentSpaceId }))).toEqual({ associations: [] });
  await associate(world, agentSpaceId, await register(world));
  await proveForeign(world, 'ListAssociations', { agentSpaceId });
  const unknown = await world.app.call('ListAssociations', { agentSpaceId: crypto.randomUUID() });
  expectError(unknown, 'ResourceNotFoundException', 404);
});
