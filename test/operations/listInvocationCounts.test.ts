import { expect, it } from 'vitest';
import type { InvocationFacts } from '../../lib/invocations/invocationFacts.ts';
import { createInvocationLog } from '../../lib/invocations/invocationLog.ts';
import { sumCounters } from '../../lib/invocations/sumCounters.ts';
import { keys } from '../../lib/store/keys.ts';
import { ACCOUNT, OTHER_ACCOUNT } from '../support/app.ts';
import { factsOf } from '../support/invocations.ts';
import { provePaging } from './paging.ts';
import {
  createSpace,
  eventOf,
  expectError,
  expectInvalid,
  ok,
  proveForeign,
  resource,
  resourcesOf,
  startWorld,
} from './support.ts';

const world = startWorld();

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Midnight of the day before yesterday: what is around it is neither in the future nor beyond the retention. */
const MIDNIGHT = Math.floor(Date.now() / DAY) * DAY - 2 * DAY;

type Call = Partial<InvocationFacts>;

/** Records calls as one process does, which writes after every `each` of them. */
async function recorded(agentSpaceId: string, calls: readonly Call[], each = calls.length): Promise<void> {
  const log = createInvocationLog(world.app.deps);
  for (const [n, call] of calls.entries()) {
    log.record(factsOf({ agentSpaceId, ...call }));
    if ((n + 1) % each === 0) await log.flush();
  }
  await log.close();
}

const count = async (input: object) => ok(await world.app.call('ListInvocationCounts', input));
/** Hours since {@link MIDNIGHT}, calls and errors. */
const counted = async (input: object) =>
  (await count(input)).invocationCounts.map(
    ({ startTime, calls, errors }: { startTime: string; calls: number; errors: number }) => [
      (Date.parse(startTime) - MIDNIGHT) / HOUR,
      calls,
      errors,
    ],
  );

it('sums the calls of all processes by hour, and by day', async () => {
  const agentSpaceId = await createSpace(world);
  await recorded(
    agentSpaceId,
    [
      { at: MIDNIGHT - 1 },
      { at: MIDNIGHT },
      { at: MIDNIGHT + HOUR - 1, outcome: 'failed' },
      { at: MIDNIGHT + HOUR, outcome: 'tool-error' },
      { at: MIDNIGHT + HOUR, outcome: 'cancelled' },
      { at: MIDNIGHT + HOUR, outcome: 'refused', serviceId: undefined },
    ] as Call[],
    2,
  );
  await recorded(agentSpaceId, [{ at: MIDNIGHT }, { at: MIDNIGHT + 30 * HOUR }]);
  const answer = await world.app.call('ListInvocationCounts', { agentSpaceId });
  expect(await counted({ agentSpaceId })).toEqual([
    [30, 1, 0],
    [1, 3, 2],
    [0, 3, 1],
    [-1, 1, 0],
  ]);
  expect(await counted({ agentSpaceId, period: 'DAY' })).toEqual([
    [24, 1, 0],
    [0, 6, 3],
    [-24, 1, 0],
  ]);
  const event = await eventOf(world.app, 'ListInvocationCounts', answer);
  expect(resourcesOf(event)).toEqual([resource.space(agentSpaceId)]);
});

it('counts one server alone, and the whole periods of a range', async () => {
  const agentSpaceId = await createSpace(world);
  const calls = [0, 1, 2, 25].flatMap(hour => [
    { at: MIDNIGHT + hour * HOUR, serviceId: 'mcpserver-1' },
    { at: MIDNIGHT + hour * HOUR, serviceId: 'mcpserver-11', outcome: 'failed' as const },
  ]);
  await recorded(agentSpaceId, calls);
  const one = { agentSpaceId, serviceId: 'mcpserver-1' };
  expect(await counted({ ...one, period: 'DAY' })).toEqual([
    [24, 1, 0],
    [0, 3, 0],
  ]);
  const time = (hours: number) => new Date(MIDNIGHT + hours * HOUR).toISOString();
  const range = { startTime: time(1.5), endTime: time(2.1) };
  expect(await counted({ ...one, ...range })).toEqual([
    [2, 1, 0],
    [1, 1, 0],
  ]);
  expect(await counted({ agentSpaceId, ...range, period: 'DAY' })).toEqual([[0, 6, 3]]);
  expect(await counted({ agentSpaceId, startTime: time(3), endTime: time(4) })).toEqual([]);
  const back = { agentSpaceId, startTime: time(2), endTime: time(1) };
  expectInvalid(await world.app.call('ListInvocationCounts', back), ['/startTime']);
  const period = { agentSpaceId, period: 'MONTH' };
  expectInvalid(await world.app.call('ListInvocationCounts', period), ['/period']);
});

it('pages through hours', async () => {
  const agentSpaceId = await createSpace(world);
  const hours = [0, 1, 2, 5, 9, 23].map(hour => MIDNIGHT + hour * HOUR);
  await recorded(
    agentSpaceId,
    hours.flatMap(at => [{ at }, { at, serviceId: 'mcpserver-2' }]),
  );
  const id = ({ startTime, calls }: { startTime: string; calls: number }) => `${startTime} ${calls}`;
  const all = hours.map(at => `${new Date(at).toISOString()} 2`).reverse();
  const paged = { operation: 'ListInvocationCounts', member: 'invocationCounts', id } as const;
  const others = [{ agentSpaceId, period: 'DAY' }, { agentSpaceId: await createSpace(world) }];
  await provePaging(world, { ...paged, input: { agentSpaceId }, all, others });
});

it('goes on where one page has looked into as many counters as it may', async () => {
  const agentSpaceId = await createSpace(world);
  const calls = Array.from({ length: 11 }, (_, n) => ({
    at: MIDNIGHT + (n % 2) * HOUR,
    serviceId: `mcpserver-${n}`,
  }));
  await recorded(agentSpaceId, calls);
  const walk = {
    pk: keys.callCounts(ACCOUNT, agentSpaceId),
    low: '2',
    digits: 'yyyy-mm-ddThh'.length,
    limit: 100,
    wants: () => true,
  };
  const pages: number[][] = [];
  let high: string | undefined = '9999';
  while (high !== undefined) {
    const { counts, next }: Awaited<ReturnType<typeof sumCounters>> = await sumCounters(
      { ...walk, high },
      world.app.deps,
      { queries: 2, counters: 2 },
    );
    pages.push(counts.map(one => one.calls));
    high = next;
  }
  // Five calls of the later hour, six of the earlier one, four counters a page.
  expect(pages).toEqual([[4], [1, 3], [3]]);
});

it('refuses spaces that are not there or foreign, and keeps accounts apart', async () => {
  const agentSpaceId = await createSpace(world);
  expect(await count({ agentSpaceId })).toEqual({ invocationCounts: [] });
  await recorded(agentSpaceId, [{ at: MIDNIGHT }, { at: MIDNIGHT, accountId: OTHER_ACCOUNT }]);
  expect(await counted({ agentSpaceId })).toEqual([[0, 1, 0]]);
  await recorded(agentSpaceId, [{ at: MIDNIGHT - 91 * DAY }]);
  const long = { agentSpaceId, startTime: new Date(MIDNIGHT - 100 * DAY).toISOString() };
  expect(await counted(long)).toEqual([[0, 1, 0]]);
  const unknown = await world.app.call('ListInvocationCounts', { agentSpaceId: crypto.randomUUID() });
  expectError(unknown, 'ResourceNotFoundException', 404);
  await proveForeign(world, 'ListInvocationCounts', { agentSpaceId });
});
