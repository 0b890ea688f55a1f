import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type AgentApp,
  allow,
  eventually,
  newSpace,
  registerServer,
  startAgentApp,
} from '../support/agents.ts';
import type { Endpoint } from '../support/clients/agentClient.ts';
import { asAgent, v1Client, v2Client } from '../support/clients/sdk.ts';
import { exchange, legacyMessage, modernMessage } from '../support/clients/wire.ts';
import { startLegacy } from '../support/mcp/legacy.ts';
import { type McpPeer, startModern } from '../support/mcp/modern.ts';
import { manyTools } from '../support/mcp/toolShelf.ts';

/** Of each of two servers: more than one page together. */
const TOOLS = 150;
const PAGE = 250;

let app: AgentApp;
let peers: McpPeer[];
let space: string;
let services: string[];
let endpoint: Endpoint;

beforeAll(async () => {
  const tools = [
    ...manyTools(TOOLS - 1),
    {
      name: 'write',
      description: 'Writes.',
      inputSchema: { type: 'object' },
      annotations: { readOnlyHint: false },
    },
  ];
  [app, ...peers] = await Promise.all([startAgentApp(), startModern({ tools }), startLegacy({ tools })]);
  const [first, second] = peers as [McpPeer, McpPeer];
  services = [
    await registerServer(app, 'zebra', first.url, 'any'),
    await registerServer(app, 'ant', second.url, 'any'),
  ];
  space = await bothIn(await newSpace(app));
  endpoint = { url: app.url(space), token: await app.token(space) };
});
afterAll(async () => {
  await app.stop();
  for (const peer of peers) await peer.close();
});

async function bothIn(agentSpaceId: string): Promise<string> {
  for (const serviceId of services) await allow(app, agentSpaceId, serviceId, ['*']);
  return agentSpaceId;
}

const VISIBLE = ['ant', 'zebra'].flatMap(server => [
  ...manyTools(TOOLS - 1).map(({ name }) => `${server}_${name}`),
  `${server}_write`,
]);

interface Page {
  names: string[];
  nextCursor?: string;
  error?: { code: number };
}

async function page(cursor?: string, at = endpoint, message = modernMessage): Promise<Page> {
  const { result, error } = (
    await exchange(at, message('tools/list', cursor === undefined ? {} : { cursor }))
  ).message;
  return error
    ? { names: [], error }
    : { ...result, names: result.tools.map(({ name }: { name: string }) => name) };
}

describe('a list of 300 tools', () => {
  it('comes in pages, in the order of names, each tool once', async () => {
    const first = await page();
    expect(first.names).toEqual(VISIBLE.slice(0, PAGE));
    const second = await page(first.nextCursor);
    expect(second.names).toEqual(VISIBLE.slice(PAGE));
    expect(second.nextCursor).toBeUndefined();
  });

  it('comes in the same order each time, and in every protocol', async () => {
    const legacy = (method: string, params?: Record<string, unknown>) => legacyMessage(method, params, 1);
    const [once, again, early] = [await page(), await page(), await page(undefined, endpoint, legacy)];
    expect(again.names).toEqual(once.names);
    expect(early.names).toEqual(once.names);
    expect((await page(once.nextCursor, endpoint, legacy)).names).toEqual(VISIBLE.slice(PAGE));
  });

  it.each([
    ['v2 SDK, 2026-07-28', async () => asAgent(await v2Client(endpoint, 'auto'))],
    ['v2 SDK, earlier protocol', async () => asAgent(await v2Client(endpoint, 'legacy'))],
  ])('is gathered by the %s', async (_, connect) => {
    const client = await connect();
    expect(await client.list()).toEqual(VISIBLE);
    await client.close();
  });

  it('is gathered by the v1 SDK, page by page', async () => {
    const client = await v1Client(endpoint);
    const first = await client.listTools();
    const second = await client.listTools({ cursor: first.nextCursor });
    expect([...first.tools, ...second.tools].map(({ name }) => name)).toEqual(VISIBLE);
    await client.close();
  });

  it('goes on where it was, whatever has become of the tools before', async () => {
    const other = await bothIn(await newSpace(app));
    const at = { url: app.url(other), token: await app.token(other) };
    const { nextCursor } = await page(undefined, at);
    await allow(app, other, services[1] ?? '', ['tool_001']);
    await eventually(async () => (await page(undefined, at)).names.length < PAGE);
    expect((await page(nextCursor, at)).names).toEqual(VISIBLE.slice(PAGE));
  });
});

describe('a cursor', () => {
  const refused = { error: { code: -32_602 } };

  it('is good for its space, scope and endpoint alone', async () => {
    const { nextCursor } = await page();
    const other = await bothIn(await newSpace(app));
    const elsewhere: Record<string, Endpoint> = {
      space: { url: app.url(other), token: await app.token(other) },
      scope: { url: endpoint.url, token: await app.token(space, 'read') },
      server: { url: app.url(space, 'zebra'), token: endpoint.token },
    };
    for (const at of Object.values(elsewhere)) expect(await page(nextCursor, at)).toMatchObject(refused);
    // Not bound to the token itself: it may be rotated between two pages.
    const same = { url: endpoint.url, token: await app.token(space) };
    expect((await page(nextCursor, same)).names).toEqual(VISIBLE.slice(PAGE));
  });

  it('is good only as it was given', async () => {
    const { nextCursor = '' } = await page();
    for (const cursor of ['', 'zebra_tool_001', nextCursor.slice(0, -2), `${nextCursor}A`]) {
      expect(await page(cursor)).toMatchObject(refused);
    }
  });
});

it('shows a token of scope read what only reads', async () => {
  const at = { url: endpoint.url, token: await app.token(space, 'read') };
  const first = await page(undefined, at);
  const second = await page(first.nextCursor, at);
  expect([...first.names, ...second.names]).toEqual(VISIBLE.filter(name => !name.endsWith('_write')));
});
