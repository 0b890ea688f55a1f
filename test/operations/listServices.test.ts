import { expect, it } from 'vitest';
import { apiKeyRegistration, OTHER_ACCOUNT } from '../support/app.ts';
import { provePaging } from './paging.ts';
import { eventOf, expectInvalid, KEY, ok, register, resourcesOf, startWorld } from './support.ts';
import { expectWire } from './wire.ts';

const world = startWorld();

it('answers with an empty list', async () => {
  const answer = await world.app.call('ListServices');
  expect(answer).toMatchObject({ status: 200, body: { services: [] } });
  expectWire('ListServices', answer.body);
});

it('lists the registrations of the account in pages, with and without a filter, and no other', async () => {
  const all: string[] = [];
  for (let count = 0; count < 6; count++) all.push(await register(world));
  const theirs = apiKeyRegistration('theirs', world.peer.url, KEY);
  ok(await world.app.call('RegisterService', theirs, { accountId: OTHER_ACCOUNT }));

  const answer = await world.app.call('ListServices');
  expectWire('ListServices', answer.body);
  const { service } = ok(await world.app.call('GetService', { serviceId: all[0] }));
  expect(answer.body.services[0]).toEqual(service);
  const event = await eventOf(world.app, 'ListServices', answer);
  expect(resourcesOf(event)).toEqual([]);
  expect(JSON.stringify(answer)).not.toContain(KEY);

  const list = {
    operation: 'ListServices',
    member: 'services',
    id: (entry: { serviceId: string }) => entry.serviceId,
    all,
  } as const;
  const filter = { filterServiceType: 'mcpserver' };
  await provePaging(world, { ...list, others: [filter] });
  await provePaging(world, { ...list, input: filter, others: [{}, { filterServiceType: 'mcpserversigv4' }] });
});

it('filters by type: exactly that type, not those that begin like it', async () => {
  const other = ok(await world.app.call('ListServices', { filterServiceType: 'mcpserversigv4' }));
  expect(other).toEqual({ services: [] });
  expect(ok(await world.app.call('ListServices', { filterServiceType: 'github' })).services).toEqual([]);
  expectInvalid(await world.app.call('ListServices', { filterServiceType: 'mcp' }), ['/filterServiceType']);
});
