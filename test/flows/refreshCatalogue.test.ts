import { randomBytes } from 'node:crypto';
import { TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { ApiError } from '../../lib/api/errors.ts';
import { McpError } from '../../lib/mcp/mcpError.ts';
import { type RefreshOptions, refreshCatalogue } from '../../lib/services/refreshCatalogue.ts';
import type { ServerDeps } from '../../lib/services/serverDeps.ts';
import type { ServiceItem } from '../../lib/services/serviceItem.ts';
import { keys } from '../../lib/store/keys.ts';
import { getItem } from '../../lib/store/read.ts';
import { contents, expectError, ok, scan, startWorld } from '../operations/support.ts';
import { ACCOUNT } from '../support/app.ts';
import { startLegacy } from '../support/mcp/legacy.ts';
import { startModern } from '../support/mcp/modern.ts';
import { manyTools } from '../support/mcp/toolShelf.ts';
import { startAuthorizationServer } from '../support/oauth/authorizationServer.ts';
import { CLIENTS } from '../support/oauth/clients.ts';
import { startProtectedServer } from '../support/oauth/protectedServer.ts';
import { startSigned } from '../support/sigv4/signedServer.ts';
import {
  AUTH,
  anotherProcess,
  connect,
  registerAt,
  standing,
  tool,
  toolsWith,
  useServers,
} from './driftSupport.ts';
import { expectSound, readState } from './state.ts';

const world = startWorld();
const { started, changing } = useServers(world);

afterEach(() => void vi.unstubAllEnvs());

const refresh = (serviceId: string, options?: RefreshOptions, deps: ServerDeps = world.app.deps) =>
  refreshCatalogue({ accountId: ACCOUNT, serviceId }, deps, options);

const failure = (refreshing: Promise<unknown>) => refreshing.then(() => undefined).catch(error => error);

const stored = (serviceId: string): Promise<ServiceItem | undefined> =>
  getItem<ServiceItem>(world.app.deps, keys.service(ACCOUNT, serviceId));

async function toolsOf(serviceId: string): Promise<string[]> {
  const { tools } = ok(await world.app.call('ListServiceTools', { serviceId }));
  return tools.map(({ name }: { name: string }) => name);
}

async function eventCount(): Promise<number> {
  return (await scan(world.app)).filter(({ record }) => record !== undefined).length;
}

describe('a refresh that finds nothing new', () => {
  it('notes that it asked, in one small write, and nothing else', async () => {
    const peer = await started(startModern({ auth: AUTH }));
    const serviceId = await registerAt(world, peer);
    const before = await stored(serviceId);
    const others = async () =>
      (await contents(world.app)).filter(item => !item.includes(`"sk":"mcpserver#${serviceId}"`));
    const [rest, events] = [await others(), await eventCount()];
    const sent: object[] = [];
    const deps = anotherProcess(world, async command => void sent.push(command));
    const item = await refresh(serviceId, {}, deps);
    expect(item).toEqual({ ...before, catalogueRefreshedAt: item.catalogueRefreshedAt });
    expect(item.catalogueRefreshedAt > String(before?.catalogueRefreshedAt)).toBe(true);
    expect(await stored(serviceId)).toEqual(item);
    expect(await others()).toEqual(rest);
    expect(await eventCount()).toBe(events);
    expect(sent.map(command => command.constructor.name)).toEqual(['TransactGetCommand', 'UpdateCommand']);
    const { refreshedAt } = ok(await world.app.call('ListServiceTools', { serviceId }));
    expect(refreshedAt).toBe(item.catalogueRefreshedAt);
  });

  it('keeps what the server has come to speak', async () => {
    const modern = await startModern({ auth: AUTH });
    const serviceId = await registerAt(world, modern);
    expect(await stored(serviceId)).toMatchObject({ verdict: { kind: 'modern' } });
    await modern.close();
    await started(startLegacy({ auth: AUTH, port: modern.port }));
    expect(await refresh(serviceId)).toMatchObject({ verdict: { kind: 'legacy' } });
    expect(await stored(serviceId)).toMatchObject({ verdict: { kind: 'legacy' } });
  });
});

describe('a refresh that finds another list', () => {
  it('keeps it, with its number of tools and without an event', async () => {
    const peer = await started(startModern({ auth: AUTH }));
    const serviceId = await registerAt(world, peer);
    peer.setTools(manyTools(5));
    const [before, events] = [await stored(serviceId), await eventCount()];
    const item = await refresh(serviceId);
    expect(item).toMatchObject({ toolCount: 5, version: before?.version, updatedAt: before?.updatedAt });
    expect(item.catalogueHash).not.toBe(before?.catalogueHash);
    expect(await stored(serviceId)).toEqual(item);
    expect(await eventCount()).toBe(events);
    expect(await toolsOf(serviceId)).toHaveLength(5);
  });

  it('has the same hash for the same tools, in whatever order and pages they come', async () => {
    const peer = await started(startModern({ auth: AUTH, tools: manyTools(5), pages: 2 }));
    const serviceId = await registerAt(world, peer);
    const before = await stored(serviceId);
    peer.setTools(manyTools(5).reverse());
    expect((await refresh(serviceId)).catalogueHash).toBe(before?.catalogueHash);
  });

  it('does not take the place of a later one, however late it ends', async () => {
    const { serviceId, pause, setTools } = await changing(manyTools(1), manyTools(2));
    const slow = refresh(serviceId);
    await pause.seen;
    setTools(manyTools(3));
    const later = await refresh(serviceId, {}, anotherProcess(world));
    pause.release();
    expect(await slow).toEqual(later);
    expect(await toolsOf(serviceId)).toHaveLength(3);
  });

  it('of a registration that was changed meanwhile is let go', async () => {
    const { serviceId, pause } = await changing(manyTools(1), manyTools(2));
    const slow = refresh(serviceId);
    await pause.seen;
    ok(await world.app.call('UpdateService', { serviceId, state: 'DISABLED' }));
    pause.release();
    expect(await slow).toMatchObject({ state: 'DISABLED', toolCount: 1 });
    expect(await toolsOf(serviceId)).toHaveLength(1);
  });

  it('is kept beside one that ends at the same moment, and beside a validation', async () => {
    const peer = await started(startModern({ auth: AUTH }));
    const serviceId = await registerAt(world, peer);
    for (let round = 1; round <= 5; round++) {
      peer.setTools(manyTools(round));
      const [, , , answer] = await Promise.all([
        refresh(serviceId),
        refresh(serviceId, {}, anotherProcess(world)),
        refresh(serviceId, {}, anotherProcess(world)),
        world.app.call('ValidateService', { serviceId }),
      ]);
      expect(ok(answer).report).toMatchObject({ valid: true, toolCount: round });
      expect(await stored(serviceId)).toMatchObject({ toolCount: round });
      expectSound(await readState(world.app));
    }
  });
});

describe('one service', () => {
  it('is asked once by a process, however many want to know; and again afterwards', async () => {
    const peer = await started(startModern({ auth: AUTH }));
    const serviceId = await registerAt(world, peer);
    const asked = peer.listed.length;
    const items = await Promise.all(Array.from({ length: 20 }, () => refresh(serviceId)));
    expect(peer.listed).toHaveLength(asked + 1);
    expect(new Set(items).size).toBe(1);
    await refresh(serviceId);
    expect(peer.listed).toHaveLength(asked + 2);
  });

  it('is not asked where another process has asked since', async () => {
    const peer = await started(startModern({ auth: AUTH }));
    const serviceId = await registerAt(world, peer);
    const { catalogueRefreshedAt: knownAt } = (await stored(serviceId)) ?? {};
    const fresh = await refresh(serviceId, { knownAt });
    const asked = peer.listed.length;
    expect(await refresh(serviceId, { knownAt }, anotherProcess(world))).toEqual(fresh);
    expect(peer.listed).toHaveLength(asked);
    await refresh(serviceId, { knownAt: fresh.catalogueRefreshedAt });
    expect(peer.listed).toHaveLength(asked + 1);
  });

  it('is asked again after a failure', async () => {
    const peer = await startModern({ auth: AUTH });
    const serviceId = await registerAt(world, peer);
    await peer.close();
    expect(await failure(refresh(serviceId))).toBeInstanceOf(McpError);
    await started(startModern({ auth: AUTH, port: peer.port }));
    expect(await refresh(serviceId)).toMatchObject({ serviceId });
  });
});

describe('a refresh that fails', () => {
  it.each([
    ['for a server that is gone', 'ENDPOINT_UNREACHABLE', async () => undefined],
    [
      'for a credential that is refused',
      'CREDENTIAL_REJECTED',
      (port: number) => started(startModern({ port, auth: { ...AUTH, value: 'another' } })),
    ],
    [
      'for an error of the server',
      'TOOLS_LIST_FAILED',
      (port: number) =>
        started(startModern({ port, auth: AUTH, listTools: () => Promise.reject(new Error('no')) })),
    ],
    [
      'for definitions that cannot be kept',
      'TOOLS_LIST_TOO_LARGE',
      (port: number) => {
        const tools = [tool('big', { description: randomBytes(2_500_000).toString('base64') })];
        return started(startModern({ port, auth: AUTH, tools }));
      },
    ],
  ])('%s says so (%s) and leaves everything as it was', async (_, code, takeOver) => {
    const peer = await startModern({ auth: AUTH });
    const serviceId = await registerAt(world, peer);
    const link = await connect(world, serviceId, ['echo']);
    await peer.close();
    await takeOver(peer.port);
    const [before, events] = [await contents(world.app), await eventCount()];
    const error = await failure(refresh(serviceId));
    expect(error).toBeInstanceOf(McpError);
    expect(error).toMatchObject({ code });
    expect(await contents(world.app)).toEqual(before);
    expect(await eventCount()).toBe(events);
    expect(await standing(world, link)).toEqual({ status: 'valid', withheld: {} });
  });

  it('for lack of time ends when it is up', async () => {
    const peer = await startModern({ auth: AUTH });
    const serviceId = await registerAt(world, peer);
    await peer.close();
    await started(startModern({ port: peer.port, auth: AUTH, listTools: () => new Promise(() => {}) }));
    expect(await failure(refresh(serviceId, { budgetMs: 300 }))).toBeInstanceOf(McpError);
  });

  it('for a registration that is gone, before or meanwhile, brings nothing back', async () => {
    const { serviceId, pause } = await changing(manyTools(1), manyTools(2));
    const slow = failure(refresh(serviceId));
    await pause.seen;
    ok(await world.app.call('DeregisterService', { serviceId }));
    pause.release();
    for (const error of [await slow, await failure(refresh(serviceId))]) {
      expect(error).toBeInstanceOf(ApiError);
      expect(error.failure.code).toBe('ResourceNotFoundException');
    }
    expect((await scan(world.app)).filter(({ pk }) => pk.endsWith(serviceId))).toEqual([]);
  });

  it('while associations are brought up leaves the new list, and them for later', async () => {
    const peer = await started(startModern({ auth: AUTH }));
    const serviceId = await registerAt(world, peer);
    const link = await connect(world, serviceId, ['echo']);
    peer.setTools(toolsWith({ echo: { title: 'Other' } }));
    let written = 0;
    const failing = anotherProcess(world, async command => {
      if (command instanceof TransactWriteCommand && ++written > 1) throw new Error('the store is gone');
    });
    const item = await refresh(serviceId, {}, failing);
    expect(await stored(serviceId)).toEqual(item);
    expect(await standing(world, link)).toEqual({ status: 'valid', withheld: {} });
    const { associations } = await readState(world.app);
    const found = associations.find(({ associationId }) => associationId === link.associationId);
    expect(found?.catalogueHash).not.toBe(item.catalogueHash);
  });
});

describe('servers of every kind', () => {
  it('are asked with a token of the client, which is shared', async () => {
    const authorizationServer = await started(startAuthorizationServer());
    const peer = await started(startProtectedServer({ authorizationServer, checksAudience: false }));
    const { clientId, clientSecret } = CLIENTS.confidential;
    const oAuthClientCredentials = {
      clientId,
      clientSecret,
      exchangeUrl: authorizationServer.tokenUrl,
      scopes: ['mcp:read'],
    };
    const mcpserver = {
      name: 'oauth',
      endpoint: peer.url,
      authorizationConfig: { oAuthClientCredentials },
    };
    const answer = await world.app.call('RegisterService', {
      service: 'mcpserver',
      serviceDetails: { mcpserver },
    });
    const { serviceId } = ok(answer);
    const granted = authorizationServer.counts.granted.client_credentials;
    peer.setTools(manyTools(4));
    expect(await refresh(serviceId)).toMatchObject({ toolCount: 4 });
    expect(authorizationServer.counts.granted.client_credentials).toBe(granted);
  });

  it('are asked with AWS signatures', async () => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDEXAMPLE');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret-access-key');
    const peer = await startModern();
    const signing = {
      region: 'eu-west-1',
      service: 'bedrock-agentcore',
      keys: new Map([['AKIDEXAMPLE', { secretAccessKey: 'secret-access-key' }]]),
    };
    const server = await started(startSigned(peer, signing));
    const { region, service } = signing;
    const mcpserversigv4 = {
      name: 'signed',
      endpoint: server.url,
      authorizationConfig: { region, service },
    };
    const { serviceId } = ok(
      await world.app.call('RegisterService', {
        service: 'mcpserversigv4',
        serviceDetails: { mcpserversigv4 },
      }),
    );
    peer.setTools(manyTools(4));
    expect(await refresh(serviceId)).toMatchObject({ toolCount: 4 });
    expect(server.refusals).toEqual([]);
  });
});

it('counts against no quota of validations', async () => {
  const peer = await started(startModern({ auth: AUTH }));
  const serviceId = await registerAt(world, peer);
  Object.assign(world.app.deps.config.quotas, { validationsPerMinute: 0 });
  try {
    expectError(await world.app.call('ValidateService', { serviceId }), 'ThrottlingException', 429);
    expect(await refresh(serviceId)).toMatchObject({ serviceId });
  } finally {
    Object.assign(world.app.deps.config.quotas, { validationsPerMinute: 100_000 });
  }
});
