import { expect, it } from 'vitest';
import { OTHER_ACCOUNT } from '../support/app.ts';
import {
  arnOf,
  createSpace,
  eventOf,
  expectInvalid,
  ok,
  proveForeign,
  register,
  resource,
  resourcesOf,
  startWorld,
} from './support.ts';

const world = startWorld();

const TAGS = { a: '1', 'b c': '2', 'd/e+f': '3', ü: '4' };

it('removes tags of a service by key, however keys are spelt in a URL', async () => {
  const serviceId = await register(world, undefined, { tags: TAGS });
  const resourceArn = arnOf.service(serviceId);
  const tagKeys = ['b c', 'd/e+f', 'ü', 'not there'];
  const answer = await world.app.call('UntagResource', { resourceArn, tagKeys });
  expect(answer).toMatchObject({ status: 204, body: undefined });
  expect(ok(await world.app.call('ListTagsForResource', { resourceArn })).tags).toEqual({ a: '1' });
  const event = await eventOf(world.app, 'UntagResource', answer);
  expect(resourcesOf(event)).toEqual([resource.service(serviceId)]);
  expect(event).toMatchObject({
    requestParameters: { resourceArn, tagKeys },
    additionalEventData: { endpoint: world.peer.url },
  });
});

it('removes tags of a space', async () => {
  const resourceArn = arnOf.space(await createSpace(world, { tags: TAGS }));
  ok(await world.app.call('UntagResource', { resourceArn, tagKeys: Object.keys(TAGS) }));
  expect(ok(await world.app.call('ListTagsForResource', { resourceArn })).tags).toEqual({});
});

it('refuses keys that cannot be, and resources that are foreign', async () => {
  const resourceArn = arnOf.space(await createSpace(world, { tags: TAGS }));
  expectInvalid(await world.app.call('UntagResource', { resourceArn }), ['/tagKeys']);
  expectInvalid(await world.app.call('UntagResource', { resourceArn, tagKeys: ['aws:x'] }), ['/tagKeys/0']);
  const many = Array.from({ length: 51 }, (_, n) => `k${n}`);
  const answer = await world.app.call('UntagResource', { resourceArn, tagKeys: many });
  expectInvalid(answer, ['/tagKeys']);
  await eventOf(world.app, 'UntagResource', answer);
  await proveForeign(world, 'UntagResource', { resourceArn, tagKeys: ['a'] });
  const theirs = { resourceArn: resourceArn.replace(/\d{12}/, OTHER_ACCOUNT), tagKeys: ['a'] };
  await proveForeign(world, 'UntagResource', theirs);
  expect(ok(await world.app.call('ListTagsForResource', { resourceArn })).tags).toEqual(TAGS);
});
