import type { APIGatewayProxyEvent } from 'aws-lambda';
import { toFailure } from '../api/errorResponse.ts';
import type { OperationOutput } from '../api/operation.ts';
import type { operations } from '../api/operations.ts';
import type { RequestContext } from '../context.ts';
import { conditionFailed } from '../store/conditionFailed.ts';
import type { Key } from '../store/keys.ts';
import { getItem } from '../store/read.ts';
import { type TransactClause, transact } from '../store/transact.ts';
import { callbackCall } from './callbackCall.ts';
import { type ConsentFailure, completionFailure } from './callbackFailure.ts';
import type { CallbackParameters } from './callbackParameters.ts';
import type { ConsentDeps } from './consentSettings.ts';
import {
  donePending,
  failedPending,
  PENDING_GUARD,
  type PendingItem,
  type PendingStatus,
} from './pending.ts';
import { openPending, type PendingSecret } from './pendingSecret.ts';
import type { Grant } from './types.ts';

/** A consent that was given, and exchanged for tokens. */
export interface Consented {
  pending: PendingItem;
  /** With the grant. */
  secret: PendingSecret & { grant: Grant };
  /** Ends the consent: has to be part of the very transaction that registers or updates the service. */
  done: TransactClause;
}

/** What the operator should know of a registration or update that a consent ended in. */
export type Completed = Pick<OperationOutput<typeof operations.CompleteRegistration>, 'warnings'>;

/**
 * Proves the server with the grant, then registers or updates it in one transaction with `done` and the context's
 * audit event. It may be called again for the same consent, at the same time even: one transaction commits.
 */
export type CompleteConsent = (
  consented: Consented,
  ctx: RequestContext,
  deps: ConsentDeps,
) => Promise<Completed>;

/** A browser that came back and proved whose consent it carries. */
export interface Callback {
  event: APIGatewayProxyEvent;
  parameters: CallbackParameters;
  /** Of the pending consent. */
  key: Key;
  /** Of its `state`. */
  hash: string;
  deps: ConsentDeps;
  complete: CompleteConsent;
}

/** Writes a transition with what goes with it; `false` when another callback was first. */
export async function moved({ deps }: Callback, clauses: TransactClause[]): Promise<boolean> {
  try {
    await transact(deps.store, clauses, deps);
    return true;
  } catch (error) {
    if (conditionFailed(error, PENDING_GUARD)) return false;
    throw error;
  }
}

/** Ends a consent that came to nothing, with its one audit event. Does nothing when another callback was first. */
export async function endConsent(
  callback: Callback,
  pending: PendingItem,
  from: PendingStatus,
  { code, failure }: ConsentFailure,
): Promise<void> {
  const { event, key, deps } = callback;
  // An event without the request's parameters is better than none.
  const secret = await openPending(pending, deps.vault).catch(() => undefined);
  const { ctx, failed } = callbackCall(event, pending, secret, deps);
  const ended = failedPending(deps.config.tableName, key, from, code, ctx.at);
  if (!(await moved(callback, [ended, ...failed(failure)]))) return;
  deps.log('consent failed', { requestId: ctx.requestId, serviceId: pending.serviceId, code });
}

/** From `exchanged` to the end. What may pass, a server that is busy, is thrown: a reload tries again. */
export async function finishConsent(callback: Callback, pending: PendingItem): Promise<void> {
  const { event, deps, complete } = callback;
  const secret = await openPending(pending, deps.vault);
  const { ctx, recordFailure } = callbackCall(event, pending, secret, deps);
  try {
    await complete(
      consentedOf(pending, secret, donePending(deps.config.tableName, callback.key, ctx.at)),
      ctx,
      deps,
    );
  } catch (error) {
    if ((await statusOf(callback)) !== 'exchanged') return;
    const failure = completionFailure(error, ctx.requestId);
    if (failure) return endConsent(callback, pending, 'exchanged', failure);
    await recordFailure(toFailure(error, ctx.requestId));
    throw error;
  }
  if ((await statusOf(callback)) === 'exchanged') throw new Error('A consent was left open');
}

async function statusOf({ deps, key }: Callback): Promise<PendingStatus | undefined> {
  return (await getItem<PendingItem>(deps, key))?.status;
}

/** What is to be completed, from a consent that is `exchanged`. */
export function consentedOf(
  pending: PendingItem,
  { grant, ...secret }: PendingSecret,
  done: TransactClause,
): Consented {
  if (!grant) throw new Error('An exchanged consent holds no tokens');
  return { pending, secret: { ...secret, grant }, done };
}
