import { ApiError, fail } from '../api/errors.ts';
import type { OperationInput, OperationOutput } from '../api/operation.ts';
import type { operations } from '../api/operations.ts';
import type { PageScope } from '../api/pageToken.ts';
import type { Deps, RequestContext } from '../context.ts';
import { timeOfEventId } from './eventId.ts';
import type { EventItem } from './items.ts';
import { planLookup } from './lookupPlan.ts';
import { sortRanges, type TimeRange, timeRange } from './lookupRange.ts';
import { eventOf, newestOf, type Reading } from './readEvents.ts';
import type { AuditRecord } from './record.ts';

type Input = OperationInput<typeof operations.LookupEvents>;
type Output = OperationOutput<typeof operations.LookupEvents>;
type LookupDeps = Pick<Deps, 'store' | 'config' | 'pageTokens' | 'sleep'>;

/** CloudTrail's default, and its maximum. */
const PAGE = 50;
/** UTF-8 bytes of a page's records. A Lambda function answers at most 6 MB, and JSON within JSON may double. */
const MAX_PAGE_BYTES = 2_500_000;

/**
 * The caller's account's management events, newest first, by at most one attribute and a time range
 * (CloudTrail LookupEvents). Reads the keys of the page, whatever else is stored; a full page while there is
 * one (large records make it shorter), a token only where more follows.
 * @throws InvalidLookupAttributesException, InvalidTimeRangeException, InvalidNextTokenException,
 *   InvalidEventCategoryException
 */
export async function lookupEvents(
  input: Input,
  ctx: Pick<RequestContext, 'caller' | 'at'>,
  deps: LookupDeps,
): Promise<Output> {
  const { accountId } = ctx.caller;
  if (input.EventCategory !== undefined) {
    throw fail('InvalidEventCategoryException', 'Insights events are not recorded: leave EventCategory out.');
  }
  const plan = planLookup(input.LookupAttributes ?? [], accountId, deps.config.eventSource);
  const range = timeRange(input, ctx.at, deps.config.auditRetentionDays);
  const scope = scopeOf(input, accountId);
  const before = readToken(deps, scope, input.NextToken);
  const reading: Reading = { accountId, at: ctx.at, deps };
  if (plan.kind === 'nothing') return { Events: [] };
  if (plan.kind === 'one') return { Events: (await single(plan.eventId, range, reading)).map(toEvent) };

  const size = input.MaxResults ?? PAGE;
  const found: EventItem[] = [];
  for (const part of sortRanges(range, before)) {
    // One more than the page tells whether another follows.
    found.push(...(await newestOf(plan.of(part.month), part, size + 1 - found.length, reading)));
    if (found.length > size) break;
  }
  const page = found.slice(0, Math.min(size, countFitting(found)));
  const last = found.length > page.length ? page.at(-1) : undefined;
  return {
    Events: page.map(toEvent),
    ...(last ? { NextToken: deps.pageTokens.mint(scope, last.sk) } : {}),
  };
}

async function single(eventId: string, range: TimeRange, reading: Reading): Promise<EventItem[]> {
  const time = timeOfEventId(eventId);
  if (time === undefined || time < range.from || time > range.to) return [];
  return eventOf(eventId, reading);
}

/** A token is good for the very question it was given for. */
function scopeOf(input: Input, accountId: string): PageScope {
  const { LookupAttributes: [attribute] = [], StartTime, EndTime } = input;
  const filter = [attribute?.AttributeKey, attribute?.AttributeValue, StartTime, EndTime];
  return {
    accountId,
    operation: 'LookupEvents',
    filter: JSON.stringify(filter.map(part => part ?? null)),
  };
}

function readToken(deps: LookupDeps, scope: PageScope, token: string | undefined): string | undefined {
  if (token === undefined) return undefined;
  try {
    return deps.pageTokens.read(scope, token);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    throw fail(
      'InvalidNextTokenException',
      'The NextToken is not valid for this request: pass it with the parameters that it was returned for.',
    );
  }
}

/** How many of these events one answer can hold: one at least. */
function countFitting(events: readonly EventItem[]): number {
  let bytes = 0;
  const over = events.findIndex(({ record }) => {
    bytes += Buffer.byteLength(record);
    return bytes > MAX_PAGE_BYTES;
  });
  return over < 0 ? events.length : Math.max(1, over);
}

function toEvent({ record: json, userName }: EventItem): Output['Events'][number] {
  const record = JSON.parse(json) as AuditRecord;
  const { userIdentity } = record;
  const accessKeyId = 'accessKeyId' in userIdentity ? userIdentity.accessKeyId : undefined;
  return {
    EventId: record.eventID,
    EventName: record.eventName,
    ReadOnly: String(record.readOnly),
    ...(accessKeyId ? { AccessKeyId: accessKeyId } : {}),
    EventTime: Date.parse(record.eventTime) / 1000,
    EventSource: record.eventSource,
    ...(userName ? { Username: userName } : {}),
    Resources: record.resources.map(({ type, ARN }) => ({
      ResourceType: type,
      ResourceName: ARN.split('/').at(-1) ?? ARN,
    })),
    CloudTrailEvent: json,
  };
}
