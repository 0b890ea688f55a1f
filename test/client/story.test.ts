import { afterAll, beforeAll, expect, it } from 'vitest';
import type { SwitchboardClient } from '../../client/src/index.ts';
import { all, failureOf, rootClient } from '../support/client.ts';
import { type McpPeer, startModern } from '../support/mcp/modern.ts';
import { newDataDir, type RunningServer, removeDataDir, startServer } from '../support/serverProcess.ts';

const KEY = 'key-for-the-story';
const dataDir = newDataDir();
let server: RunningServer;
let peer: McpPeer;
let client: SwitchboardClient;

beforeAll(async () => {
  [server, peer] = await Promise.all([
    startServer(dataDir),
    startModern({ auth: { header: 'x-api-key', value: KEY } }),
  ]);
  client = rootClient(server.url, { userAgent: 'story/1.0' });
});

afterAll(async () => {
  await Promise.all([server?.end(), peer?.close()]);
  removeDataDir(dataDir);
});

const registration = (apiKeyValue: string) =>
  ({
    service: 'mcpserver',
    serviceDetails: {
      mcpserver: {
        name: 'notes',
        endpoint: peer.url,
        authorizationConfig: { apiKey: { apiKeyName: 'key', apiKeyHeader: 'x-api-key', apiKeyValue } },
      },
    },
    tags: { 'team name': 'a/b+c=d' },
  }) as const;

it('registers, connects, is refused deletion, disconnects, deletes, and finds all of it in the trail', async () => {
  const wrong = await failureOf(client.registerService(registration('wrong')));
  expect(wrong).toMatchObject({ name: 'ValidationException', status: 400 });
  expect(wrong.fieldList[0]?.path).toMatch(/^\/serviceDetails\/mcpserver\//);

  const { serviceId } = await client.registerService(registration(KEY));
  if (!serviceId) throw new Error('registered without an id');
  const { service, tags } = await client.getService({ serviceId });
  expect(service).toMatchObject({ serviceId, serviceType: 'mcpserver', name: 'notes' });
  expect(tags).toEqual({ 'team name': 'a/b+c=d' });

  const { agentSpace } = await client.createAgentSpace({ name: 'team' });
  const { agentSpaceId } = agentSpace;
  const mistyped = { mcpserver: { tools: ['ecko'] } };
  const refused = await failureOf(
    client.associateService({ agentSpaceId, serviceId, configuration: mistyped }),
  );
  expect(refused.fieldList).toEqual([
    { path: '/configuration/mcpserver/tools/0', message: expect.stringContaining('ecko') },
  ]);
  const { association } = await client.associateService({
    agentSpaceId,
    serviceId,
    configuration: { mcpserver: { tools: ['echo', 'add'] } },
  });
  const { associationId } = association;
  expect(association.status).toBe('valid');

  const early = await failureOf(client.deregisterService({ serviceId }));
  expect(early).toMatchObject({ name: 'ConflictException', status: 409, retryable: false });
  expect(early.message).toContain(agentSpaceId);

  expect(await client.disassociateService({ agentSpaceId, associationId })).toBeUndefined();
  expect(await client.deregisterService({ serviceId })).toEqual({});
  expect(await client.deleteAgentSpace({ agentSpaceId })).toBeUndefined();
  expect(await all(client.paginate('listServices'))).toEqual([]);

  const about = { AttributeKey: 'ResourceName', AttributeValue: serviceId } as const;
  const events = await all(client.paginate('lookupEvents', { LookupAttributes: [about], MaxResults: 2 }));
  expect(events.map(event => event.EventName)).toEqual([
    'DeregisterService',
    'DisassociateService',
    'DeregisterService',
    'AssociateService',
    'AssociateService',
    'GetService',
    'RegisterService',
  ]);
  const conflict = JSON.parse(events[2]?.CloudTrailEvent ?? '');
  expect(conflict).toMatchObject({ requestID: early.requestId, userAgent: 'story/1.0' });
  expect(JSON.stringify(events)).not.toContain(KEY);
});

it('tags, lists and untags a resource by its ARN', async () => {
  const { agentSpace } = await client.createAgentSpace({ name: 'tagged' });
  const resourceArn = `arn:aws:aidevops:us-east-1:000000000000:agentspace/${agentSpace.agentSpaceId}`;
  await client.tagResource({ resourceArn, tags: { 'a key': '1', 'b+c': '2', 'd/e': '3' } });
  await client.untagResource({ resourceArn, tagKeys: ['a key', 'b+c'] });
  expect(await client.listTagsForResource({ resourceArn })).toEqual({ tags: { 'd/e': '3' } });
});
