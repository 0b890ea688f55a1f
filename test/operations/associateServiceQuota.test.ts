import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { expect, it } from 'vitest';
import { keys } from '../../lib/store/keys.ts';
import { ACCOUNT } from '../support/app.ts';
import { manyTools } from '../support/mcp/toolShelf.ts';
import {
  associate,
  contents,
  createSpace,
  eventOf,
  expectError,
  ok,
  register,
  scan,
  selection,
  startWorld,
} from './support.ts';

const QUOTA = 10;
const TOOLS = manyTools(8);
const NAMES = TOOLS.map(tool => String(tool.name));
const world = startWorld({ QUOTA_TOOLS_PER_SPACE: String(QUOTA) }, { tools: TOOLS });

const call = (agentSpaceId: string, serviceId: string, tools: string[]) =>
  world.app.call('AssociateService', selection(agentSpaceId, serviceId, tools));

async function countOf(space: string): Promise<number> {
  const { pk, sk } = keys.space(ACCOUNT, space);
  return Number((await scan(world.app)).find(item => item.pk === pk && item.sk === sk)?.toolCount);
}

it('counts the tools of all servers of a space, to the last one', async () => {
  const agentSpaceId = await createSpace(world);
  const [a, b, c] = [await register(world), await register(world), await register(world)];
  ok(await call(agentSpaceId, a, NAMES.slice(0, 6)));
  ok(await call(agentSpaceId, b, NAMES.slice(0, 4)));
  expect(await countOf(agentSpaceId)).toBe(10);
  const before = await contents(world.app);
  const answer = await call(agentSpaceId, c, NAMES.slice(0, 1));
  expectError(answer, 'ServiceQuotaExceededException', 402, /10 tools .*already allows 10/);
  await eventOf(world.app, 'AssociateService', answer);
  expect(await contents(world.app)).toEqual(before);

  ok(await call(agentSpaceId, c, []));
  ok(await call(agentSpaceId, a, NAMES.slice(0, 5)));
  ok(await call(agentSpaceId, c, NAMES.slice(0, 1)));
  expectError(await call(agentSpaceId, c, NAMES.slice(0, 2)), 'ServiceQuotaExceededException', 402);
  expect(await countOf(agentSpaceId)).toBe(10);
});

it('counts each tool that * stands for', async () => {
  const agentSpaceId = await createSpace(world);
  const [a, b] = [await register(world), await register(world)];
  ok(await call(agentSpaceId, a, ['*']));
  expect(await countOf(agentSpaceId)).toBe(8);
  expectError(await call(agentSpaceId, b, ['*']), 'ServiceQuotaExceededException', 402);
  ok(await call(agentSpaceId, b, NAMES.slice(0, 2)));
});

it('gives room back when an association goes', async () => {
  const agentSpaceId = await createSpace(world);
  const [a, b] = [await register(world), await register(world)];
  const associationId = await associate(world, agentSpaceId, a, NAMES);
  ok(await world.app.call('DisassociateService', { agentSpaceId, associationId }));
  expect(await countOf(agentSpaceId)).toBe(0);
  ok(await call(agentSpaceId, b, NAMES));
});

it('lets a space that is above the quota have fewer tools, or as many, but not more', async () => {
  const agentSpaceId = await createSpace(world);
  const serviceId = await register(world);
  const associationId = await associate(world, agentSpaceId, serviceId, NAMES.slice(0, 6));
  // As after the quota was lowered: the space counts more than it may.
  await world.app.engine.client.send(
    new UpdateCommand({
      TableName: world.app.engine.tableName,
      Key: keys.space(ACCOUNT, agentSpaceId),
      UpdateExpression: 'ADD toolCount :more',
      ExpressionAttributeValues: { ':more': 20 },
    }),
  );
  const update = (tools: string[]) =>
    world.app.call('UpdateAssociation', {
      agentSpaceId,
      associationId,
      configuration: { mcpserver: { tools } },
    });
  expectError(await update(NAMES.slice(0, 7)), 'ServiceQuotaExceededException', 402);
  ok(await update(NAMES.slice(0, 6)));
  ok(await update(NAMES.slice(2, 8)));
  ok(await update(NAMES.slice(0, 5)));
  expect(await countOf(agentSpaceId)).toBe(25);
});
