import { randomUUID } from 'node:crypto';
import type { OperationName } from '../../lib/api/operations.ts';
import { keys } from '../../lib/store/keys.ts';
import { ACCOUNT, type App, apiKeyRegistration, startApp } from '../../test/support/app.ts';
import { startModern } from '../../test/support/mcp/modern.ts';
import { median, round } from './result.ts';
import { type Place, seedAssociations, seededServiceId, seedServices, seedUseCounts } from './seed.ts';
import { meterStore, type StoreMeter, type StoreUse } from './storeMeter.ts';

/** What one call cost among so many other things. */
export interface Cost {
  operation: OperationName;
  among: string;
  use: StoreUse;
  /** Milliseconds of the call in this process, the median of `samples`. Never a promise. */
  latencyMs: number;
  samples: number;
}

export interface Scale {
  /** The larger number of registrations. */
  services: number;
  /** The larger number of associations. */
  associations: number;
  /** Calls of each list. */
  listSamples: number;
  /** Registrations that are made, to be deregistered, at each size. */
  deregistrations: number;
}

const PAGE = 10;
const KEY = 'key-of-the-bench';
/** Spaces of an account, when it has thousands of associations. */
const SPACES = 100;

/** Costs of a page and of a deregistration on a fresh database that grows from next to nothing to `scale`. */
export async function measureCosts(scale: Scale): Promise<{ engine: string; costs: Cost[] }> {
  const [app, peer] = await Promise.all([
    startApp({ QUOTA_SERVICES: '100000' }),
    startModern({ auth: { header: 'x-api-key', value: KEY } }),
  ]);
  try {
    const meter = meterStore(app.deps.store, { capacity: true });
    const bench: Bench = { app, meter, place: placeOf(app), serverUrl: peer.url, scale };
    const costs = [...(await pages(bench)), ...(await deregistrations(bench))];
    return { engine: app.engine.kind, costs };
  } finally {
    await Promise.all([app.stop(), peer.close()]);
  }
}

interface Bench {
  app: App;
  meter: StoreMeter;
  place: Place;
  serverUrl: string;
  scale: Scale;
}

function placeOf({ engine: { client, tableName } }: App): Place {
  return { client, tableName, accountId: ACCOUNT };
}

async function pages(bench: Bench): Promise<Cost[]> {
  const { place, scale } = bench;
  const first = { maxResults: PAGE };
  await seedServices(place, 0, PAGE);
  const few = await page(bench, `${PAGE} registrations`, first);
  await seedServices(place, PAGE, PAGE + 1);
  const oneMore = await page(bench, `${PAGE + 1} registrations`, first);
  await seedServices(place, PAGE + 1, scale.services);
  const many = await page(bench, `${scale.services} registrations`, first);
  const nextToken = tokenAt(bench, Math.floor(scale.services / 2));
  const middle = await page(bench, `${scale.services} registrations, from the middle`, {
    ...first,
    nextToken,
  });
  return [few, oneMore, many, middle];
}

function page(bench: Bench, among: string, input: object): Promise<Cost> {
  const inputs = Array.from({ length: bench.scale.listSamples }, () => input);
  return cost(bench, 'ListServices', among, inputs, answer => {
    if (answer.body.services?.length !== PAGE) throw new Error(`A page of ${answer.body.services?.length}.`);
  });
}

function tokenAt({ app, place }: Bench, n: number): string {
  const scope = { accountId: place.accountId, operation: 'ListServices', filter: '' };
  return app.deps.pageTokens.mint(scope, keys.service(place.accountId, seededServiceId(n)).sk);
}

/** Every other service has its share of the associations; those that are deregistered have none. */
async function deregistrations(bench: Bench): Promise<Cost[]> {
  const { place, scale } = bench;
  const none = await deregister(bench, '0 associations of others');
  await seedAssociations(place, scale.associations, n => ({
    space: spaceId(n % SPACES),
    serviceId: seededServiceId(Math.floor(n / SPACES)),
  }));
  const many = await deregister(bench, `${scale.associations} associations of others`);
  return [none, many, await refused(bench)];
}

async function deregister(bench: Bench, among: string): Promise<Cost> {
  const ids: string[] = [];
  for (let n = 0; n < bench.scale.deregistrations; n++) ids.push(await register(bench));
  return cost(
    bench,
    'DeregisterService',
    among,
    ids.map(serviceId => ({ serviceId })),
    answer => {
      if (answer.error) throw new Error(`${answer.error} ${answer.body.message}`);
    },
  );
}

/** The refusal names spaces: its cost must not grow with their number either. */
async function refused(bench: Bench): Promise<Cost> {
  const { place, scale } = bench;
  const serviceId = await register(bench);
  const spaces = Array.from({ length: scale.associations }, (_, n) => spaceId(n));
  await seedAssociations(place, spaces.length, n => ({ space: spaces[n] ?? '', serviceId }));
  await seedUseCounts(place, serviceId, spaces);
  const inputs = Array.from({ length: scale.deregistrations }, () => ({ serviceId }));
  return cost(bench, 'DeregisterService', `${scale.associations} of its own: refused`, inputs, answer => {
    if (answer.error !== 'ConflictException') throw new Error(`Not refused: ${answer.status}`);
  });
}

async function register({ app, serverUrl }: Bench): Promise<string> {
  // Names of one length: items of one size.
  const input = apiKeyRegistration(`s${randomUUID().slice(0, 8)}`, serverUrl, KEY);
  const { body, error } = await app.call('RegisterService', input);
  if (error) throw new Error(`RegisterService: ${error} ${body.message}`);
  return body.serviceId;
}

function spaceId(n: number): string {
  return `019b7600-0000-7000-9000-${n.toString(16).padStart(12, '0')}`;
}

type Check = (answer: Awaited<ReturnType<App['call']>>) => void;

/** Calls once per input; the counts must be the same each time, the latency is the median. */
async function cost(
  { app, meter }: Bench,
  operation: OperationName,
  among: string,
  inputs: readonly object[],
  check: Check,
): Promise<Cost> {
  const uses: StoreUse[] = [];
  const times: number[] = [];
  for (const input of inputs) {
    const begun = performance.now();
    const { value, use } = await meter.measure(() => app.call(operation, input));
    times.push(performance.now() - begun);
    check(value);
    uses.push(use);
  }
  const [use] = uses;
  if (!use) throw new Error('Nothing was called.');
  const other = uses.find(one => counted(one) !== counted(use));
  if (other) throw new Error(`${operation} among ${among} varies: ${counted(use)} and ${counted(other)}`);
  return { operation, among, use, latencyMs: round(median(times)), samples: inputs.length };
}

/** All but bytes, which follow the digits of the moment. */
function counted({ requestBytes: _, auditBytes: __, ...counts }: StoreUse): string {
  return JSON.stringify(counts);
}
