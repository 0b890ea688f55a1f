import { expect, it } from 'vitest';
import {
  arnOf,
  createSpace,
  eventOf,
  expectError,
  expectInvalid,
  ok,
  proveForeign,
  resource,
  resourcesOf,
  startWorld,
} from './support.ts';
import { expectWire } from './wire.ts';

const world = startWorld();

it('describes a space with its tags', async () => {
  const members = { name: 'team', description: 'canary-description', locale: 'en', tags: { a: 'b' } };
  const created = ok(await world.app.call('CreateAgentSpace', members));
  const { agentSpaceId } = created.agentSpace;
  const answer = await world.app.call('GetAgentSpace', { agentSpaceId });
  expect(answer).toMatchObject({ status: 200 });
  expect(answer.body).toEqual({ ...created, arn: arnOf.space(agentSpaceId) });
  expectWire('GetAgentSpace', answer.body);
  const event = await eventOf(world.app, 'GetAgentSpace', answer);
  expect(resourcesOf(event)).toEqual([resource.space(agentSpaceId)]);
  expect(event).toMatchObject({ requestParameters: { agentSpaceId }, responseElements: null });
  expect(JSON.stringify(event)).not.toContain('canary');
});

it('answers for a space without tags with none', async () => {
  const agentSpaceId = await createSpace(world);
  expect(ok(await world.app.call('GetAgentSpace', { agentSpaceId })).tags).toEqual({});
});

it('refuses ids that are not there, foreign, or no ids', async () => {
  const agentSpaceId = await createSpace(world);
  await proveForeign(world, 'GetAgentSpace', { agentSpaceId });
  const unknown = await world.app.call('GetAgentSpace', { agentSpaceId: crypto.randomUUID() });
  expectError(unknown, 'ResourceNotFoundException', 404, /ListAgentSpaces/);
  await eventOf(world.app, 'GetAgentSpace', unknown);
  expectInvalid(await world.app.call('GetAgentSpace', { agentSpaceId: 'a'.repeat(65) }), ['/agentSpaceId']);
  expectInvalid(await world.app.call('GetAgentSpace', { agentSpaceId: 'a#b' }), ['/agentSpaceId']);
});
