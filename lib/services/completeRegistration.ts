import { type ApiError, fail, invalid } from '../api/errors.ts';
import type { OperationInput, OperationOutput } from '../api/operation.ts';
import type { operations } from '../api/operations.ts';
import type { RequestContext } from '../context.ts';
import { consentedOf } from '../oauth/callbackEnd.ts';
import { completionFailure } from '../oauth/callbackFailure.ts';
import { isInitiator } from '../oauth/confirmation.ts';
import { CONSENT_ERRORS, type ConsentErrorCode } from '../oauth/consentErrors.ts';
import { donePending, failedPending, isExpired, PENDING_GUARD, type PendingItem } from '../oauth/pending.ts';
import { openPending } from '../oauth/pendingSecret.ts';
import { matches, readConfirmation } from '../oauth/state.ts';
import { conditionFailed } from '../store/conditionFailed.ts';
import { type Key, keys } from '../store/keys.ts';
import { getItem } from '../store/read.ts';
import { transact } from '../store/transact.ts';
import { concernsService } from './audited.ts';
import { completeConsent } from './completeConsent.ts';
import type { ServerDeps } from './serverDeps.ts';

type Output = OperationOutput<typeof operations.CompleteRegistration>;

/**
 * Completes a registration or an update that a person has consented to, where whoever began it has to
 * (`REQUIRE_INITIATOR_CONFIRMATION`): proves the server with what was granted, and registers or updates it. Asked
 * again, it tells the same.
 */
export async function completeRegistration(
  input: OperationInput<typeof operations.CompleteRegistration>,
  ctx: RequestContext,
  deps: ServerDeps,
): Promise<Output> {
  if (input.service !== 'mcpserver')
    throw invalid('/service', 'must be mcpserver: no other waits for a consent');
  const { key, pending } = await waiting(input.confirmationToken, ctx, deps);
  const { serviceId } = pending;
  concernsService(ctx, deps, serviceId);
  ctx.audit.add({
    endpoint: pending.server.endpoint,
    consent: { requestID: pending.requestId, sourceIPAddress: pending.caller.sourceIp },
  });
  try {
    return ended(pending) ?? (await complete(key, pending, ctx, deps));
  } catch (error) {
    const now = await getItem<PendingItem>(deps, key);
    const outcome = now && ended(now);
    // Another call was faster.
    if (outcome) return outcome;
    const failure = completionFailure(error, ctx.requestId);
    if (failure) await end(key, failure.code, ctx, deps);
    throw error;
  }
}

/**
 * The consent that a confirmation is for.
 * @throws ResourceNotFoundException, AccessDeniedException for others than its initiator
 */
async function waiting(
  token: string,
  { caller, at }: RequestContext,
  deps: ServerDeps,
): Promise<{ key: Key; pending: PendingItem }> {
  const { hash = '', secret = '' } = readConfirmation(token) ?? {};
  const key = keys.pending(caller.accountId, hash);
  const pending = hash ? await getItem<PendingItem>(deps, key) : undefined;
  if (!pending?.confirmationHash || !matches(secret, pending.confirmationHash)) throw notWaiting();
  if (isExpired(pending, at, deps.config)) throw notWaiting();
  if (isInitiator(pending, caller)) return { key, pending };
  throw fail('AccessDeniedException', 'Only whoever began this consent may complete it.');
}

function notWaiting(): ApiError {
  return fail(
    'ResourceNotFoundException',
    'No consent waits for this confirmation: it is older than ten minutes, or another one took its place. Start again.',
  );
}

async function complete(
  key: Key,
  pending: PendingItem,
  ctx: RequestContext,
  deps: ServerDeps,
): Promise<Output> {
  const secret = await openPending(pending, deps.vault);
  const done = donePending(deps.config.tableName, key, ctx.at);
  const { warnings } = await completeConsent(consentedOf(pending, secret, done), ctx, deps);
  return { serviceId: pending.serviceId, warnings };
}

/** @throws ConflictException where the consent has come to nothing before */
function ended({ status, failure, serviceId }: PendingItem): Output | undefined {
  if (status === 'done') return { serviceId };
  if (!failure) return undefined;
  throw fail(
    'ConflictException',
    `The consent has failed (${failure}): ${CONSENT_ERRORS[failure]} Start again.`,
  );
}

/** The call's own event tells why. */
async function end(key: Key, code: ConsentErrorCode, ctx: RequestContext, deps: ServerDeps): Promise<void> {
  const failed = failedPending(deps.config.tableName, key, 'exchanged', code, ctx.at);
  try {
    await transact(deps.store, [failed], deps);
  } catch (error) {
    if (!conditionFailed(error, PENDING_GUARD)) throw error;
  }
}
