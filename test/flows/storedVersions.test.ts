import { createHash } from 'node:crypto';
import { BatchWriteCommand } from '@aws-sdk/lib-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import canonicalize from 'canonicalize';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { OperationName } from '../../lib/api/operations.ts';
import { closeHours } from '../../lib/archive/closeHours.ts';
import { HOUR_MS } from '../../lib/archive/hours.ts';
import { serverDeps } from '../../lib/deps/server.ts';
import { ABANDONED_MS } from '../../lib/oauth/registeredClient.ts';
import { removeAbandonedClients } from '../../lib/oauth/removeAbandonedClients.ts';
import { inScope } from '../../lib/scope.ts';
import { checkServiceHealth } from '../../lib/services/checkServiceHealth.ts';
import { sweepDeletedSpaces } from '../../lib/spaces/sweepDeletedSpaces.ts';
import { SCHEMA_VERSION } from '../../lib/store/keys.ts';
import { textOf, wireAgent } from '../support/agentWire.ts';
import { ACCOUNT } from '../support/app.ts';
import { memoryArchive, testSigner } from '../support/archive/memory.ts';
import { advance } from '../support/clock.ts';
import { readDocument, tableRows } from '../support/markdown.ts';
import {
  hasFixtures,
  readStored,
  readTold,
  storedKinds,
  storedVersions,
  writeStored,
} from '../support/storage/fixtures.ts';
import { toJson } from '../support/storage/json.ts';
import { KINDS, type Kind, kindOf } from '../support/storage/kinds.ts';
import { STORED_PORTS, withPorts } from '../support/storage/places.ts';
import { ask, CLIENT_TOKEN, TOOLS, type Told, tellStory, VALIDATION_ID } from '../support/storage/story.ts';
import { SECRETS, type StorageWorld, startStorageWorld } from '../support/storage/world.ts';
import { allItems, type StoredItem } from '../support/table.ts';
import { expectSound, readState } from './state.ts';

/** `STORAGE_FIXTURES=write` has the last code of a schema version write its fixtures. */
const WRITES = process.env.STORAGE_FIXTURES === 'write';
/** Milliseconds after the story: its lease has run out, its consent waits. */
const LATER_MS = 60_000;
/** Milliseconds that the agents' endpoint may know permissions of before, and one. */
const CACHED_MS = 5_001;

let world: StorageWorld;
beforeAll(async () => {
  world = await startStorageWorld();
}, 120_000);
afterAll(() => world.stop());

const table = () => allItems(world.app.engine.client, world.app.engine.tableName);
const call = (name: OperationName, input: object = {}) => ask(world.app, name, input);

async function write(requests: object[]): Promise<void> {
  const { client, tableName } = world.app.engine;
  for (let n = 0; n < requests.length; n += 25) {
    const RequestItems = { [tableName]: requests.slice(n, n + 25) };
    await client.send(new BatchWriteCommand({ RequestItems }));
  }
}

const empty = async () =>
  write((await table()).map(({ pk, sk }) => ({ DeleteRequest: { Key: { pk, sk } } })));
const load = async (items: readonly StoredItem[]) =>
  write((await withPorts(items, STORED_PORTS, world.ports)).map(Item => ({ PutRequest: { Item } })));

/** As scheduled functions run, under their roles. */
const scheduled = <T>(functionName: string, work: () => Promise<T>) =>
  inScope({ functionName, requestId: 'scheduled' }, work);

const archive = () =>
  closeHours({
    ...world.app.deps,
    now: () => Date.now() + 2 * HOUR_MS,
    sink: memoryArchive(),
    signer: testSigner(),
  });

const ahead = (ms: number) => ({ ...serverDeps(), now: () => Date.now() + ms });

describe.runIf(WRITES)(`the fixtures of version ${SCHEMA_VERSION}`, () => {
  it('are written', async () => {
    const told = await tellStory(world);
    writeStored(SCHEMA_VERSION, { items: await withPorts(await table(), world.ports, STORED_PORTS), told });
  });
});

describe.skipIf(WRITES)('the fixtures', () => {
  it('are there of every schema version', () => {
    const versions = Array.from({ length: SCHEMA_VERSION }, (_, n) => n + 1);
    expect(storedVersions()).toEqual(versions);
  });

  it.each(storedVersions())('of version %i have every kind of item that it had', version => {
    const kinds = storedKinds(version);
    // Kinds that came later are of later versions; none is ever taken out.
    if (version === SCHEMA_VERSION) expect(kinds).toEqual(KINDS);
    for (const kind of kinds) {
      const items = readStored(version, kind);
      expect([kind, new Set(items.map(kindOf))]).toEqual([kind, new Set([kind])]);
      for (const { v = version } of items) expect([kind, v]).toEqual([kind, version]);
    }
  });

  it('and docs/storage-schema.md tell of the same kinds', () => {
    const rows = tableRows(readDocument('docs/storage-schema.md'));
    const told = rows.filter(([, pk = '']) => pk.startsWith('`A#')).map(([name = '']) => name.slice(1, -1));
    expect([...new Set(told)].sort()).toEqual(KINDS);
  });
});

describe.skipIf(WRITES).each(storedVersions())('a table of schema version %i', version => {
  let told: Told;
  let agent: ReturnType<typeof wireAgent>;

  beforeAll(async () => {
    told = readTold(version);
    advance(Date.parse(told.at) + LATER_MS - Date.now());
    await empty();
    await load(readStored(version));
    agent = wireAgent(world.app, told.spaces.team ?? '', told.token.value);
  });

  it('names its servers where they are in this run', async () => {
    const ports = (items: readonly StoredItem[]) =>
      new Set(
        items.flatMap(item =>
          [...JSON.stringify(toJson(item)).matchAll(/127\.0\.0\.1:(\d+)/g)].map(([, port]) => Number(port)),
        ),
      );
    expect(ports(readStored(version))).toEqual(new Set(Object.values(STORED_PORTS)));
    expect(ports(await table())).toEqual(new Set(Object.values(world.ports)));
    const stored = new Set(Object.values(STORED_PORTS));
    expect(Object.values(world.ports).filter(port => stored.has(port))).toEqual([]);
  });

  it('is sound', async () => expectSound(await readState(world.app)));

  it('has the deletion finished that was begun', async () => {
    const begun = async () => (await table()).filter(item => kindOf(item) === 'deletion').length;
    expect(await begun()).toBe(1);
    await scheduled('sweepDeletedSpaces', () => sweepDeletedSpaces(serverDeps()));
    expect(await begun()).toBe(0);
  });

  it('has its servers read, listed, checked and changed', async () => {
    const { services } = await call('ListServices');
    const ids = services.map(({ serviceId }: { serviceId: string }) => serviceId);
    expect(ids.sort()).toEqual(Object.values(told.services).sort());
    for (const [name, serviceId] of Object.entries(told.services)) {
      expect([name, (await call('ValidateService', { serviceId })).report]).toMatchObject([
        name,
        { valid: true },
      ]);
      expect((await call('ListServiceTools', { serviceId })).tools.length).toBeGreaterThan(1);
      const { service } = await call('UpdateService', { serviceId, description: 'Changed' });
      expect(service).toMatchObject({ serviceId, validationStatus: 'valid' });
      const resourceArn = `arn:aws:aidevops:us-east-1:${ACCOUNT}:service/${serviceId}`;
      await call('TagResource', { resourceArn, tags: { more: 'yes' } });
      const { tags } = await call('ListTagsForResource', { resourceArn });
      expect(tags).toEqual({ ...(name === 'keyed' && { stage: 'test' }), ...tags, more: 'yes' });
    }
    // The stored credentials themselves were sent.
    expect(world.keyed.requests.map(({ credentials }) => credentials['x-api-key'])).toContain(SECRETS.apiKey);
    const authorizations = world.oauth.requests.map(({ credentials }) => credentials.authorization);
    expect(authorizations).toContain(`Bearer ${SECRETS.consented}`);
  });

  it('tells of the validation that was followed', async () => {
    const { validation } = await call('GetValidation', { validationId: VALIDATION_ID });
    expect(validation).toMatchObject({ status: 'SUCCEEDED', steps: { length: 8 } });
  });

  it('has the consent completed that waited', async () => {
    const { confirmationToken } = told;
    const { serviceId } = await call('CompleteRegistration', { service: 'mcpserver', confirmationToken });
    told.services.late = serviceId;
    expect((await call('ValidateService', { serviceId })).report).toMatchObject({ valid: true });
  });

  it('has its spaces read, listed and changed, and knows who asked for one before', async () => {
    const { agentSpaces } = await call('ListAgentSpaces');
    expect(agentSpaces).toMatchObject([{ agentSpaceId: told.spaces.team, name: 'team' }]);
    const again = { name: 'team', description: 'As stored', tags: { stage: 'test' } };
    const { agentSpace } = await call('CreateAgentSpace', { ...again, clientToken: CLIENT_TOKEN });
    expect(agentSpace.agentSpaceId).toBe(told.spaces.team);
    const agentSpaceId = told.spaces.team;
    await call('UpdateAgentSpace', { agentSpaceId, description: 'Changed' });
    expect((await call('GetAgentSpace', { agentSpaceId })).agentSpace.description).toBe('Changed');
  });

  it('serves agents that come with a token of then', async () => {
    expect(await agent.names()).toEqual(expect.arrayContaining(TOOLS.map(name => `keyed_${name}`)));
    expect(textOf(await agent.call('keyed_echo', { text: 'again' }))).toContain('again');
    expect(textOf(await agent.call('bearer_echo', { text: 'again' }))).toContain('again');
    const calls = await world.app.invocations(told.spaces.team ?? '');
    expect(calls).toHaveLength(3);
    expect(calls[0]).toMatchObject({ serverName: 'keyed', tool: 'echo' });
    const { invocationCounts } = await call('ListInvocationCounts', {
      agentSpaceId: told.spaces.team,
      period: 'DAY',
    });
    const counted = invocationCounts.map((count: { calls: number }) => count.calls);
    expect(counted.reduce((sum: number, one: number) => sum + one)).toBe(3);
  });

  it('has its associations read, listed, changed and removed', async () => {
    const agentSpaceId = told.spaces.team;
    const { associations } = await call('ListAssociations', { agentSpaceId });
    expect(associations).toHaveLength(2);
    for (const [name, associationId] of Object.entries(told.associations)) {
      const serviceId = told.services[name];
      const place = { agentSpaceId, associationId };
      expect((await call('GetAssociation', place)).association).toMatchObject({ serviceId });
      const users = (await call('ListServiceAssociations', { serviceId })).associations;
      expect(users).toMatchObject([{ agentSpaceId }]);
      await call('UpdateAssociation', { ...place, configuration: { mcpserver: { tools: ['echo'] } } });
      await call('DisassociateService', place);
    }
    advance(CACHED_MS);
    expect(await agent.names()).toEqual([]);
    expectSound(await readState(world.app));
  });

  it('has its tokens listed, rotated and revoked', async () => {
    const place = { agentSpaceId: told.spaces.team, tokenId: told.token.tokenId };
    const { accessTokens } = await call('ListAccessTokens', { agentSpaceId: told.spaces.team });
    expect(accessTokens).toMatchObject([{ tokenId: place.tokenId, status: 'active' }]);
    expect(accessTokens[0].lastUsedAt).toBeDefined();
    await call('RotateAccessToken', place);
    await call('RevokeAccessToken', place);
    expect((await call('ListAccessTokens', { agentSpaceId: told.spaces.team })).accessTokens).toEqual([]);
  });

  it('has its events found, and archived', async () => {
    const events = await world.app.events();
    const registered = events.filter(({ eventName }) => eventName === 'RegisterService');
    expect(registered.length).toBeGreaterThan(5);
    const attribute = { AttributeKey: 'ResourceName', AttributeValue: told.services.keyed };
    const { Events } = await call('LookupEvents', { LookupAttributes: [attribute] });
    expect(Events.map(({ EventName }: { EventName: string }) => EventName)).toContain('RegisterService');
    const before = (await table()).filter(item => kindOf(item) === 'archiveChain');
    expect((await archive()).closed).toBeGreaterThan(0);
    const after = (await table()).filter(item => kindOf(item) === 'archiveChain');
    expect(after.map(({ hour }) => hour > before[0]?.hour)).toEqual(before.map(() => true));
  });

  it('has its work lists worked off', async () => {
    expect(await scheduled('checkServiceHealth', () => checkServiceHealth(ahead(1.2 * HOUR_MS)))).toBe(
      Object.keys(told.services).length,
    );
    for (const serviceId of Object.values(told.services)) await call('DeregisterService', { serviceId });
    await call('DeleteAgentSpace', { agentSpaceId: told.spaces.team });
    const remove = () => removeAbandonedClients(ahead(ABANDONED_MS + 1_000));
    // Of two looks at one client, the second is for the next run.
    while ((await scheduled('removeAbandonedClients', remove)) > 0);
    await scheduled('checkServiceHealth', () => checkServiceHealth(ahead(10 * HOUR_MS)));
    for (const { used, ...key } of (await table()).filter(item => kindOf(item) === 'count')) {
      expect([key, used]).toEqual([key, 0]);
    }
  });

  it('is then empty but for the trail and what expires', async () => {
    const lasting: Kind[] = [
      'event',
      'eventReference',
      'archiveMark',
      'archiveChain',
      'archiveClosed',
      'count',
    ];
    const rest = (await table()).filter(item => !lasting.includes(kindOf(item)) && !item.expiresAt);
    expect(rest).toEqual([]);
  });
});

describe.skipIf(WRITES)('a table of a newer schema version', () => {
  let told: Told;
  const newer = SCHEMA_VERSION + 1;
  /** Keys, and what they hold in short. */
  const summary = (items: StoredItem[]) =>
    items
      .filter(({ v }) => v === newer)
      .map(item => `${item.pk} ${item.sk} ${hash(item)}`)
      .sort();

  beforeAll(async () => {
    told = readTold(SCHEMA_VERSION);
    advance(Date.parse(told.at) + LATER_MS - Date.now());
  });
  beforeEach(async () => {
    await empty();
    const items = readStored(SCHEMA_VERSION);
    await load(items.map(item => ('v' in item ? { ...item, v: newer } : item)));
  });

  it('is refused by every operation that reads or changes an item of it, and stays as it is', async () => {
    const before = summary(await table());
    const stderr = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    expect(before.length).toBeGreaterThan(50);
    for (const [name, input] of callsOn(told)) {
      const { error, body } = await world.app.call(name, input);
      expect([name, error, body.message]).toEqual([
        name,
        'InternalServerException',
        expect.stringContaining(`schema version ${newer}`),
      ]);
      expect(stderr.mock.lastCall?.[0]).toContain('"error":"StoredByNewerVersion"');
    }
    stderr.mockRestore();
    expect(summary(await table())).toEqual(before);
  });

  it('is refused to agents', async () => {
    const agent = wireAgent(world.app, told.spaces.team ?? '', told.token.value);
    expect((await agent.request('tools/list')).status).toBe(503);
  });

  it('is left alone by background work', async () => {
    const before = summary(await table());
    const far = ahead(10 * HOUR_MS);
    const works: Record<string, () => Promise<unknown>> = {
      checkServiceHealth: () => checkServiceHealth(far),
      sweepDeletedSpaces: () => sweepDeletedSpaces(far),
      removeAbandonedClients: () => removeAbandonedClients(far),
    };
    for (const [name, work] of Object.entries(works)) {
      await expect(scheduled(name, work), name).rejects.toThrow('schema version');
    }
    await expect(archive()).rejects.toThrow('schema version');
    expect(summary(await table())).toEqual(before);
  });
});

describe.skipIf(WRITES || !hasFixtures(SCHEMA_VERSION))('what is written today', () => {
  it('has the kinds and the types of its schema version', async () => {
    await empty();
    // Hours that this process has not marked yet.
    advance(24 * HOUR_MS);
    await tellStory(world);
    const now = shapes(await table());
    const then = shapes(readStored(SCHEMA_VERSION));
    expect([...now.keys()].sort()).toEqual([...then.keys()].sort());
    for (const [member, types] of then) {
      expect([member, [...(now.get(member) ?? [])]]).toEqual([member, [...types]]);
    }
  });
});

function hash(item: StoredItem): string {
  return createHash('sha256')
    .update(canonicalize(toJson(item)) ?? '')
    .digest('hex')
    .slice(0, 16);
}

/** DynamoDB types by kind and attribute. */
function shapes(items: readonly StoredItem[]): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  for (const item of items) {
    for (const [attribute, value] of Object.entries(marshall(item))) {
      const name = `${kindOf(item)}.${attribute}`;
      found.set(name, (found.get(name) ?? new Set()).add(Object.keys(value)[0] ?? ''));
    }
  }
  return found;
}

/** Calls that all concern what the story made. */
function callsOn({
  services,
  spaces,
  associations,
  token,
  confirmationToken,
}: Told): [OperationName, object][] {
  const serviceId = services.keyed;
  const agentSpaceId = spaces.team;
  const association = { agentSpaceId, associationId: associations.keyed };
  const aToken = { agentSpaceId, tokenId: token.tokenId };
  const configuration = { mcpserver: { tools: ['echo'] } };
  const resourceArn = `arn:aws:aidevops:us-east-1:${ACCOUNT}:agentspace/${agentSpaceId}`;
  const apiKey = { apiKeyName: 'key', apiKeyValue: SECRETS.apiKey, apiKeyHeader: 'x-api-key' };
  const mcpserver = { name: 'keyed', endpoint: world.keyed.url, authorizationConfig: { apiKey } };
  return [
    ['RegisterService', { service: 'mcpserver', serviceDetails: { mcpserver } }],
    ['CompleteRegistration', { service: 'mcpserver', confirmationToken }],
    ...onEach<OperationName>(
      ['GetService', 'ValidateService', 'ListServiceTools', 'ListServiceAssociations', 'DeregisterService'],
      { serviceId },
    ),
    ['UpdateService', { serviceId, description: 'x' }],
    ['ListServices', {}],
    ['ListAgentSpaces', {}],
    ['CreateAgentSpace', { name: 'team', clientToken: CLIENT_TOKEN }],
    ...onEach<OperationName>(
      ['GetAgentSpace', 'ListAssociations', 'ListAccessTokens', 'ListInvocations', 'DeleteAgentSpace'],
      { agentSpaceId },
    ),
    ['UpdateAgentSpace', { agentSpaceId, name: 'x' }],
    ['AssociateService', { agentSpaceId, serviceId, configuration }],
    ['AssociateService', { agentSpaceId, serviceId: services.client, configuration }],
    ['UpdateAssociation', { ...association, configuration }],
    ...onEach<OperationName>(['GetAssociation', 'DisassociateService'], association),
    ['CreateAccessToken', { agentSpaceId, name: 'x', scope: 'read' }],
    ...onEach<OperationName>(['RotateAccessToken', 'RevokeAccessToken'], aToken),
    ['TagResource', { resourceArn, tags: { x: 'y' } }],
    ['UntagResource', { resourceArn, tagKeys: ['stage'] }],
    ['ListTagsForResource', { resourceArn }],
    ['LookupEvents', {}],
  ];
}

function onEach<Name>(names: Name[], input: object): [Name, object][] {
  return names.map(name => [name, input]);
}
