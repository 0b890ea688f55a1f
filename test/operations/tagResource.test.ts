import { describe, expect, it } from 'vitest';
import { ACCOUNT, OTHER_ACCOUNT } from '../support/app.ts';
import {
  arnOf,
  contents,
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

const world = startWorld();

const tagsOf = async (resourceArn: string) =>
  ok(await world.app.call('ListTagsForResource', { resourceArn })).tags;

const many = (count: number, from = 0) =>
  Object.fromEntries(Array.from({ length: count }, (_, n) => [`key ${n + from}`, `value ${n}`]));

it('adds tags to a service and replaces their values, and its event tells the endpoint', async () => {
  const serviceId = await register(world, undefined, { tags: { kept: '1', old: '1' } });
  const resourceArn = arnOf.service(serviceId);
  const tags = { old: '2', 'ключ +-=._:/@': '' };
  const answer = await world.app.call('TagResource', { resourceArn, tags });
  expect(answer).toMatchObject({ status: 204, body: undefined });
  expect(await tagsOf(resourceArn)).toEqual({ kept: '1', ...tags });
  expect(ok(await world.app.call('GetService', { serviceId })).tags).toEqual({ kept: '1', ...tags });
  const event = await eventOf(world.app, 'TagResource', answer);
  expect(resourcesOf(event)).toEqual([resource.service(serviceId)]);
  expect(event).toMatchObject({
    requestParameters: { resourceArn, tags },
    responseElements: null,
    additionalEventData: { endpoint: world.peer.url },
  });
});

it('tags a space', async () => {
  const agentSpaceId = await createSpace(world);
  const answer = await world.app.call('TagResource', {
    resourceArn: arnOf.space(agentSpaceId),
    tags: { a: 'b' },
  });
  ok(answer);
  expect(await tagsOf(arnOf.space(agentSpaceId))).toEqual({ a: 'b' });
  expect(resourcesOf(await eventOf(world.app, 'TagResource', answer))).toEqual([
    resource.space(agentSpaceId),
  ]);
});

it('keeps a resource within 50 tags', async () => {
  const resourceArn = arnOf.space(await createSpace(world, { tags: many(30) }));
  ok(await world.app.call('TagResource', { resourceArn, tags: many(20, 30) }));
  ok(await world.app.call('TagResource', { resourceArn, tags: many(50) }));
  const before = await contents(world.app);
  const answer = await world.app.call('TagResource', { resourceArn, tags: { another: '' } });
  expectInvalid(answer, ['/tags', /51/]);
  expectInvalid(await world.app.call('TagResource', { resourceArn, tags: many(51) }), ['/tags', /50/]);
  expect(await contents(world.app)).toEqual(before);
});

describe('refusals', () => {
  it.each([
    ['an aws: key', { 'aws:a': '' }, '/tags/aws:a'],
    ['an AWS: key', { 'AWS:a': '' }, '/tags/AWS:a'],
    ['an empty key', { '': 'a' }, '/tags/'],
    ['a long key', { ['k'.repeat(129)]: '' }, `/tags/${'k'.repeat(129)}`],
    ['a long value', { a: 'v'.repeat(257) }, '/tags/a'],
    ['a key with other characters', { 'a?': '' }, '/tags/a?'],
    ['a value with other characters', { a: '<b>' }, '/tags/a'],
    ['a value that is no text', { a: 1 }, '/tags/a'],
  ])('%s is refused', async (_, tags, path) => {
    const resourceArn = arnOf.space(await createSpace(world));
    const before = await contents(world.app);
    const answer = await world.app.call('TagResource', { resourceArn, tags });
    expectInvalid(answer, [path]);
    await eventOf(world.app, 'TagResource', answer);
    expect(await contents(world.app)).toEqual(before);
  });

  it('resources of other accounts and regions are as if they were not there', async () => {
    const agentSpaceId = await createSpace(world);
    const serviceId = await register(world);
    const tags = { a: 'b' };
    await proveForeign(world, 'TagResource', { resourceArn: arnOf.space(agentSpaceId), tags });
    const before = await contents(world.app);
    const arns = [
      `arn:aws:aidevops:eu-west-1:${ACCOUNT}:agentspace/${agentSpaceId}`,
      `arn:aws:aidevops:us-east-1:${OTHER_ACCOUNT}:agentspace/${agentSpaceId}`,
      arnOf.space(crypto.randomUUID()),
      arnOf.service(agentSpaceId),
      arnOf.space(serviceId),
    ];
    for (const resourceArn of arns) {
      const answer = await world.app.call('TagResource', { resourceArn, tags });
      expectError(answer, 'ResourceNotFoundException', 404);
      await eventOf(world.app, 'TagResource', answer);
    }
    expect(await contents(world.app)).toEqual(before);
  });

  it.each([
    `arn:aws:aidevops:us-east-1:${ACCOUNT}:private-connection/x`,
    `arn:aws:aidevops:us-east-1:${ACCOUNT}:association/x`,
    `arn:aws:iam::${ACCOUNT}:role/x`,
    'x',
  ])('%s is refused', async resourceArn => {
    expectInvalid(await world.app.call('TagResource', { resourceArn, tags: {} }), ['/resourceArn']);
  });
});
