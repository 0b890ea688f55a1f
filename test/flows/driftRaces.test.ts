import { BatchWriteCommand, TransactWriteCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from 'vitest';
import { reconcileAssociation } from '../../lib/associations/reconcile.ts';
import { refreshCatalogue } from '../../lib/services/refreshCatalogue.ts';
import { keys } from '../../lib/store/keys.ts';
import { createSpace, ok, startWorld } from '../operations/support.ts';
import { ACCOUNT } from '../support/app.ts';
import { manyTools } from '../support/mcp/toolShelf.ts';
import {
  agentsGet,
  anotherProcess,
  type Connected,
  connect,
  newsOf,
  refresh,
  standing,
  toldOf,
  tool,
  toolsWith,
  useServers,
} from './driftSupport.ts';
import { readState } from './state.ts';

const QUOTA = 8;
const world = startWorld({ QUOTA_TOOLS_PER_SPACE: String(QUOTA) });
const { connected, changing } = useServers(world);

const times = <T>(count: number, make: (n: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, n) => make(n)));

const SWAPPED = { description: 'Something else.' };

/** Stores what the server offers now without bringing any association up to it. */
async function storeOnly(link: Connected): Promise<void> {
  const { app } = world;
  const { serviceId } = link;
  const walking = (command: object) =>
    'input' in command && JSON.stringify(command.input).includes('"SPACE#"')
      ? Promise.reject(new Error('the walk is cut off'))
      : Promise.resolve();
  await refreshCatalogue({ accountId: ACCOUNT, serviceId }, anotherProcess({ ...world, app }, walking));
}

const reconcile = (link: Connected, deps = anotherProcess(world)) =>
  reconcileAssociation({ accountId: ACCOUNT, ...link }, deps);

describe('many processes at once', () => {
  it('tell of a change once', async () => {
    const link = await connected(['echo']);
    link.peer.setTools(toolsWith({ echo: SWAPPED }));
    await storeOnly(link);
    expect(await standing(world, link)).toEqual({ status: 'valid', withheld: {} });
    const outcomes = await times(12, () => reconcile(link));
    for (const outcome of outcomes) expect(outcome).toMatchObject({ status: 'pending-confirmation' });
    expect(await toldOf(world, link)).toEqual(['ToolDefinitionChanged echo']);
  });

  it('that refresh one service tell of each association once', async () => {
    const link = await connected(['*']);
    const others = await times(5, () => connect(world, link.serviceId, ['echo']));
    link.peer.setTools(toolsWith({ echo: SWAPPED, add: undefined }, [tool('fresh')]));
    const place = { accountId: ACCOUNT, serviceId: link.serviceId };
    const outcomes = await times(6, () => refreshCatalogue(place, anotherProcess(world)));
    expect(new Set(outcomes.map(({ catalogueHash }) => catalogueHash)).size).toBe(1);
    expect((await toldOf(world, link)).sort()).toEqual([
      'ToolAdded fresh',
      'ToolDefinitionChanged echo',
      'ToolRemoved add',
    ]);
    for (const other of others) {
      expect(await toldOf(world, other)).toEqual(['ToolDefinitionChanged echo']);
    }
  });

  it('never let * take more tools than the space may have', async () => {
    const first = await connected(['*']);
    const second = await connected([]);
    const { agentSpaceId } = first;
    const both = [first, await connect(world, second.serviceId, ['*'], {}, agentSpaceId)];
    for (const { peer } of [first, second]) peer.setTools(toolsWith({}, manyTools(2)));
    await Promise.all([storeOnly(first), storeOnly(second)]);
    await Promise.all([...both, ...both].map(link => reconcile(link)));
    const added = (await Promise.all(both.map(link => newsOf(world, link)))).flat();
    const tools = added.flatMap(({ additionalEventData }) => additionalEventData.tools);
    expect(tools).toHaveLength(QUOTA - 6);
    const { spaces } = await readState(world.app);
    expect(spaces.get(agentSpaceId)?.toolCount).toBe(QUOTA);
  });

  it('and somebody who confirms at the same moment leave the one or the other, whole', async () => {
    for (let round = 0; round < 6; round++) {
      const link = await connected(['echo']);
      link.peer.setTools(toolsWith({ echo: SWAPPED }));
      const { agentSpaceId, associationId } = link;
      const configuration = { mcpserver: { tools: ['echo', 'add'] } };
      const [answer] = await Promise.all([
        world.app.call('UpdateAssociation', { agentSpaceId, associationId, configuration }),
        refresh(world, link),
        reconcile(link),
      ]);
      ok(answer);
      expect(await standing(world, link)).toEqual({ status: 'valid', withheld: {} });
      expect(await agentsGet(world, link)).toHaveProperty('echo', ['Something else.', 'READ_ONLY']);
      expect(await toldOf(world, link)).toEqual(['ToolDefinitionChanged echo']);
    }
  });
});

describe('a service with 32 associations', () => {
  it('has all of them brought up by one refresh, each with its event', async () => {
    const link = await connected(['echo']);
    const all = [link, ...(await times(31, () => connect(world, link.serviceId, ['echo', 'add'])))];
    link.peer.setTools(toolsWith({ echo: SWAPPED }));
    await refresh(world, link);
    const { associations } = await readState(world.app);
    const own = associations.filter(({ serviceId }) => serviceId === link.serviceId);
    expect(own).toHaveLength(32);
    for (const { status } of own) expect(status).toBe('pending-confirmation');
    const events = (await world.app.events()).filter(
      ({ eventName, requestParameters: given }) =>
        eventName === 'ToolDefinitionChanged' && given.serviceId === link.serviceId,
    );
    expect(events).toHaveLength(all.length);
  });
});

describe('a change that is stored, and not compared yet', () => {
  it('is told before somebody confirms it', async () => {
    const link = await connected(['echo']);
    link.peer.setTools(toolsWith({ echo: SWAPPED }));
    await storeOnly(link);
    const { agentSpaceId, associationId } = link;
    const configuration = { mcpserver: { tools: ['echo'] } };
    ok(await world.app.call('UpdateAssociation', { agentSpaceId, associationId, configuration }));
    expect(await standing(world, link)).toEqual({ status: 'valid', withheld: {} });
    expect(await toldOf(world, link)).toEqual(['ToolDefinitionChanged echo']);
  });

  it('counts, whatever older list somebody has at hand', async () => {
    const link = await connected(['echo']);
    link.peer.setTools(toolsWith({ echo: SWAPPED }));
    await storeOnly(link);
    const place = { accountId: ACCOUNT, ...link };
    await reconcileAssociation(place, world.app.deps, { hash: 'of an older list', tools: [] });
    expect(await standing(world, link)).toMatchObject({ withheld: { echo: 'CHANGED' } });
  });
});

it('pins nothing of a list that could not be stored, since the registration changed: it asks again', async () => {
  const { serviceId, pause, setTools } = await changing(manyTools(2), manyTools(3));
  const connecting = connect(world, serviceId, ['*']);
  await pause.seen;
  ok(await world.app.call('UpdateService', { serviceId, description: 'Changed meanwhile.' }));
  setTools(manyTools(4));
  pause.release();
  const link = await connecting;
  expect(Object.keys(await agentsGet(world, link))).toHaveLength(4);
  const { services, associations } = await readState(world.app);
  const association = associations.find(({ associationId }) => associationId === link.associationId);
  expect(association?.catalogueHash).toBe(services.get(serviceId)?.catalogueHash);
});

/** A process in which `act` happens right before its first write. */
function interrupted(act: () => Promise<unknown>) {
  let pending = true;
  return anotherProcess(world, async command => {
    if (!pending || !(command instanceof TransactWriteCommand || command instanceof UpdateCommand)) return;
    pending = false;
    await act();
  });
}

describe('what goes while it is compared', () => {
  it.each([
    ['a space', 'DeleteAgentSpace'],
    ['an association', 'DisassociateService'],
  ] as const)('%s stays gone, without an event', async (_, operation) => {
    for (const tools of [toolsWith({ echo: SWAPPED }), toolsWith({}, [tool('fresh')])]) {
      const link = await connected(['*']);
      link.peer.setTools(tools);
      await storeOnly(link);
      const { agentSpaceId, associationId } = link;
      const input = operation === 'DeleteAgentSpace' ? { agentSpaceId } : { agentSpaceId, associationId };
      const deps = interrupted(async () => ok(await world.app.call(operation, input)));
      expect(await reconcile(link, deps)).toBeUndefined();
      expect(await newsOf(world, link)).toEqual([]);
    }
  });

  it('an association that is made again meanwhile is compared anew', async () => {
    const link = await connected(['echo']);
    link.peer.setTools(toolsWith({ echo: SWAPPED }));
    await storeOnly(link);
    const { agentSpaceId, associationId, serviceId } = link;
    const deps = interrupted(async () => {
      ok(await world.app.call('DisassociateService', { agentSpaceId, associationId }));
      await connect(world, serviceId, ['echo'], {}, agentSpaceId);
    });
    expect(await reconcile(link, deps)).toMatchObject({ status: 'valid', withheld: [] });
    expect(await newsOf(world, link)).toEqual([]);
  });

  it('is compared with the room that there is then', async () => {
    const link = await connected(['*']);
    link.peer.setTools(toolsWith({}, manyTools(5)));
    await storeOnly(link);
    const other = await connected([]);
    const { agentSpaceId } = link;
    const deps = interrupted(() => connect(world, other.serviceId, ['echo', 'add'], {}, agentSpaceId));
    await reconcile(link, deps);
    expect(Object.keys((await standing(world, link)).withheld)).toEqual(['tool_004', 'tool_005']);
  });
});

it('brings up at most 200 associations at once, and the others when they are used', async () => {
  const link = await connected(['echo']);
  const { app } = world;
  // Places before the real one: they are looked at first, and nothing is there.
  const spaces = Array.from({ length: 200 }, (_, n) => `0-${String(n).padStart(3, '0')}`);
  const items = spaces.map(agentSpaceId => ({
    ...keys.usedBy(ACCOUNT, link.serviceId, agentSpaceId),
    agentSpaceId,
    associationId: `${link.serviceId}-none`,
  }));
  const each = (request: (item: (typeof items)[number]) => object) =>
    Promise.all(
      Array.from({ length: 8 }, (_, n) => items.slice(n * 25, (n + 1) * 25)).map(batch =>
        app.engine.client.send(
          new BatchWriteCommand({ RequestItems: { [app.engine.tableName]: batch.map(request) } }),
        ),
      ),
    );
  await each(Item => ({ PutRequest: { Item } }));
  try {
    link.peer.setTools(toolsWith({ echo: SWAPPED }));
    await refresh(world, link);
    expect(await standing(world, link)).toEqual({ status: 'valid', withheld: {} });
    await reconcile(link);
    expect(await standing(world, link)).toMatchObject({ status: 'pending-confirmation' });
    expect(await newsOf(world, link)).toHaveLength(1);
  } finally {
    await each(({ pk, sk }) => ({ DeleteRequest: { Key: { pk, sk } } }));
  }
});

it('knows no association of another space', async () => {
  const link = await connected(['echo']);
  const place = { accountId: ACCOUNT, agentSpaceId: await createSpace(world) };
  const deps = anotherProcess(world);
  expect(await reconcileAssociation({ ...place, associationId: link.associationId }, deps)).toBeUndefined();
});
