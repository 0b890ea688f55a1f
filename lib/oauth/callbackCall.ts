import type { APIGatewayProxyEvent } from 'aws-lambda';
import type { Failure } from '../api/errors.ts';
import { RegisterService } from '../api/operations/registerService.ts';
import { UpdateService } from '../api/operations/updateService.ts';
import { type CallTrail, createAuditTrail } from '../audit/trail.ts';
import { writeEvent } from '../audit/writeEvent.ts';
import type { RequestContext } from '../context.ts';
import { serviceResource } from '../identity/arn.ts';
import type { TransactClause } from '../store/transact.ts';
import type { ConsentDeps } from './consentSettings.ts';
import type { PendingItem } from './pending.ts';
import type { PendingSecret } from './pendingSecret.ts';

/** The call that ends a consent: in the name of whoever began it, from the browser's address. */
export interface CallbackCall {
  ctx: RequestContext;
  /** The event of a failure, for the transaction that ends the consent. */
  failed: (failure: Failure) => TransactClause[];
  /** Records a failure that ends nothing. */
  recordFailure: (failure: Failure) => Promise<void>;
}

/** The audit event is the operation's own, with the request that began it, redacted as always. */
export function callbackCall(
  event: APIGatewayProxyEvent,
  pending: PendingItem,
  secret: PendingSecret | undefined,
  deps: ConsentDeps,
): CallbackCall {
  const { requestId, identity } = event.requestContext;
  const at = deps.now();
  const caller = { ...pending.caller, sourceIp: identity.sourceIp, userAgent: identity.userAgent ?? '' };
  const operation = pending.kind === 'update' ? UpdateService : RegisterService;
  const input = secret?.input ?? {};
  const trail: CallTrail = createAuditTrail({
    operation,
    caller,
    requestId,
    at,
    eventId: deps.newId(at),
    input,
    config: deps.config,
  });
  trail.add({
    endpoint: pending.server.endpoint,
    consent: { requestID: pending.requestId, sourceIPAddress: pending.caller.sourceIp },
  });
  if (pending.kind === 'update') {
    trail.concerns(serviceResource({ ...caller, region: deps.config.region }, pending.serviceId));
  }
  return {
    ctx: { caller, requestId, at, audit: trail },
    failed: failure => trail.failure(failure),
    recordFailure: failure => writeEvent(deps, trail.failure(failure)),
  };
}
