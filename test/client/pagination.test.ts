import { afterAll, beforeAll, expect, it } from 'vitest';
import type { SwitchboardClient } from '../../client/src/index.ts';
import { items, pages } from '../../client/src/paginate.ts';
import { all, failureOf, rootClient } from '../support/client.ts';
import { newDataDir, type RunningServer, removeDataDir, startServer } from '../support/serverProcess.ts';

const dataDir = newDataDir();
const names = ['a', 'b', 'c', 'd', 'e'];
let server: RunningServer;
let client: SwitchboardClient;

beforeAll(async () => {
  server = await startServer(dataDir);
  client = rootClient(server.url);
  for (const name of names) await client.createAgentSpace({ name });
});

afterAll(async () => {
  await server?.end();
  removeDataDir(dataDir);
});

it('gives the items of all pages', async () => {
  const spaces = await all(client.paginate('listAgentSpaces', { maxResults: 2 }));
  expect(spaces.map(({ name }) => name).sort()).toEqual(names);
});

it('gives pages', async () => {
  const found = await all(client.pages('listAgentSpaces', { maxResults: 2 }));
  expect(found.map(({ agentSpaces }) => agentSpaces.length)).toEqual([2, 2, 1]);
});

it('begins where a token says', async () => {
  const { nextToken } = await client.listAgentSpaces({ maxResults: 2 });
  if (!nextToken) throw new Error('one page only');
  const rest = await all(client.paginate('listAgentSpaces', { maxResults: 2, nextToken }));
  expect(rest).toHaveLength(3);
});

it('walks LookupEvents by its own members', async () => {
  const LookupAttributes = [{ AttributeKey: 'EventName', AttributeValue: 'CreateAgentSpace' }] as const;
  const found = await all(
    client.pages('lookupEvents', { LookupAttributes: [...LookupAttributes], MaxResults: 2 }),
  );
  expect(found.map(({ Events }) => Events.length)).toEqual([2, 2, 1]);
});

it('asks for no page before it is wanted', async () => {
  const asked: unknown[] = [];
  const ask = async (input: object) => {
    asked.push(input);
    return { things: [1, 2], nextToken: `t${asked.length}` };
  };
  for await (const thing of items(ask, { maxResults: 2 }, { token: 'nextToken', items: 'things' })) {
    if (thing === 2 && asked.length === 2) break;
  }
  expect(asked).toEqual([{ maxResults: 2 }, { maxResults: 2, nextToken: 't1' }]);
});

it('goes on after an empty page', async () => {
  const answers = [{ things: [], nextToken: 'more' }, { things: ['last'] }];
  const ask = async () => answers.shift();
  expect(await all(items(ask, {}, { token: 'nextToken', items: 'things' }))).toEqual(['last']);
});

it('does not go in circles', async () => {
  const walk = all(pages(async () => ({ nextToken: 'same' }), {}, { token: 'nextToken' }));
  expect(await failureOf(walk)).toMatchObject({ name: 'InvalidResponse' });
});
