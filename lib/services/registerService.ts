import type { OperationOutput } from '../api/operation.ts';
import type { operations } from '../api/operations.ts';
import type { RequestContext } from '../context.ts';
import type { ConsentDeps } from '../oauth/consentSettings.ts';
import { keys } from '../store/keys.ts';
import { getItem } from '../store/read.ts';
import type { TransactClause } from '../store/transact.ts';
import { commit } from '../store/write.ts';
import { concernsService } from './audited.ts';
import { beginConsent } from './beginConsent.ts';
import { prove, type Trial } from './prove.ts';
import { nameTaken, type Registration, type RegistrationInput, readRegistration } from './registration.ts';
import type { ServerDeps } from './serverDeps.ts';
import { storeRegistration } from './storeRegistration.ts';
import { countValidation } from './validationRate.ts';

type Output = OperationOutput<typeof operations.RegisterService>;

/**
 * Registers a server after proving that it works: nothing is stored before every check has passed, and
 * everything is stored in one transaction with its audit event. Where a person has to consent first, the
 * answer is the step to take, and the registration completes by itself after it.
 */
export async function registerService(
  input: RegistrationInput,
  ctx: RequestContext,
  deps: ConsentDeps,
): Promise<Output> {
  const { accountId } = ctx.caller;
  const registration = readRegistration(input, { accountId, ...deps.config });
  const { serviceType, name, endpoint, authorization, pathOf } = registration;
  const claim = await getItem<{ serviceId: string }>(deps, keys.serviceName(accountId, name));
  if (claim) nameTaken(name, claim.serviceId);
  await countValidation(ctx, deps);

  const serviceId = `${serviceType}-${deps.newId(ctx.at)}`;
  if (authorization.kind !== 'direct') {
    const { kmsKeyArn, tags } = input;
    const subject = {
      kind: 'registration' as const,
      serviceId,
      input,
      server: { name, endpoint },
      kmsKeyArn,
    };
    const consent = await beginConsent(subject, authorization, ctx, deps);
    const response: Output = { additionalStep: consent.additionalStep, kmsKeyArn, tags };
    await commit(ctx, deps, [consent.item], response);
    return response;
  }
  const trial = await prove({ name, endpoint, credential: authorization.credential }, pathOf, ctx, deps);
  return storeProven(serviceId, input, registration, trial, ctx, deps);
}

/** Stores what was proven, together with `further` writes. */
export async function storeProven(
  serviceId: string,
  input: RegistrationInput,
  { serviceType, name, endpoint, description }: Registration,
  { report, credential, grant, warnings }: Trial,
  ctx: RequestContext,
  deps: ServerDeps,
  further: TransactClause[] = [],
): Promise<Output> {
  concernsService(ctx, deps, serviceId);
  const { kmsKeyArn, tags, name: displayName } = input;
  const response: Output = { serviceId, kmsKeyArn, tags, ...(warnings.length > 0 ? { warnings } : {}) };
  const proven = {
    serviceId,
    serviceType,
    name,
    displayName,
    endpoint,
    description,
    kmsKeyArn,
    tags,
    credential,
    grant,
  };
  await storeRegistration(proven, report, response, ctx, deps, further);
  return response;
}
