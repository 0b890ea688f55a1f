import type { RequestContext } from '../context.ts';
import type { Completed, Consented } from '../oauth/callbackEnd.ts';
import type { PendingSecret } from '../oauth/pendingSecret.ts';
import { audited } from './audited.ts';
import { refusal } from './check.ts';
import { type Trial, tryOut } from './prove.ts';
import { storeProven } from './registerService.ts';
import { type RegistrationInput, readRegistration } from './registration.ts';
import { readReplacement, replacementOf } from './replaceCredential.ts';
import type { ServerDeps } from './serverDeps.ts';
import { requireService } from './serviceItem.ts';
import { staleUpdate, swapService, type UpdateInput } from './updateService.ts';

/**
 * Finishes what waited for a consent: proves the server with what was granted, then registers or updates it.
 * @throws ApiError where it cannot; nothing is changed then
 */
export function completeConsent(given: Consented, ctx: RequestContext, deps: ServerDeps): Promise<Completed> {
  return given.pending.kind === 'registration'
    ? registerConsented(given, ctx, deps)
    : updateConsented(given, ctx, deps);
}

async function registerConsented(
  { pending, secret, done }: Consented,
  ctx: RequestContext,
  deps: ServerDeps,
): Promise<Completed> {
  const input = secret.input as RegistrationInput;
  const registration = readRegistration(input, { accountId: ctx.caller.accountId, ...deps.config });
  const trial = await proveGranted(registration, secret, registration.pathOf, ctx, deps);
  return storeProven(pending.serviceId, input, registration, trial, ctx, deps, [done]);
}

async function updateConsented(
  { pending, secret, done }: Consented,
  ctx: RequestContext,
  deps: ServerDeps,
): Promise<Completed> {
  const { accountId } = ctx.caller;
  const input = secret.input as UpdateInput;
  const before = await requireService(deps, accountId, pending.serviceId);
  audited(ctx, before);
  if (!input.serviceDetails || before.version !== (secret.memo as { version: number }).version) {
    throw staleUpdate(pending.serviceId);
  }
  const { endpoint, pathOf } = readReplacement(before, input.serviceDetails, { accountId, ...deps.config });
  const trial = await proveGranted({ name: before.name, endpoint }, secret, pathOf, ctx, deps);
  const replacement = await replacementOf(before, endpoint, trial, ctx, deps);
  return swapService(before, input, replacement, ctx, deps, [done]);
}

async function proveGranted(
  { name, endpoint }: { name: string; endpoint: string },
  { credential, grant }: PendingSecret,
  pathOf: Parameters<typeof refusal>[1],
  ctx: RequestContext,
  deps: ServerDeps,
): Promise<Trial> {
  const trial = await tryOut({ name, endpoint, credential, grant }, ctx, deps);
  if (!trial.report.valid) throw refusal(trial.report, pathOf);
  return trial;
}
