import { expect, it } from 'vitest';
import {
  arnOf,
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

it('lists the tags of a service and of a space', async () => {
  const tags = { a: 'b', c: '' };
  const serviceId = await register(world, undefined, { tags });
  const agentSpaceId = await createSpace(world, { tags });
  const cases = [
    [arnOf.service(serviceId), resource.service(serviceId)],
    [arnOf.space(agentSpaceId), resource.space(agentSpaceId)],
  ];
  for (const [resourceArn, named] of cases) {
    const answer = await world.app.call('ListTagsForResource', { resourceArn });
    expect(answer).toMatchObject({ status: 200 });
    expect(answer.body).toEqual({ tags });
    expectWire('ListTagsForResource', answer.body);
    const event = await eventOf(world.app, 'ListTagsForResource', answer);
    expect(resourcesOf(event)).toEqual([named]);
    expect(event).toMatchObject({ requestParameters: { resourceArn }, responseElements: null });
  }
});

it('answers for a resource without tags, and refuses what is not there or foreign', async () => {
  const resourceArn = arnOf.space(await createSpace(world));
  expect(ok(await world.app.call('ListTagsForResource', { resourceArn }))).toEqual({ tags: {} });
  await proveForeign(world, 'ListTagsForResource', { resourceArn });
  const unknown = { resourceArn: arnOf.service('mcpserver-none') };
  expectError(await world.app.call('ListTagsForResource', unknown), 'ResourceNotFoundException', 404);
  expectInvalid(await world.app.call('ListTagsForResource', { resourceArn: 'arn:aws:x' }), ['/resourceArn']);
});
