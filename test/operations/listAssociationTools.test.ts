import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { type CatalogueTool, catalogueOf } from '../../lib/services/catalogue.ts';
import { manyTools, type WireTool } from '../support/mcp/toolShelf.ts';
import { provePaging, walk } from './paging.ts';
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

const world = startWorld();

const plain = (name: string, more: object = {}): WireTool => ({
  name,
  inputSchema: { type: 'object' },
  ...more,
});

/** A space connected to the file's server while it offers these tools. */
async function connected(tools: WireTool[], allowed = tools.map(({ name }) => String(name))) {
  world.peer.setTools(tools);
  const [agentSpaceId, serviceId] = [await createSpace(world), await register(world)];
  const associationId = await associate(world, agentSpaceId, serviceId, allowed);
  return { agentSpaceId, serviceId, associationId };
}

/** The server offers these instead, and is asked for them. */
async function offers(serviceId: string, tools: WireTool[]): Promise<void> {
  world.peer.setTools(tools);
  ok(await world.app.call('ValidateService', { serviceId }));
}

const list = async (
  { agentSpaceId, associationId }: { agentSpaceId: string; associationId: string },
  more = {},
) => ok(await world.app.call('ListAssociationTools', { agentSpaceId, associationId, ...more })).tools;

const fingerprintOf = (tool: WireTool): string =>
  (catalogueOf([tool as CatalogueTool['definition']], [], 0).tools[0] as CatalogueTool).fingerprint;

it('has whole definitions as they were confirmed, and as the server offers them now', async () => {
  const before = plain('odd', { description: 'Old.', 'x-vendor': { deep: [1] }, _meta: { at: 1 } });
  const { _meta, ...confirmed } = before as WireTool & { _meta: unknown };
  const after = plain('odd', { description: '<b>New.</b>', icons: [{ src: 'https://x.example/i.png' }] });
  const place = await connected(
    [before, plain('same'), plain('gone'), plain('other')],
    ['odd', 'same', 'gone'],
  );
  expect(await list(place)).toEqual([
    { name: 'gone', fingerprint: fingerprintOf(plain('gone')), definition: plain('gone') },
    { name: 'odd', fingerprint: fingerprintOf(before), definition: confirmed },
    { name: 'same', fingerprint: fingerprintOf(plain('same')), definition: plain('same') },
  ]);

  await offers(place.serviceId, [after, plain('same'), plain('other')]);
  const odd = {
    name: 'odd',
    fingerprint: fingerprintOf(before),
    definition: confirmed,
    withheldReason: 'CHANGED',
    offered: { fingerprint: fingerprintOf(after), definition: after },
  };
  expect(await list(place)).toMatchObject([
    { name: 'gone', withheldReason: 'REMOVED' },
    odd,
    { name: 'same' },
  ]);
  expect(await list(place, { filterWithheldReason: 'CHANGED' })).toEqual([odd]);
  expect(await list(place, { filterWithheldReason: 'REMOVED' })).toMatchObject([{ name: 'gone' }]);

  const { agentSpaceId, associationId } = place;
  const configuration = { mcpserver: { tools: ['odd', 'same'] } };
  ok(await world.app.call('UpdateAssociation', { agentSpaceId, associationId, configuration }));
  expect(await list(place)).toEqual([
    { name: 'odd', ...odd.offered },
    { name: 'same', fingerprint: fingerprintOf(plain('same')), definition: plain('same') },
  ]);
});

it('refuses what is not there or foreign, and leaves one event', async () => {
  const { agentSpaceId, associationId, serviceId } = await connected(manyTools(1));
  const answer = await world.app.call('ListAssociationTools', { agentSpaceId, associationId });
  const event = await eventOf(world.app, 'ListAssociationTools', answer);
  const named = [
    resource.space(agentSpaceId),
    resource.association(agentSpaceId, associationId),
    resource.service(serviceId),
  ];
  expect(resourcesOf(event)).toEqual(named.sort());
  await proveForeign(world, 'ListAssociationTools', { agentSpaceId, associationId });
  for (const wrong of [
    { agentSpaceId, associationId: `${associationId}0` },
    { agentSpaceId: await createSpace(world), associationId },
    { agentSpaceId: crypto.randomUUID(), associationId },
  ]) {
    expectError(await world.app.call('ListAssociationTools', wrong), 'ResourceNotFoundException', 404);
  }
  const filter = { agentSpaceId, associationId, filterWithheldReason: 'QUOTA' };
  expectInvalid(await world.app.call('ListAssociationTools', filter), ['/filterWithheldReason']);
});

it('lists them in pages, which are short where definitions are long', async () => {
  const place = await connected(manyTools(6));
  const { agentSpaceId, associationId } = place;
  const all = manyTools(6).map(({ name }) => String(name));
  const id = ({ name }: { name: string }) => name;
  const other = await connected(manyTools(2));
  const input = { agentSpaceId, associationId };
  const paged = { operation: 'ListAssociationTools', member: 'tools', id } as const;
  await provePaging(world, {
    ...paged,
    input,
    all,
    others: [other].map(({ serviceId: _, ...rest }) => rest),
  });

  const long = manyTools(6).map((tool, n) => ({
    ...tool,
    description: randomBytes(n === 0 ? 400_000 : 300_000).toString('base64'),
  }));
  const bulky = await connected(long);
  const where = { agentSpaceId: bulky.agentSpaceId, associationId: bulky.associationId };
  const pages = await walk(world, { ...paged, input: where, all: [] }, 100);
  expect(pages.flat()).toEqual(all);
  expect(pages.length).toBeGreaterThan(1);
  const [first, second] = await list(bulky);
  // The first is longer than anything that is shown.
  expect(first).toEqual({ name: 'tool_001', fingerprint: expect.any(String) });
  expect(second.definition.description).toHaveLength(400_000);
});
