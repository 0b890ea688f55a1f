import { afterAll, beforeAll, expect, it } from 'vitest';
import { type AgentApp, allow, newSpace, registerServer, startAgentApp } from '../support/agents.ts';
import { type WireAgent, wireAgent } from '../support/agentWire.ts';
import { type McpPeer, startModern } from '../support/mcp/modern.ts';
import { manyTools } from '../support/mcp/toolShelf.ts';

const KEY = 'the-key-of-the-server';
const TOOLS = manyTools(300);
const PER_PAGE = 250;

let app: AgentApp;
let peer: McpPeer;
let space: string;
let other: string;
const tokens: Record<string, string> = {};

beforeAll(async () => {
  [app, peer] = await Promise.all([
    startAgentApp({ CATALOGUE_REFRESH_SECONDS: '86400' }),
    startModern({ auth: { header: 'x-api-key', value: KEY }, tools: TOOLS }),
  ]);
  const service = await registerServer(app, 'srv', peer.url, KEY);
  [space, other] = [await newSpace(app), await newSpace(app)];
  for (const one of [space, other]) {
    await allow(app, one, service, ['*']);
    for (const scope of ['read', 'operate'] as const) tokens[`${one} ${scope}`] = await app.token(one, scope);
  }
});
afterAll(async () => {
  await app.stop();
  await peer.close();
});

const agent = (of = space, scope = 'read', server?: string) =>
  wireAgent(app, of, tokens[`${of} ${scope}`], server);

async function page(caller: WireAgent, cursor?: string) {
  const { last } = await caller.request('tools/list', cursor === undefined ? {} : { cursor });
  return last;
}

it('gives every tool once, in the order of names, page by page', async () => {
  const first = (await page(agent())).result;
  const second = (await page(agent(), first.nextCursor)).result;
  expect(first.tools).toHaveLength(PER_PAGE);
  expect(second.nextCursor).toBeUndefined();
  const names = [...first.tools, ...second.tools].map(({ name }: { name: string }) => name);
  expect(names).toEqual(TOOLS.map(({ name }) => `srv_${name}`));
  expect((await page(agent())).result.nextCursor).toBeDefined();
});

it('goes on with a page for the space, the scope and the endpoint that it was given for, and no other', async () => {
  const { nextCursor } = (await page(agent())).result;
  const strangers = [agent(other), agent(space, 'operate'), agent(space, 'read', 'srv')];
  for (const stranger of strangers) {
    expect((await page(stranger, nextCursor)).error).toMatchObject({ code: -32_602 });
  }
  const forged = `${nextCursor.slice(0, -1)}${nextCursor.endsWith('A') ? 'B' : 'A'}`;
  expect((await page(agent(), forged)).error).toMatchObject({ code: -32_602 });
  const foreign = await app.call('ListAgentSpaces', { maxResults: 1 });
  expect((await page(agent(), foreign.body.nextToken)).error).toMatchObject({ code: -32_602 });
  expect((await page(agent(), nextCursor)).result.tools).toHaveLength(TOOLS.length - PER_PAGE);
});
