import type { FailureCode } from '../lib/api/errors.ts';
import { readRequest } from '../lib/api/request.ts';
import { eventItems } from '../lib/audit/items.ts';
import type { MinuteCount } from '../lib/audit/minuteCounts.ts';
import { refusedCallsEvent } from '../lib/audit/refusedCalls.ts';
import { createAuditTrail } from '../lib/audit/trail.ts';
import { writeEvent } from '../lib/audit/writeEvent.ts';
import type { Deps } from '../lib/context.ts';
import { spaceResource } from '../lib/identity/arn.ts';
import type { DeniedAgent } from './http/agents.ts';
import type { DeniedCall } from './http/pipeline.ts';

/** A verified caller without permission leaves one event, as with IAM. */
export async function recordDenied(call: DeniedCall, deps: Deps): Promise<void> {
  const { operation, caller, requestId, at, error, event } = call;
  const eventId = deps.newId(at);
  const trail = createAuditTrail({
    operation,
    caller,
    requestId,
    at,
    eventId,
    input: inputOf(call.operation, event),
    config: deps.config,
  });
  await writeEvent(deps, trail.failure(error.failure));
}

/** The same for a caller who may not call tools. */
export async function recordDeniedAgent(call: DeniedAgent, deps: Deps): Promise<void> {
  const { caller, agentSpaceId, requestId, at, error } = call;
  const facts = {
    eventId: deps.newId(at),
    eventName: 'InvokeTool',
    requestId,
    at,
    accountId: caller.accountId,
    caller,
    readOnly: false,
    requestParameters: { agentSpaceId },
    responseElements: null,
    resources: [spaceResource({ ...deps.config, accountId: caller.accountId }, agentSpaceId)],
    failure: error.failure,
  };
  await writeEvent(deps, eventItems(facts, deps.config, 'new'));
}

/** What cannot be read as a request is not recorded of it. */
function inputOf(operation: DeniedCall['operation'], event: DeniedCall['event']): unknown {
  try {
    return readRequest(operation, event);
  } catch {
    return {};
  }
}

/** Unverified callers leave one event per reason and minute, in the deployment's own account. */
export async function recordUnverified(
  entry: MinuteCount<FailureCode>,
  accountId: string,
  deps: Deps,
): Promise<void> {
  const { subject: reason, count, firstAt, lastAt } = entry;
  const calls = { accountId, reason, count, firstSeen: firstAt, lastSeen: lastAt };
  const what = {
    eventName: 'AuthenticateRequest',
    message: 'Requests whose caller could not be verified.',
  } as const;
  await writeEvent(deps, refusedCallsEvent({ ...what, ...calls }, deps.config));
}
