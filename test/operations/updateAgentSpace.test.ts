import { describe, expect, it } from 'vitest';
import {
  contents,
  createSpace,
  eventOf,
  expectError,
  expectInvalid,
  HIDDEN,
  ok,
  proveForeign,
  resource,
  resourcesOf,
  startWorld,
} from './support.ts';
import { expectWire } from './wire.ts';

const world = startWorld();

it('changes the given members and keeps the others', async () => {
  const agentSpaceId = await createSpace(world, { locale: 'en', tags: { a: 'b' }, description: 'before' });
  const before = ok(await world.app.call('GetAgentSpace', { agentSpaceId })).agentSpace;
  const changes = { name: 'renamed', description: 'after', preferences: { elevatedActionsEnabled: false } };
  const answer = await world.app.call('UpdateAgentSpace', { agentSpaceId, ...changes });
  expect(answer.status).toBe(200);
  expectWire('UpdateAgentSpace', answer.body);
  const { updatedAt } = answer.body.agentSpace;
  expect(answer.body).toEqual({ agentSpace: { ...before, ...changes, updatedAt } });
  const { agentSpace, tags } = ok(await world.app.call('GetAgentSpace', { agentSpaceId }));
  expect({ agentSpace, tags }).toEqual({ ...answer.body, tags: { a: 'b' } });
  const event = await eventOf(world.app, 'UpdateAgentSpace', answer);
  expect(resourcesOf(event)).toEqual([resource.space(agentSpaceId)]);
  expect(event.requestParameters).toEqual({ agentSpaceId, ...changes, description: HIDDEN });
  expect(event.responseElements.agentSpace.description).toBe(HIDDEN);
});

it('disables and enables a space', async () => {
  const agentSpaceId = await createSpace(world);
  for (const state of ['DISABLED', 'ENABLED']) {
    const answer = await world.app.call('UpdateAgentSpace', { agentSpaceId, state });
    expect(ok(answer).agentSpace.state).toBe(state);
    expect(ok(await world.app.call('GetAgentSpace', { agentSpaceId })).agentSpace.state).toBe(state);
  }
});

it('loses no change among many at once: each is there, or was refused as a conflict', async () => {
  const agentSpaceId = await createSpace(world);
  const answers = await Promise.all(
    Array.from({ length: 8 }, (_, n) => {
      const change = n % 2 ? { name: `name ${n}` } : { locale: `de-D${n}` };
      return world.app.call('UpdateAgentSpace', { agentSpaceId, ...change });
    }),
  );
  const won = answers.filter(answer => !answer.error);
  expect(won.length).toBeGreaterThan(0);
  for (const lost of answers.filter(answer => answer.error)) expectError(lost, 'ConflictException', 409);
  const { agentSpace } = ok(await world.app.call('GetAgentSpace', { agentSpaceId }));
  expect(won.map(answer => answer.body.agentSpace)).toContainEqual(agentSpace);
});

describe('refusals', () => {
  it('refuses spaces that are not there or foreign', async () => {
    const agentSpaceId = await createSpace(world);
    await proveForeign(world, 'UpdateAgentSpace', { agentSpaceId, name: 'mine now' });
    const unknown = { agentSpaceId: crypto.randomUUID(), name: 'x' };
    expectError(await world.app.call('UpdateAgentSpace', unknown), 'ResourceNotFoundException', 404);
  });

  it.each([
    ['', {}],
    ['/name', { name: '' }],
    ['/description', { description: '' }],
    ['/locale', { locale: '!' }],
    ['/state', { state: 'OFF' }],
    ['/preferences/other', { preferences: { other: true } }],
    ['/kmsKeyArn', { name: 'x', kmsKeyArn: 'x' }],
    ['/tags', { name: 'x', tags: {} }],
  ])('refuses a request whose fault is %j', async (path, members) => {
    const agentSpaceId = await createSpace(world);
    const before = await contents(world.app);
    const answer = await world.app.call('UpdateAgentSpace', { agentSpaceId, ...members });
    expectInvalid(answer, [path]);
    await eventOf(world.app, 'UpdateAgentSpace', answer);
    expect(await contents(world.app)).toEqual(before);
  });
});
