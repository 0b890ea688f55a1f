import { describe, expect, it } from 'vitest';
import { ACCOUNT, apiKeyRegistration, OTHER_ACCOUNT } from '../support/app.ts';
import { startEverything } from '../support/mcp/everything.ts';
import { startLegacy } from '../support/mcp/legacy.ts';
import { startModern } from '../support/mcp/modern.ts';
import {
  contents,
  eventOf,
  expectError,
  fresh,
  HIDDEN,
  HINT_MISSING,
  KEY,
  ok,
  resource,
  resourcesOf,
  scan,
  startWorld,
} from './support.ts';
import { expectWire } from './wire.ts';

const world = startWorld();

const request = (name = fresh('server'), more: object = {}) =>
  apiKeyRegistration(name, world.peer.url, KEY, more);

it('registers a server and leaves one event that hides the key and the description', async () => {
  const name = fresh('notes');
  const input = request(name, { name: 'Team notes', tags: { team: 'a' } });
  Object.assign(input.serviceDetails.mcpserver, { description: 'canary-description' });
  const answer = await world.app.call('RegisterService', input);
  expect(answer.status).toBe(201);
  expectWire('RegisterService', answer.body);
  const { serviceId } = answer.body;
  expect(answer.body).toEqual({ serviceId, tags: { team: 'a' }, warnings: [HINT_MISSING] });
  expect(serviceId).toMatch(/^mcpserver-[0-9a-f-]{36}$/);

  const event = await eventOf(world.app, 'RegisterService', answer);
  expect(resourcesOf(event)).toEqual([resource.service(serviceId)]);
  expect(event.responseElements).toEqual(answer.body);
  expect(event.requestParameters).toMatchObject({
    service: 'mcpserver',
    name: 'Team notes',
    serviceDetails: {
      mcpserver: {
        name,
        endpoint: world.peer.url,
        description: HIDDEN,
        authorizationConfig: {
          apiKey: { apiKeyName: 'key', apiKeyValue: HIDDEN, apiKeyHeader: 'x-api-key' },
        },
      },
    },
  });
  const stored = JSON.stringify(await scan(world.app));
  expect(stored).not.toContain(KEY);
  expect(stored).not.toContain(Buffer.from(KEY).toString('base64'));
  expect(JSON.stringify(event)).not.toContain('canary');
});

it('registers with a bearer token, in the header of choice', async () => {
  const peer = await startModern({ auth: { header: 'x-token', value: 'Bearer the-token' } });
  try {
    const bearerToken = { tokenName: 't', tokenValue: 'the-token', authorizationHeader: 'x-token' };
    const mcpserver = { name: fresh('b'), endpoint: peer.url, authorizationConfig: { bearerToken } };
    const answer = await world.app.call('RegisterService', {
      service: 'mcpserver',
      serviceDetails: { mcpserver },
    });
    const { serviceId } = ok(answer);
    const { service } = ok(await world.app.call('GetService', { serviceId }));
    expect(service.additionalServiceDetails.mcpserver.authorizationMethod).toBe('bearer-token');
    expect(JSON.stringify(await eventOf(world.app, 'RegisterService', answer))).not.toContain('the-token');
  } finally {
    await peer.close();
  }
});

describe('servers of every era', () => {
  const auth = { header: 'x-api-key', value: KEY };
  it.each([
    ['2026-07-28', () => startModern({ auth }), 3],
    ['2025-11-25, with sessions', () => startLegacy({ auth }), 3],
    ['the reference server', () => startEverything({ auth }), 5],
  ] as const)('registers %s', async (_, start, atLeast) => {
    const peer = await start();
    try {
      const answer = await world.app.call('RegisterService', apiKeyRegistration(fresh('era'), peer.url, KEY));
      const { serviceId } = ok(answer);
      const { service } = ok(await world.app.call('GetService', { serviceId }));
      expect(service.toolCount).toBeGreaterThanOrEqual(atLeast);
      const { tools } = ok(await world.app.call('ListServiceTools', { serviceId }));
      expect(tools).toHaveLength(service.toolCount);
      expect(tools.map((tool: { name: string }) => tool.name)).toContain('echo');
    } finally {
      await peer.close();
    }
  });
});

describe('names', () => {
  it('are unique in the account, ignoring case; the refusal carries the id', async () => {
    const name = fresh('Taken');
    const { serviceId } = ok(await world.app.call('RegisterService', request(name)));
    for (const other of [name, name.toLowerCase(), name.toUpperCase()]) {
      const before = await contents(world.app);
      const asked = world.peer.requests.length;
      const answer = await world.app.call('RegisterService', request(other));
      expectError(answer, 'ConflictException', 409);
      expect(answer.body.message).toContain(serviceId);
      // A name that is taken costs the server nothing.
      expect(world.peer.requests).toHaveLength(asked);
      await eventOf(world.app, 'RegisterService', answer);
      expect(await contents(world.app)).toEqual(before);
    }
  });

  it('are free in other accounts, and free again after deregistration', async () => {
    const name = fresh('shared');
    const { serviceId } = ok(await world.app.call('RegisterService', request(name)));
    const theirs = await world.app.call('RegisterService', request(name), { accountId: OTHER_ACCOUNT });
    expect(ok(theirs).serviceId).not.toBe(serviceId);
    ok(await world.app.call('DeregisterService', { serviceId }));
    expect(ok(await world.app.call('RegisterService', request(name))).serviceId).not.toBe(serviceId);
  });

  it('make a retry after a lost answer harmless: it says which service there is', async () => {
    const input = request(fresh('lost'));
    const lost = await world.app.call('RegisterService', input);
    const retried = await world.app.call('RegisterService', input);
    expectError(retried, 'ConflictException', 409);
    expect(retried.body.message).toContain(lost.body.serviceId);
    const { services } = ok(await world.app.call('ListServices', { maxResults: 100 }));
    const { name } = input.serviceDetails.mcpserver;
    const named = services.filter((service: { name: string }) => service.name === name);
    expect(named).toMatchObject([{ serviceId: lost.body.serviceId }]);
    const claims = (await scan(world.app)).filter(
      item => item.serviceId === lost.body.serviceId && item.sk === '-',
    );
    expect(claims.map(({ pk }) => pk)).toEqual([`A#${ACCOUNT}#NAME#${name.toLowerCase()}`]);
  });
});

it('warns of tools that agents could not be shown, and registers', async () => {
  const name = `n${'a'.repeat(60)}`;
  const answer = await world.app.call('RegisterService', request(name));
  const codes = ok(answer).warnings.map((warning: { code: string }) => warning.code);
  expect(new Set(codes)).toEqual(new Set(['TOOL_NAME_TOO_LONG', HINT_MISSING.code]));
  expectWire('RegisterService', answer.body);
});
