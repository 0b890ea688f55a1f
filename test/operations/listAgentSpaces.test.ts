import { expect, it } from 'vitest';
import { OTHER_ACCOUNT } from '../support/app.ts';
import { provePaging } from './paging.ts';
import { createSpace, eventOf, ok, resourcesOf, startWorld } from './support.ts';
import { expectWire } from './wire.ts';

const world = startWorld();

it('answers with an empty list', async () => {
  const answer = await world.app.call('ListAgentSpaces');
  expect(answer).toMatchObject({ status: 200, body: { agentSpaces: [] } });
  expect(Object.keys(answer.body)).toEqual(['agentSpaces']);
});

it('lists the spaces of the account, oldest first, and no other', async () => {
  const all: string[] = [];
  for (let count = 0; count < 7; count++) all.push(await createSpace(world, { description: 'd' }));
  const foreign = await createSpace(world, {}, OTHER_ACCOUNT);
  const answer = await world.app.call('ListAgentSpaces');
  expectWire('ListAgentSpaces', answer.body);
  const event = await eventOf(world.app, 'ListAgentSpaces', answer);
  expect(resourcesOf(event)).toEqual([]);
  const [first] = answer.body.agentSpaces;
  const { agentSpace } = ok(await world.app.call('GetAgentSpace', { agentSpaceId: all[0] }));
  expect(first).toEqual(agentSpace);
  const theirs = await world.app.call('ListAgentSpaces', {}, { accountId: OTHER_ACCOUNT });
  expect(theirs.body.agentSpaces).toMatchObject([{ agentSpaceId: foreign }]);
  await provePaging(world, {
    operation: 'ListAgentSpaces',
    member: 'agentSpaces',
    id: (space: { agentSpaceId: string }) => space.agentSpaceId,
    all,
  });
});
