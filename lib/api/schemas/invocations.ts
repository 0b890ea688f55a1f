import * as z from 'zod';
import { Timestamp } from './common.ts';
import { ServiceId } from './ids.ts';

/** Ten digits reach the year 2286: what has more is milliseconds by mistake. */
const EPOCH_SECONDS = /^\d{1,10}(\.\d{1,9})?$/;

/** AWS SDKs write times of a query string in ISO 8601; epoch seconds are taken too. */
export const TimeBound = z
  .union(
    [z.iso.datetime({ offset: true }), z.string().regex(EPOCH_SECONDS)],
    'must be a time such as 2026-01-31T08:00:00Z, or epoch seconds',
  )
  .transform(text => (EPOCH_SECONDS.test(text) ? Number(text) * 1000 : Date.parse(text)))
  .meta({ id: 'TimeBound', type: 'string', format: 'date-time' });

/**
 * How a tool call ended. `tool-error`: the tool answered that it failed (`isError`). `refused`: Switchboard did not
 * let it through. `failed`: no answer came from the server. `cancelled`: the agent gave up.
 */
export const InvocationOutcome = z
  .enum(['success', 'tool-error', 'refused', 'failed', 'cancelled'])
  .meta({ id: 'InvocationOutcome' });

/** One tool call. Arguments and results are not recorded, so no member holds them. */
const Invocation = z
  .object({
    invocationId: z.string(),
    time: Timestamp,
    outcome: InvocationOutcome,
    errorCode: z.string().optional(),
    errorMessage: z.string().optional(),
    durationMs: z.int(),
    visibleName: z.string(),
    serviceId: ServiceId.optional(),
    serverName: z.string().optional(),
    tool: z.string().optional(),
    endpoint: z.string().optional(),
    tokenId: z.string().optional(),
    tokenName: z.string().optional(),
    userArn: z.string().optional(),
    sourceIp: z.string(),
    requestId: z.string(),
  })
  .meta({ id: 'Invocation' });

export const CountPeriod = z.enum(['HOUR', 'DAY']).meta({ id: 'CountPeriod' });

/** Calls of an hour or a day; `errors` are those that did not succeed, but for what the agent cancelled. */
const InvocationCount = z
  .object({ startTime: Timestamp, calls: z.int(), errors: z.int() })
  .meta({ id: 'InvocationCount' });

export const InvocationCountsList = z.array(InvocationCount).meta({ id: 'InvocationCountsList' });

export const InvocationList = z.array(Invocation).meta({ id: 'InvocationList' });
