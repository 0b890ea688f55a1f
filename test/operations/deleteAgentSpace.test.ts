import { BatchWriteCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from 'vitest';
import { associationIdOf } from '../../lib/associations/associationItem.ts';
import { useShard } from '../../lib/associations/useShard.ts';
import { createTokenUse } from '../../lib/identity/tokenUse.ts';
import { verifyAccessToken } from '../../lib/identity/verifyAccessToken.ts';
import { sweepDeletedSpaces } from '../../lib/spaces/sweepDeletedSpaces.ts';
import { type Key, keys } from '../../lib/store/keys.ts';
import { transact } from '../../lib/store/transact.ts';
import { put, update } from '../../lib/store/write.ts';
import { ACCOUNT } from '../support/app.ts';
import {
  associate,
  contents,
  createSpace,
  createToken,
  eventOf,
  expectError,
  expectInvalid,
  type Item,
  ok,
  proveForeign,
  register,
  resource,
  resourcesOf,
  scan,
  selection,
  startWorld,
} from './support.ts';

const world = startWorld();

const partsOf = async (space: string) =>
  (await scan(world.app)).filter(({ pk }) => pk === keys.spaceParts(ACCOUNT, space));

const usesOf = async (serviceId: string): Promise<number> => {
  const items = await scan(world.app);
  const shards = items.filter(
    item => item.pk === keys.serviceParts(ACCOUNT, serviceId) && /^USE#/.test(item.sk),
  );
  return shards.reduce((sum, item) => sum + Number(item.used), 0);
};

/** Services without a server, each connected to the space: the items that the operations would have written. */
async function connectMany(space: string, count: number): Promise<string[]> {
  const table = world.app.engine.tableName;
  const services = Array.from({ length: count }, () => `mcpserver-${crypto.randomUUID()}`);
  const items = services.flatMap((serviceId, n): Item[] => {
    const associationId = associationIdOf(space, serviceId);
    const association = { agentSpaceId: space, associationId, serviceId, serverName: `server${n}` };
    const shard = useShard(space);
    return [
      {
        ...keys.association(ACCOUNT, space, associationId),
        ...association,
        toolCount: 0,
        pinnedChunks: 1,
        version: 1,
      },
      { ...keys.usedBy(ACCOUNT, serviceId, space), agentSpaceId: space, associationId },
      { ...keys.useCount(ACCOUNT, serviceId, shard), used: 1 },
      { ...keys.pinned(ACCOUNT, space, associationId, 0), chunks: 1 },
      { ...keys.namePrefix(ACCOUNT, space, `server${n}_`), serviceId },
    ];
  });
  for (let at = 0; at < items.length; at += 25) {
    const puts = items.slice(at, at + 25).map(Item => ({ PutRequest: { Item } }));
    await world.app.engine.client.send(new BatchWriteCommand({ RequestItems: { [table]: puts } }));
  }
  return services;
}

it('deletes a space with all that it holds, in one event', async () => {
  const serviceId = await register(world);
  const before = await contents(world.app);
  const agentSpaceId = await createSpace(world);
  await associate(world, agentSpaceId, serviceId);
  const { tokenId, tokenValue } = await createToken(world, agentSpaceId);
  await createTokenUse(world.app.deps)({ accountId: ACCOUNT, tokenId });
  const answer = await world.app.call('DeleteAgentSpace', { agentSpaceId });
  expect(answer).toMatchObject({ status: 204, body: undefined });
  const use = { agentSpaceId, sourceIp: '127.0.0.1' };
  expect(await verifyAccessToken(tokenValue, use, world.app.deps)).toEqual({ ok: false, reason: 'unknown' });
  const event = await eventOf(world.app, 'DeleteAgentSpace', answer);
  expect(resourcesOf(event)).toEqual([resource.space(agentSpaceId)]);
  expect(event).toMatchObject({ requestParameters: { agentSpaceId }, responseElements: null });
  const after = await contents(world.app);
  // The space counter stays, at nought.
  const counter = after.filter(text => text.includes('"sk":"SPC"'));
  expect(counter.map(text => JSON.parse(text).used)).toEqual([0]);
  expect(after.filter(text => !counter.includes(text))).toEqual(before);
  ok(await world.app.call('DeregisterService', { serviceId }));
});

it('is over for every operation of the space from then on', async () => {
  const serviceId = await register(world);
  const agentSpaceId = await createSpace(world, { tags: { a: 'b' } });
  const associationId = await associate(world, agentSpaceId, serviceId);
  const { tokenId } = await createToken(world, agentSpaceId);
  ok(await world.app.call('DeleteAgentSpace', { agentSpaceId }));
  const resourceArn = `arn:aws:aidevops:us-east-1:${ACCOUNT}:agentspace/${agentSpaceId}`;
  const configuration = { mcpserver: { tools: ['echo'] } };
  const answers = [
    await world.app.call('DeleteAgentSpace', { agentSpaceId }),
    await world.app.call('GetAgentSpace', { agentSpaceId }),
    await world.app.call('UpdateAgentSpace', { agentSpaceId, name: 'x' }),
    await world.app.call('AssociateService', selection(agentSpaceId, serviceId, ['echo'])),
    await world.app.call('GetAssociation', { agentSpaceId, associationId }),
    await world.app.call('UpdateAssociation', { agentSpaceId, associationId, configuration }),
    await world.app.call('DisassociateService', { agentSpaceId, associationId }),
    await world.app.call('ListAssociations', { agentSpaceId }),
    await world.app.call('ListTagsForResource', { resourceArn }),
    await world.app.call('CreateAccessToken', { agentSpaceId, name: 'a', scope: 'read' }),
    await world.app.call('ListAccessTokens', { agentSpaceId }),
    await world.app.call('RotateAccessToken', { agentSpaceId, tokenId }),
    await world.app.call('RevokeAccessToken', { agentSpaceId, tokenId }),
  ];
  for (const answer of answers) expectError(answer, 'ResourceNotFoundException', 404);
});

describe('a space with 500 associations', () => {
  it('is gone at once, and swept to the last item', async () => {
    const agentSpaceId = await createSpace(world);
    const services = await connectMany(agentSpaceId, 500);
    expect(await partsOf(agentSpaceId)).toHaveLength(1500);
    expect(await world.app.call('DeleteAgentSpace', { agentSpaceId })).toMatchObject({ status: 204 });
    // What is left for the sweep can be seen in the table, and by nobody else.
    const left = (await partsOf(agentSpaceId)).filter(({ sk }) => sk.startsWith('ASC#'));
    expect(left.length).toBeGreaterThan(0);
    const { associationId } = left[0] as unknown as { associationId: string };
    const hidden = await world.app.call('GetAssociation', { agentSpaceId, associationId });
    expectError(hidden, 'ResourceNotFoundException', 404);

    let rounds = 0;
    while ((await sweepDeletedSpaces(world.app.deps, 7)) === 0) rounds++;
    expect(rounds).toBeGreaterThan(2);
    expect(await partsOf(agentSpaceId)).toEqual([]);
    const rest = (await scan(world.app)).filter(item => services.some(id => item.pk.endsWith(id)));
    expect(rest.map(({ sk, used }) => [sk, used])).toEqual(
      services.map(() => [`USE#${useShard(agentSpaceId)}`, 0]),
    );
    expect((await scan(world.app)).filter(({ pk }) => pk === keys.deletions())).toEqual([]);
  });
});

describe('a deletion that stopped half-way', () => {
  /** What DeleteAgentSpace commits first, and nothing more: the process died there. */
  async function begin(space: string): Promise<void> {
    const { deps, engine } = world.app;
    const table = engine.tableName;
    const spaceKey: Key = keys.space(ACCOUNT, space);
    await transact(
      deps.store,
      [
        { item: { Delete: { TableName: table, Key: spaceKey } } },
        update(table, keys.count(ACCOUNT, 'SPC'), { add: { used: -1 } }),
        put(table, keys.deletion(ACCOUNT, space), { accountId: ACCOUNT, agentSpaceId: space }),
      ],
      deps,
    );
  }

  it('was a success to its caller: it is over for all, and the sweep will finish it', async () => {
    const agentSpaceId = await createSpace(world);
    await associate(world, agentSpaceId, await register(world));
    const stack = world.app.deps.store.middlewareStack;
    stack.add(
      (next, { commandName }) =>
        commandName === 'QueryCommand' ? () => Promise.reject(new Error('The table went away')) : next,
      { step: 'initialize', name: 'fails' },
    );
    const answer = await world.app
      .call('DeleteAgentSpace', { agentSpaceId })
      .finally(() => stack.remove('fails'));
    expect(answer).toMatchObject({ status: 204, body: undefined });
    expect(await partsOf(agentSpaceId)).not.toEqual([]);
    expect(await sweepDeletedSpaces(world.app.deps)).toBe(1);
    expect(await partsOf(agentSpaceId)).toEqual([]);
  });

  it('is finished by the sweep; until then its services are in use, after it they can go', async () => {
    const serviceId = await register(world);
    const spaces = await Promise.all([createSpace(world), createSpace(world), createSpace(world)]);
    for (const space of spaces) await associate(world, space, serviceId);
    const [half = '', other = '', kept = ''] = spaces;
    await begin(half);
    await begin(other);
    expect(await usesOf(serviceId)).toBe(3);
    expectError(await world.app.call('DeregisterService', { serviceId }), 'ConflictException', 409);
    expect(await sweepDeletedSpaces(world.app.deps)).toBe(2);
    expect(await sweepDeletedSpaces(world.app.deps)).toBe(0);
    expect(await usesOf(serviceId)).toBe(1);
    const users = ok(await world.app.call('ListServiceAssociations', { serviceId })).associations;
    expect(users.map((user: { agentSpaceId: string }) => user.agentSpaceId)).toEqual([kept]);
    ok(await world.app.call('DeleteAgentSpace', { agentSpaceId: kept }));
    ok(await world.app.call('DeregisterService', { serviceId }));
  });

  it('leaves no token that can be listed, rotated or revoked, and after the sweep none at all', async () => {
    const agentSpaceId = await createSpace(world);
    const tokens = [];
    for (let count = 0; count < 35; count++) tokens.push(await createToken(world, agentSpaceId));
    await begin(agentSpaceId);
    const before = await contents(world.app);
    const { tokenId } = tokens[0] ?? {};
    for (const answer of [
      await world.app.call('ListAccessTokens', { agentSpaceId }),
      await world.app.call('RotateAccessToken', { agentSpaceId, tokenId }),
      await world.app.call('RevokeAccessToken', { agentSpaceId, tokenId }),
    ]) {
      expectError(answer, 'ResourceNotFoundException', 404, /no agent space/);
    }
    expect(await contents(world.app)).toEqual(before);
    expect(await sweepDeletedSpaces(world.app.deps)).toBe(1);
    expect(await partsOf(agentSpaceId)).toEqual([]);
    expect((await scan(world.app)).filter(({ pk }) => pk.includes('#T#'))).toEqual([]);
  });

  it('does not hold up others when one cannot be finished', async () => {
    const agentSpaceId = await createSpace(world);
    await begin(agentSpaceId);
    const table = world.app.engine.tableName;
    // An association without a service: its counterpart has no key, and every write of it fails.
    const broken = { ...keys.association(ACCOUNT, '0-broken', 'mcpserver-x'), agentSpaceId: '0-broken' };
    const begun = { ...keys.deletion(ACCOUNT, '0-broken'), accountId: ACCOUNT, agentSpaceId: '0-broken' };
    const puts = [broken, begun].map(Item => ({ PutRequest: { Item } }));
    await world.app.engine.client.send(new BatchWriteCommand({ RequestItems: { [table]: puts } }));
    await expect(sweepDeletedSpaces(world.app.deps)).rejects.toThrow();
    const waiting = (await scan(world.app)).filter(({ pk }) => pk === keys.deletions());
    expect(waiting.map(item => item.agentSpaceId)).toEqual(['0-broken']);
  });
});

it('refuses spaces that are not there, foreign, or named wrongly', async () => {
  const agentSpaceId = await createSpace(world);
  await proveForeign(world, 'DeleteAgentSpace', { agentSpaceId });
  const unknown = await world.app.call('DeleteAgentSpace', { agentSpaceId: crypto.randomUUID() });
  expectError(unknown, 'ResourceNotFoundException', 404);
  await eventOf(world.app, 'DeleteAgentSpace', unknown);
  expectInvalid(await world.app.call('DeleteAgentSpace', { agentSpaceId: 'a b' }), ['/agentSpaceId']);
});
