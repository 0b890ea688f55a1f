import type { OperationInput, OperationOutput } from '../api/operation.ts';
import type { operations } from '../api/operations.ts';
import type { PageScope } from '../api/pageToken.ts';
import type { Deps, RequestContext } from '../context.ts';
import { concernsSpace, requireSpace } from '../spaces/spaceItem.ts';
import { keys } from '../store/keys.ts';
import { type CallCounterItem, hourOf } from './callCounters.ts';
import { rangeOf } from './listInvocations.ts';
import { sumCounters } from './sumCounters.ts';

type Input = OperationInput<typeof operations.ListInvocationCounts>;
type Output = OperationOutput<typeof operations.ListInvocationCounts>;

const DEFAULT_PAGE = 100;

/** How much of a counter's position tells its period. */
const PERIOD_DIGITS = { HOUR: 'yyyy-mm-ddThh'.length, DAY: 'yyyy-mm-dd'.length };

/**
 * One page of how many calls a space had, and how many of them failed, by hour or day (UTC), newest first; periods
 * without calls are left out. Whole periods that the range touches. Read from counters, of which each process has one for
 * each hour and server: a page looks into 20,000 of them, and where it ends within a period the next one tells the rest
 * of it.
 */
export async function listInvocationCounts(input: Input, ctx: RequestContext, deps: Deps): Promise<Output> {
  const { accountId } = ctx.caller;
  const { agentSpaceId, serviceId, period = 'HOUR', maxResults = DEFAULT_PAGE, nextToken } = input;
  concernsSpace(ctx, deps, agentSpaceId);
  const range = rangeOf(input, ctx, deps);
  const digits = PERIOD_DIGITS[period];
  const scope = scopeOf(input, accountId);
  const high =
    nextToken === undefined
      ? `${hourOf(range.to).slice(0, digits)}~`
      : deps.pageTokens.read(scope, nextToken);
  const walk = {
    pk: keys.callCounts(accountId, agentSpaceId),
    low: hourOf(range.from).slice(0, digits),
    high,
    digits,
    limit: maxResults,
    wants: ({ sk, expiresAt }: CallCounterItem) =>
      expiresAt * 1000 > ctx.at && (serviceId === undefined || sk.split('#')[1] === serviceId),
  };
  const [{ counts, next }] = await Promise.all([
    sumCounters(walk, deps),
    requireSpace(deps, accountId, agentSpaceId),
  ]);
  return {
    invocationCounts: counts,
    ...(next === undefined ? {} : { nextToken: deps.pageTokens.mint(scope, next) }),
  };
}

function scopeOf(
  { agentSpaceId, serviceId, period, startTime, endTime }: Input,
  accountId: string,
): PageScope {
  const filter = [agentSpaceId, serviceId, period, startTime, endTime].map(part => part ?? null);
  return { accountId, operation: 'ListInvocationCounts', filter: JSON.stringify(filter) };
}
