import { afterEach, beforeEach, expect, it } from 'vitest';
import { inScope } from '../../lib/scope.ts';
import { checkServiceHealth } from '../../lib/services/checkServiceHealth.ts';
import { checkAt } from '../../lib/services/healthCheckItem.ts';
import type { ServerDeps } from '../../lib/services/serverDeps.ts';
import { keys } from '../../lib/store/keys.ts';
import { queryItems } from '../../lib/store/read.ts';
import { transact } from '../../lib/store/transact.ts';
import { startPausingServer } from '../operations/pausingServer.ts';
import { type Item, ok, scan, startWorld } from '../operations/support.ts';
import { ACCOUNT, type AuditRecord } from '../support/app.ts';
import { startModern } from '../support/mcp/modern.ts';
import { AUTH, connect, registerAt, tool, useServers } from './driftSupport.ts';
import { expectSound, readState } from './state.ts';

const world = startWorld();
const { started } = useServers(world);

const MINUTE_MS = 60_000;
/** Later than any first check of an hour's distance is due. */
const DUE_MS = 70 * MINUTE_MS;

const at = (ms: number, more: Partial<ServerDeps> = {}): ServerDeps => ({
  ...world.app.deps,
  now: () => Date.now() + ms,
  ...more,
});
/** As the scheduled function does it, under its role. */
const run = (deps: ServerDeps) =>
  inScope({ functionName: 'checkServiceHealth', requestId: 'scheduled' }, () => checkServiceHealth(deps));
const checks = () => queryItems<Item>(world.app.deps, keys.healthChecks(), undefined, 100);
const serviceOf = async (serviceId: string) => ok(await world.app.call('GetService', { serviceId })).service;
/** From the table: LookupEvents shows nothing of times to come. */
const healthEvents = async (): Promise<AuditRecord[]> =>
  (await scan(world.app))
    .flatMap(({ record }) => (record ? [JSON.parse(String(record))] : []))
    .filter(({ eventName }) => eventName === 'CheckServiceHealth')
    .sort((a, b) => (a.eventTime < b.eventTime ? -1 : 1));

let registered: string[] = [];
beforeEach(() => {
  registered = [];
});
afterEach(async () => {
  for (const serviceId of registered) await world.app.call('DeregisterService', { serviceId });
  // Checks of what is gone go with the next look.
  await run(at(1_000 * DUE_MS));
  expect(await checks()).toEqual([]);
  expectSound(await readState(world.app));
});

async function register(peer: { url: string }): Promise<string> {
  const serviceId = await registerAt(world, peer);
  registered.push(serviceId);
  return serviceId;
}

it('checks nothing before its time, and then each server once', async () => {
  const peer = await started(startModern({ auth: AUTH }));
  const first = await register(peer);
  const second = await register(peer);
  const before = await serviceOf(first);
  expect(await run(at(50 * MINUTE_MS))).toBe(0);
  expect(await run(at(DUE_MS))).toBe(2);
  expect(await run(at(DUE_MS))).toBe(0);
  for (const serviceId of [first, second]) {
    const { lastValidatedAt, validationStatus } = await serviceOf(serviceId);
    expect(validationStatus).toBe('valid');
    expect(lastValidatedAt > before.lastValidatedAt).toBe(true);
  }
  // Nothing changed: nobody is told.
  expect(await healthEvents()).toEqual([]);
  expect(await checks()).toHaveLength(2);
  expect(await run(at(2 * DUE_MS))).toBe(2);
});

it('tells once that a server went away, and once that it is back, with its new tools', async () => {
  const peer = await startModern({ auth: AUTH });
  const serviceId = await register(peer);
  const { agentSpaceId, associationId } = await connect(world, serviceId, ['add']);
  await peer.close();
  await run(at(DUE_MS));
  expect(await serviceOf(serviceId)).toMatchObject({ validationStatus: 'invalid' });
  await run(at(2 * DUE_MS));
  const again = await started(startModern({ auth: AUTH, port: peer.port }));
  again.setTools([tool('add', { description: 'another one' })]);
  await run(at(3 * DUE_MS));
  expect(await serviceOf(serviceId)).toMatchObject({ validationStatus: 'valid', toolCount: 1 });
  const events = (await healthEvents()).filter(event => event.requestParameters.serviceId === serviceId);
  expect(events).toMatchObject([
    {
      errorCode: 'ENDPOINT_UNREACHABLE',
      readOnly: false,
      userIdentity: { type: 'AWSService' },
      additionalEventData: { endpoint: peer.url, validationStatus: 'invalid' },
    },
    { additionalEventData: { endpoint: peer.url, validationStatus: 'valid' } },
  ]);
  expect(events[1]?.errorCode).toBeUndefined();
  const place = { agentSpaceId, associationId };
  expect(ok(await world.app.call('GetAssociation', place)).association).toMatchObject({
    status: 'pending-confirmation',
  });
  ok(await world.app.call('DisassociateService', place));
});

it('asks nothing of a server that is disabled, nor of any when checks are off', async () => {
  const peer = await started(startModern({ auth: AUTH }));
  const serviceId = await register(peer);
  ok(await world.app.call('UpdateService', { serviceId, state: 'DISABLED' }));
  const asked = peer.requests.length;
  const { config } = world.app.deps;
  expect(await run(at(DUE_MS, { config: { ...config, healthCheckMinutes: 0 } }))).toBe(0);
  await run(at(DUE_MS));
  expect(peer.requests).toHaveLength(asked);
  ok(await world.app.call('UpdateService', { serviceId, state: 'ENABLED' }));
  await run(at(2 * DUE_MS));
  expect(peer.requests.length).toBeGreaterThan(asked);
});

it('shares the checks among processes, and forgets what is no longer registered', async () => {
  const peer = await started(startModern({ auth: AUTH }));
  await Promise.all(Array.from({ length: 12 }, () => register(peer)));
  const gone = await register(peer);
  ok(await world.app.call('DeregisterService', { serviceId: gone }));
  const counts = await Promise.all([1, 2, 3, 4].map(() => run(at(DUE_MS))));
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(12);
  expect(await checks()).toHaveLength(12);
});

it('takes a check again whose process died', async () => {
  const pausing = await startPausingServer([tool('add')]);
  await started(Promise.resolve(pausing.peer));
  const serviceId = await register(pausing.peer);
  const { seen, release } = pausing.pauseNext();
  const dying = run(at(DUE_MS));
  await seen;
  // Others leave it alone for two minutes; then it is theirs.
  expect(await run(at(DUE_MS))).toBe(0);
  const [taken] = await checks();
  expect(Date.parse(String(taken?.sk).slice(0, 24)) - Date.now()).toBeLessThan(DUE_MS + 3 * MINUTE_MS);
  expect(await run(at(DUE_MS + 3 * MINUTE_MS))).toBe(1);
  release();
  await dying;
  expect(await checks()).toHaveLength(1);
  expect(await serviceOf(serviceId)).toMatchObject({ validationStatus: 'valid' });
});

it('leaves to a later run what does not fit into one', async () => {
  const place = (n: number) => ({ accountId: ACCOUNT, serviceId: `mcpserver-${String(n).padStart(4, '0')}` });
  const due = Array.from({ length: 130 }, (_, n) =>
    checkAt(place(n), Date.now() - 1_000 - n, world.app.deps),
  );
  for (let n = 0; n < due.length; n += 65) {
    await transact(world.app.deps.store, due.slice(n, n + 65), world.app.deps);
  }
  await run(world.app.deps);
  // The oldest went first.
  expect((await checks()).map(({ serviceId }) => serviceId).sort()).toEqual(
    Array.from({ length: 30 }, (_, n) => place(n).serviceId),
  );
});

it('goes on with the others when one cannot be checked', async () => {
  const peer = await started(startModern({ auth: AUTH }));
  const bad = await register(peer);
  const good = await register(peer);
  const { vault } = world.app.deps;
  const lines: object[] = [];
  const broken: ServerDeps['vault'] = {
    ...vault,
    decrypt: (ciphertext, context) =>
      context.serviceId === bad
        ? Promise.reject(new TypeError('secret'))
        : vault.decrypt(ciphertext, context),
  };
  await run(at(DUE_MS, { vault: broken, log: (event, fields) => lines.push({ event, ...fields }) }));
  expect((await serviceOf(good)).lastValidatedAt > (await serviceOf(bad)).lastValidatedAt).toBe(true);
  expect(lines).toContainEqual({ event: 'health check failed', serviceId: bad, error: 'TypeError' });
  expect(JSON.stringify(lines)).not.toContain('secret');
  expect(await checks()).toHaveLength(2);
});
