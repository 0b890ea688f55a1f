import { expect, it } from 'vitest';
import { OTHER_ACCOUNT } from '../support/app.ts';
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
  scan,
  startWorld,
} from './support.ts';

const world = startWorld();

it('deletes a registration with everything of it, and tells the endpoint in its event', async () => {
  const serviceId = await register(world);
  const answer = await world.app.call('DeregisterService', { serviceId });
  expect(answer).toMatchObject({ status: 200, body: {} });
  expect(answer.body).toEqual({});
  const event = await eventOf(world.app, 'DeregisterService', answer);
  expect(resourcesOf(event)).toEqual([resource.service(serviceId)]);
  expect(event).toMatchObject({
    requestParameters: { serviceId },
    responseElements: null,
    additionalEventData: { endpoint: world.peer.url },
  });
  const left = (await contents(world.app)).map(text => JSON.parse(text));
  // Its health check finds nothing, and goes, when its time comes.
  expect(left).toMatchObject([
    { pk: 'A#SYSTEM#HEALTH', serviceId },
    { sk: 'SVC', used: 0 },
  ]);
  expectError(await world.app.call('DeregisterService', { serviceId }), 'ResourceNotFoundException', 404);
});

it('refuses while spaces use it, naming them, and changes nothing', async () => {
  const serviceId = await register(world);
  const spaces = [await createSpace(world), await createSpace(world)];
  const ids = await Promise.all(spaces.map(space => associate(world, space, serviceId)));
  const before = await contents(world.app);
  const answer = await world.app.call('DeregisterService', { serviceId });
  expectError(answer, 'ConflictException', 409, /DisassociateService/);
  for (const space of spaces) expect(answer.body.message).toContain(space);
  const event = await eventOf(world.app, 'DeregisterService', answer);
  expect(event).toMatchObject({ additionalEventData: { endpoint: world.peer.url } });
  expect(resourcesOf(event)).toEqual([resource.service(serviceId)]);
  expect(await contents(world.app)).toEqual(before);

  ok(await world.app.call('DisassociateService', { agentSpaceId: spaces[0], associationId: ids[0] }));
  const second = await world.app.call('DeregisterService', { serviceId });
  expectError(second, 'ConflictException', 409);
  expect(second.body.message).not.toContain(spaces[0]);
  ok(await world.app.call('DeleteAgentSpace', { agentSpaceId: spaces[1] }));
  ok(await world.app.call('DeregisterService', { serviceId }));
});

it('names ten spaces at most and says that there are more', async () => {
  const serviceId = await register(world);
  const spaces = await Promise.all(Array.from({ length: 12 }, () => createSpace(world)));
  await Promise.all(spaces.map(space => associate(world, space, serviceId, [])));
  const { message } = (await world.app.call('DeregisterService', { serviceId })).body;
  expect(spaces.filter(space => message.includes(space))).toHaveLength(10);
  expect(message).toMatch(/and more/);
});

it('tells all but one of many calls at once that it is gone', async () => {
  for (let round = 0; round < 4; round++) {
    const serviceId = await register(world);
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => world.app.call('DeregisterService', { serviceId })),
    );
    const gone = answers.filter(answer => answer.error);
    expect(gone).toHaveLength(5);
    for (const answer of gone) {
      expectError(answer, 'ResourceNotFoundException', 404);
      await eventOf(world.app, 'DeregisterService', answer);
    }
  }
});

it('refuses ids that are not there or foreign', async () => {
  const serviceId = await register(world);
  await proveForeign(world, 'DeregisterService', { serviceId });
  const unknown = { serviceId: `mcpserver-${crypto.randomUUID()}` };
  expectError(await world.app.call('DeregisterService', unknown), 'ResourceNotFoundException', 404);
  expectError(
    await world.app.call('DeregisterService', unknown, { accountId: OTHER_ACCOUNT }),
    'ResourceNotFoundException',
    404,
  );
  expect((await scan(world.app)).some(item => item.serviceId === serviceId)).toBe(true);
});
