import { describe, expect, it } from 'vitest';
import { apiKeyRegistration } from '../support/app.ts';
import { afterNext } from './meanwhile.ts';
import {
  associate,
  contents,
  createSpace,
  eventOf,
  expectError,
  expectInvalid,
  fresh,
  HINT_MISSING,
  KEY,
  ok,
  proveForeign,
  register,
  resource,
  resourcesOf,
  selection,
  startWorld,
} from './support.ts';
import { expectWire } from './wire.ts';

const world = startWorld();

const call = (agentSpaceId: string, serviceId: string, tools: string[], more: object = {}) =>
  world.app.call('AssociateService', selection(agentSpaceId, serviceId, tools, more));

const CAPABILITIES = {
  RELEASE_READINESS_REVIEW: {
    enabled: true,
    triggerFilterGroups: [
      { events: ['PULL_REQUEST_DRAFT'], targetBranches: { patterns: ['main', 'release/*'] } },
    ],
  },
};

it('connects a space to a server, echoes what was asked, and leaves one event with the endpoint', async () => {
  const [agentSpaceId, serviceId] = [await createSpace(world), await register(world)];
  const configuration = {
    mcpserver: { tools: ['echo', 'add'], toolDetails: [{ name: 'add', toolClassification: 'MUTATIVE' }] },
  };
  const input = { agentSpaceId, serviceId, configuration, capabilities: CAPABILITIES };
  const answer = await world.app.call('AssociateService', input);
  expect(answer.status).toBe(201);
  expectWire('AssociateService', answer.body);
  const { associationId, createdAt } = answer.body.association;
  expect(answer.body).toEqual({
    association: { ...input, associationId, status: 'valid', createdAt, updatedAt: createdAt },
  });
  const event = await eventOf(world.app, 'AssociateService', answer);
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
  expect(JSON.stringify(event)).not.toContain(KEY);
});

it('replaces the association when the same server is connected again', async () => {
  const [agentSpaceId, serviceId] = [await createSpace(world), await register(world)];
  const first = ok(await call(agentSpaceId, serviceId, ['echo', 'add'])).association;
  const second = ok(await call(agentSpaceId, serviceId, ['write_note'])).association;
  expect(second).toMatchObject({ associationId: first.associationId, createdAt: first.createdAt });
  const { associations } = ok(await world.app.call('ListAssociations', { agentSpaceId }));
  expect(associations).toEqual([second]);
  const users = ok(await world.app.call('ListServiceAssociations', { serviceId })).associations;
  expect(users).toHaveLength(1);
});

describe('tools', () => {
  it('takes * for all of them, and none at all', async () => {
    const [agentSpaceId, serviceId] = [await createSpace(world), await register(world)];
    const all = ok(await call(agentSpaceId, serviceId, ['*'], { toolDetails: [{ name: 'echo' }] }));
    expect(all.association.configuration.mcpserver.tools).toEqual(['*']);
    expect(ok(await call(agentSpaceId, serviceId, [])).association.status).toBe('valid');
  });

  const TOOLS = '/configuration/mcpserver/tools';
  const DETAILS = '/configuration/mcpserver/toolDetails';
  const refusals: [string, object, [string, RegExp?][]][] = [
    [
      'an unknown name',
      { tools: ['echo', 'nope', 'nada'] },
      [
        [`${TOOLS}/1`, /nope/],
        [`${TOOLS}/2`, /nada/],
      ],
    ],
    ['a name in another case', { tools: ['Echo'] }, [[`${TOOLS}/0`, /Echo/]]],
    ['a name twice', { tools: ['echo', 'add', 'echo'] }, [[`${TOOLS}/2`, /twice/]]],
    ['* beside a name', { tools: ['*', 'echo'] }, [[TOOLS, /alone/]]],
    ['* twice', { tools: ['*', '*'] }, [[TOOLS, /alone/]]],
    [
      'details of a tool that is not allowed',
      { tools: ['echo'], toolDetails: [{ name: 'add' }] },
      [[`${DETAILS}/0/name`, /add/]],
    ],
    [
      'details of an unknown tool under *',
      { tools: ['*'], toolDetails: [{ name: 'nope' }] },
      [[`${DETAILS}/0/name`, /nope/]],
    ],
    [
      'details twice',
      { tools: ['echo'], toolDetails: [{ name: 'echo' }, { name: 'echo' }] },
      [[`${DETAILS}/1/name`, /twice/]],
    ],
    [
      'an unknown classification',
      { tools: ['echo'], toolDetails: [{ name: 'echo', toolClassification: 'SAFE' }] },
      [[`${DETAILS}/0/toolClassification`]],
    ],
    ['a name that no agent accepts', { tools: ['a.b'] }, [[`${TOOLS}/0`]]],
    ['no list', { tools: 'echo' }, [[TOOLS]]],
    ['too many names', { tools: Array.from({ length: 5001 }, () => 'a') }, [[TOOLS]]],
  ];

  it.each(refusals)('refuses %s', async (_, mcpserver, fields) => {
    const [agentSpaceId, serviceId] = [await createSpace(world), await register(world)];
    const before = await contents(world.app);
    const input = { agentSpaceId, serviceId, configuration: { mcpserver } };
    const answer = await world.app.call('AssociateService', input);
    expectInvalid(answer, ...fields);
    await eventOf(world.app, 'AssociateService', answer);
    expect(await contents(world.app)).toEqual(before);
  });

  it('asks the server as it is now', async () => {
    const [agentSpaceId, serviceId] = [await createSpace(world), await register(world)];
    const { tools } = ok(await world.app.call('ListServiceTools', { serviceId }));
    world.peer.setTools([{ name: 'brand_new', inputSchema: { type: 'object' } }]);
    try {
      expectInvalid(await call(agentSpaceId, serviceId, ['echo']), [`${TOOLS}/0`]);
      ok(await call(agentSpaceId, serviceId, ['brand_new']));
    } finally {
      world.peer.setTools(tools);
    }
  });
});

describe('names of at most 64 characters', () => {
  it('refuses a tool whose name would be longer, by name, and takes one of exactly 64', async () => {
    const agentSpaceId = await createSpace(world);
    // `<59>_echo` has 64 characters, `<59>_write_note` more.
    const serviceId = await register(world, `n${'a'.repeat(58)}`);
    const refused = await call(agentSpaceId, serviceId, ['echo', 'write_note']);
    expectInvalid(refused, ['/configuration/mcpserver/tools/1', /aa_write_note .*64/]);
    ok(await call(agentSpaceId, serviceId, ['echo']));
    const all = ok(await call(agentSpaceId, serviceId, ['*']));
    expect(all.warnings).toMatchObject([
      { code: 'TOOL_NAME_TOO_LONG', toolName: 'write_note' },
      HINT_MISSING,
    ]);
    expectWire('AssociateService', all);
  });

  it('refuses a server whose name leaves no room for any tool', async () => {
    const agentSpaceId = await createSpace(world);
    const serviceId = await register(world, 'm'.repeat(63));
    expectInvalid(await call(agentSpaceId, serviceId, ['*']), ['/serviceId', /62/]);
  });
});

describe('another configuration', () => {
  it.each([
    ['of another type', { mcpserversigv4: { tools: ['echo'] } }, '/configuration/mcpserver'],
    ['of two types', { mcpserversigv4: { tools: [] }, mcpserver: { tools: [] } }, '/configuration'],
    ['of none', {}, '/configuration'],
    ['that is missing', undefined, '/configuration'],
  ])('%s is refused', async (_, configuration, path) => {
    const [agentSpaceId, serviceId] = [await createSpace(world), await register(world)];
    const answer = await world.app.call('AssociateService', { agentSpaceId, serviceId, configuration });
    expectInvalid(answer, [path]);
  });
});

describe('spaces and services that are not there', () => {
  it('are refused, also where they are foreign', async () => {
    const [agentSpaceId, serviceId] = [await createSpace(world), await register(world)];
    await proveForeign(world, 'AssociateService', selection(agentSpaceId, serviceId, ['echo']));
    const noSpace = await call(crypto.randomUUID(), serviceId, ['echo']);
    expectError(noSpace, 'ResourceNotFoundException', 404, /agent space/);
    const noService = await call(agentSpaceId, `mcpserver-${crypto.randomUUID()}`, ['echo']);
    expectError(noService, 'ResourceNotFoundException', 404, /service/);
    for (const answer of [noSpace, noService]) await eventOf(world.app, 'AssociateService', answer);
    // A space of this account and a service of another one.
    const foreign = await world.app.call(
      'RegisterService',
      apiKeyRegistration(fresh('f'), world.peer.url, KEY),
      {
        accountId: '444455556666',
      },
    );
    const mixed = await call(agentSpaceId, ok(foreign).serviceId, ['echo']);
    expectError(mixed, 'ResourceNotFoundException', 404);
  });

  it('are refused when they went before', async () => {
    const [agentSpaceId, serviceId] = [await createSpace(world), await register(world)];
    ok(await world.app.call('DeleteAgentSpace', { agentSpaceId }));
    expectError(
      await call(agentSpaceId, serviceId, ['echo']),
      'ResourceNotFoundException',
      404,
      /agent space/,
    );
    ok(await world.app.call('DeregisterService', { serviceId }));
    const answer = await call(await createSpace(world), serviceId, ['echo']);
    expectError(answer, 'ResourceNotFoundException', 404, /service/);
  });
});

it.each([[['echo']], [[]]])(
  'brings no space back that goes at the same moment, with tools %j',
  async tools => {
    const serviceId = await register(world);
    const before = (await contents(world.app)).filter(text => !text.includes('"sk":"SPC"'));
    const agentSpaceId = await createSpace(world);
    const gone = afterNext(world.app, 'TransactGetItemsCommand', async () => {
      ok(await world.app.call('DeleteAgentSpace', { agentSpaceId }));
    });
    const answer = await call(agentSpaceId, serviceId, tools);
    await gone;
    expectError(answer, 'ResourceNotFoundException', 404, /agent space/);
    const after = (await contents(world.app)).filter(text => !text.includes('"sk":"SPC"'));
    expect(after).toEqual(before);
  },
);

it('says why a server cannot be asked', async () => {
  const [agentSpaceId, serviceId] = [await createSpace(world), await register(world)];
  await associate(world, agentSpaceId, serviceId);
  await world.peer.close();
  expectInvalid(await call(agentSpaceId, serviceId, ['echo']), ['/serviceId', /ENDPOINT_UNREACHABLE/]);
});
