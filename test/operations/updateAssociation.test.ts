import { expect, it } from 'vitest';
import { keys } from '../../lib/store/keys.ts';
import { ACCOUNT, apiKeyRegistration } from '../support/app.ts';
import { startModern } from '../support/mcp/modern.ts';
import { manyTools, type WireTool } from '../support/mcp/toolShelf.ts';
import { startPausingServer } from './pausingServer.ts';
import {
  associate,
  contents,
  createSpace,
  eventOf,
  expectError,
  expectInvalid,
  fresh,
  KEY,
  ok,
  proveForeign,
  register,
  resource,
  resourcesOf,
  scan,
  startWorld,
} from './support.ts';
import { expectWire } from './wire.ts';

const world = startWorld();

const toolsOf = (...tools: string[]) => ({ mcpserver: { tools } });
const peerTools = (description: string): [WireTool, WireTool] => [
  { name: 'echo', description, inputSchema: { type: 'object' } },
  { name: 'other', description, inputSchema: { type: 'object' } },
];

it('replaces the configuration and keeps the rest', async () => {
  const [agentSpaceId, serviceId] = [await createSpace(world), await register(world)];
  const associationId = await associate(world, agentSpaceId, serviceId, ['echo']);
  const before = ok(await world.app.call('GetAssociation', { agentSpaceId, associationId })).association;
  const capabilities = { RELEASE_READINESS_REVIEW: { enabled: false } };
  const configuration = { mcpserver: { tools: ['write_note'], toolDetails: [{ name: 'write_note' }] } };
  const input = { agentSpaceId, associationId, configuration, capabilities };
  const answer = await world.app.call('UpdateAssociation', input);
  expect(answer.status).toBe(200);
  expectWire('UpdateAssociation', answer.body);
  const { updatedAt } = answer.body.association;
  expect(answer.body).toEqual({ association: { ...before, configuration, capabilities, updatedAt } });
  expect(ok(await world.app.call('GetAssociation', { agentSpaceId, associationId }))).toEqual(answer.body);
  const event = await eventOf(world.app, 'UpdateAssociation', answer);
  expect(resourcesOf(event)).toEqual(
    [
      resource.space(agentSpaceId),
      resource.association(agentSpaceId, associationId),
      resource.service(serviceId),
    ].sort(),
  );
  expect(event).toMatchObject({
    requestParameters: input,
    responseElements: answer.body,
    additionalEventData: { endpoint: world.peer.url },
  });
});

it('refuses tools as AssociateService does, and changes nothing then', async () => {
  const [agentSpaceId, serviceId] = [await createSpace(world), await register(world)];
  const associationId = await associate(world, agentSpaceId, serviceId, ['echo']);
  const before = await contents(world.app);
  const input = { agentSpaceId, associationId, configuration: toolsOf('echo', 'nope') };
  const answer = await world.app.call('UpdateAssociation', input);
  expectInvalid(answer, ['/configuration/mcpserver/tools/1', /nope/]);
  await eventOf(world.app, 'UpdateAssociation', answer);
  expect(await contents(world.app)).toEqual(before);
  const none = await world.app.call('UpdateAssociation', { agentSpaceId, associationId });
  expectInvalid(none, ['/configuration']);
});

it('confirms no definition that the server changed since somebody looked at it', async () => {
  const peer = await startModern({ auth: { header: 'x-api-key', value: KEY } });
  try {
    const [echo, other] = peerTools('first');
    peer.setTools([echo, other]);
    const request = apiKeyRegistration(fresh('swaps'), peer.url, KEY);
    const { serviceId } = ok(await world.app.call('RegisterService', request));
    const agentSpaceId = await createSpace(world);
    const seen = async () => {
      const { tools } = ok(await world.app.call('ListServiceTools', { serviceId }));
      return tools.map(({ name, fingerprint }: { name: string; fingerprint: string }) => ({
        name,
        fingerprint,
      }));
    };
    const wanted = { agentSpaceId, configuration: toolsOf('echo'), expectedFingerprints: await seen() };
    peer.setTools([echo, ...peerTools('second').slice(1)]);
    const early = await world.app.call('AssociateService', { ...wanted, serviceId });
    expectError(early, 'ConflictException', 409, /changed other since/);
    expect(ok(await world.app.call('ListAssociations', { agentSpaceId })).associations).toEqual([]);
    const associationId = await associate(world, agentSpaceId, serviceId, ['echo', 'other']);

    const looked = { ...wanted, configuration: toolsOf('echo', 'other'), expectedFingerprints: await seen() };
    peer.setTools(peerTools('third'));
    const late = await world.app.call('UpdateAssociation', { ...looked, associationId });
    expectError(late, 'ConflictException', 409, /changed echo, other since .*ListServiceTools/);
    const { association } = ok(await world.app.call('GetAssociation', { agentSpaceId, associationId }));
    expect(association).toMatchObject({ status: 'pending-confirmation' });
    expect(association.withheldTools.map(({ name }: { name: string }) => name)).toEqual(['echo', 'other']);

    const again = { ...looked, associationId, expectedFingerprints: await seen() };
    const confirmed = ok(await world.app.call('UpdateAssociation', again)).association;
    expect(confirmed).toMatchObject({ status: 'valid', configuration: looked.configuration });
    expect(confirmed.withheldTools ?? []).toEqual([]);
  } finally {
    await peer.close();
  }
});

it('takes no fingerprint of another form', async () => {
  const [agentSpaceId, serviceId] = [await createSpace(world), await register(world)];
  const expectedFingerprints = [{ name: 'echo', fingerprint: 'sha256' }];
  const input = { agentSpaceId, serviceId, configuration: toolsOf('echo'), expectedFingerprints };
  expectInvalid(await world.app.call('AssociateService', input), [
    '/expectedFingerprints/0/fingerprint',
    /ListServiceTools/,
  ]);
});

it('makes no association: what is not there, foreign or of another space is refused', async () => {
  const [agentSpaceId, serviceId] = [await createSpace(world), await register(world)];
  const associationId = await associate(world, agentSpaceId, serviceId, ['echo']);
  const configuration = toolsOf('echo');
  await proveForeign(world, 'UpdateAssociation', { agentSpaceId, associationId, configuration });
  const inputs = [
    { agentSpaceId: await createSpace(world), associationId, configuration },
    { agentSpaceId, associationId: `mcpserver-${crypto.randomUUID()}-0123456789ab`, configuration },
    { agentSpaceId: crypto.randomUUID(), associationId, configuration },
  ];
  const before = await contents(world.app);
  for (const input of inputs) {
    const answer = await world.app.call('UpdateAssociation', input);
    expectError(answer, 'ResourceNotFoundException', 404);
    await eventOf(world.app, 'UpdateAssociation', answer);
  }
  expect(await contents(world.app)).toEqual(before);
  ok(await world.app.call('DisassociateService', { agentSpaceId, associationId }));
  const gone = await world.app.call('UpdateAssociation', { agentSpaceId, associationId, configuration });
  expectError(gone, 'ResourceNotFoundException', 404);
});

it('is not taken in by an association that went and was made again while the server was asked', async () => {
  const { peer, pauseNext } = await startPausingServer(manyTools(4));
  try {
    const request = apiKeyRegistration(fresh('again'), peer.url, KEY);
    const { serviceId } = ok(await world.app.call('RegisterService', request));
    const agentSpaceId = await createSpace(world);
    const associationId = await associate(world, agentSpaceId, serviceId, [
      'tool_001',
      'tool_002',
      'tool_003',
    ]);
    const pause = pauseNext();
    const configuration = toolsOf('tool_004');
    const slow = world.app.call('UpdateAssociation', { agentSpaceId, associationId, configuration });
    await pause.seen;
    ok(await world.app.call('DisassociateService', { agentSpaceId, associationId }));
    await associate(world, agentSpaceId, serviceId, ['tool_001']);
    pause.release();
    ok(await slow);
    const key = keys.space(ACCOUNT, agentSpaceId);
    const space = (await scan(world.app)).find(({ pk, sk }) => pk === key.pk && sk === key.sk);
    expect(space?.toolCount).toBe(1);
  } finally {
    await peer.close();
  }
});
