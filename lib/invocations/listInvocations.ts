import { invalid } from '../api/errors.ts';
import type { OperationInput, OperationOutput } from '../api/operation.ts';
import type { operations } from '../api/operations.ts';
import type { PageScope } from '../api/pageToken.ts';
import { keptRange, type TimeRange } from '../audit/lookupRange.ts';
import type { Deps, RequestContext } from '../context.ts';
import { concernsSpace, requireSpace } from '../spaces/spaceItem.ts';
import { toInvocation } from './invocationRecord.ts';
import { type Cursor, readInvocations } from './readInvocations.ts';

type Input = OperationInput<typeof operations.ListInvocations>;

const DEFAULT_PAGE = 50;

/**
 * One page of a space's tool calls, newest first. It is short, or even empty, with a token, where few of many calls
 * are asked for: the next page goes on from there.
 */
export async function listInvocations(
  input: Input,
  ctx: RequestContext,
  deps: Deps,
): Promise<OperationOutput<typeof operations.ListInvocations>> {
  const { accountId } = ctx.caller;
  const { agentSpaceId, serviceId, nextToken, maxResults = DEFAULT_PAGE } = input;
  concernsSpace(ctx, deps, agentSpaceId);
  const range = rangeOf(input, ctx, deps);
  const scope = scopeOf(input, accountId);
  const from = nextToken === undefined ? undefined : parseCursor(deps.pageTokens.read(scope, nextToken));
  const history = { accountId, agentSpaceId, at: ctx.at, deps };
  const [{ records, next }] = await Promise.all([
    readInvocations(history, {
      range,
      from,
      limit: maxResults,
      wants: ({ requestParameters }) => serviceId === undefined || requestParameters.serviceId === serviceId,
    }),
    requireSpace(deps, accountId, agentSpaceId),
  ]);
  return {
    invocations: records.map(toInvocation),
    ...(next ? { nextToken: deps.pageTokens.mint(scope, `${next.skip} ${next.high}`) } : {}),
  };
}

/** Everything that is kept, unless the request says less. */
export function rangeOf(
  { startTime, endTime }: Pick<Input, 'startTime' | 'endTime'>,
  { at }: RequestContext,
  { config }: Deps,
): TimeRange {
  if (startTime !== undefined && endTime !== undefined && startTime > endTime) {
    throw invalid('/startTime', 'must not be after endTime');
  }
  const asked = { start: startTime ?? 0, end: endTime ?? Number.POSITIVE_INFINITY };
  return keptRange(asked, at, config.auditRetentionDays);
}

/** A token is good for the very question it was given for. */
function scopeOf({ agentSpaceId, serviceId, startTime, endTime }: Input, accountId: string): PageScope {
  const filter = [agentSpaceId, serviceId, startTime, endTime].map(part => part ?? null);
  return { accountId, operation: 'ListInvocations', filter: JSON.stringify(filter) };
}

function parseCursor(position: string): Cursor {
  const [skip = '', high = ''] = position.split(' ');
  return { skip: Number(skip), high };
}
