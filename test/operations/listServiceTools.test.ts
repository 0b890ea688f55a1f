import { expect, it } from 'vitest';
import { manyTools } from '../support/mcp/toolShelf.ts';
import { provePaging, walk } from './paging.ts';
import {
  eventOf,
  expectError,
  ok,
  proveForeign,
  register,
  resource,
  resourcesOf,
  startWorld,
} from './support.ts';

const schema = { type: 'object', properties: { a: { type: 'string' } } };
const FULL = {
  name: 'full',
  title: 'Full',
  description: 'All members',
  inputSchema: schema,
  outputSchema: schema,
  annotations: {
    title: 'T',
    readOnlyHint: true,
    destructiveHint: false,
    idempotentHint: true,
    openWorldHint: false,
  },
};
const ODD = {
  name: 'odd',
  inputSchema: { type: 'object' },
  annotations: { vendor: 'x', readOnlyHint: true },
  'x-more': 1,
};

const world = startWorld({}, { tools: [...manyTools(6), ODD, FULL] });

it('lists tools by name with what agents would see and a fingerprint, in pages', async () => {
  const serviceId = await register(world);
  const other = await register(world);
  const answer = await world.app.call('ListServiceTools', { serviceId });
  expect(answer.status).toBe(200);
  const all = ['full', 'odd', ...manyTools(6).map(tool => String(tool.name))];
  const { tools, refreshedAt } = answer.body;
  expect(tools.map((tool: { name: string }) => tool.name)).toEqual(all);
  expect(tools[0]).toEqual({ ...FULL, fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/) });
  expect(tools[1]).toEqual({
    name: 'odd',
    inputSchema: { type: 'object' },
    annotations: { readOnlyHint: true },
    fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/),
  });
  expect(Date.now() - Date.parse(refreshedAt)).toBeLessThan(60_000);
  const event = await eventOf(world.app, 'ListServiceTools', answer);
  expect(resourcesOf(event)).toEqual([resource.service(serviceId)]);
  await provePaging(world, {
    operation: 'ListServiceTools',
    input: { serviceId },
    member: 'tools',
    id: (tool: { name: string }) => tool.name,
    all,
    others: [{ serviceId: other }],
  });
});

it('pages through names of any length and character', async () => {
  const names = ['a'.repeat(3000), `\ud83d\ude00${'b'.repeat(198)}\ud83d\ude00c`, 'with space', 'ä/ö?', 'z'];
  world.peer.setTools(names.map(name => ({ name, inputSchema: { type: 'object' } })));
  const serviceId = await register(world);
  const paged = {
    operation: 'ListServiceTools',
    input: { serviceId },
    member: 'tools',
    id: (tool: { name: string }) => tool.name,
    all: [],
  } as const;
  const pages = await walk(world, { ...paged, all: [] }, 1);
  expect(pages.flat().sort()).toEqual([...names].sort());
  expect(pages).toHaveLength(names.length);
});

it('refuses services that are not there or foreign', async () => {
  await proveForeign(world, 'ListServiceTools', { serviceId: await register(world) });
  const unknown = await world.app.call('ListServiceTools', { serviceId: 'mcpserver-none' });
  expectError(unknown, 'ResourceNotFoundException', 404);
  await eventOf(world.app, 'ListServiceTools', unknown);
  ok(await world.app.call('ListServiceTools', { serviceId: await register(world) }));
});
