import { fail, invalid } from '../api/errors.ts';
import type { OperationInput, OperationOutput } from '../api/operation.ts';
import type { operations } from '../api/operations.ts';
import { reconcileAssociations } from '../associations/reconcileAll.ts';
import type { RequestContext } from '../context.ts';
import type { StepResult } from '../mcp/types.ts';
import type { ConsentDeps } from '../oauth/consentSettings.ts';
import { refuseRemovedClient } from '../oauth/registeredClient.ts';
import { conditionFailed } from '../store/conditionFailed.ts';
import { keys } from '../store/keys.ts';
import type { TransactClause } from '../store/transact.ts';
import { commit, unchanged, update } from '../store/write.ts';
import { audited, concernsService } from './audited.ts';
import { beginConsent } from './beginConsent.ts';
import { withCatalogue } from './catalogue.ts';
import { placed } from './check.ts';
import { prove } from './prove.ts';
import { type Replacement, readReplacement, replacementOf } from './replaceCredential.ts';
import type { ServerDeps } from './serverDeps.ts';
import { noService, requireService, type ServiceItem, toRegisteredService } from './serviceItem.ts';
import { followed } from './validationProgress.ts';
import { countValidation } from './validationRate.ts';

export type UpdateInput = OperationInput<typeof operations.UpdateService>;
type Output = OperationOutput<typeof operations.UpdateService>;

/**
 * Changes a registration in place: the credential (with the endpoint, if wanted), which must work before it
 * takes the old one's place; the description; whether it is enabled. Associations stay as they are. Where a
 * person has to consent, all of it waits for that, and nothing changes if they never do.
 */
export async function updateService(
  { validationId, ...input }: UpdateInput,
  ctx: RequestContext,
  deps: ConsentDeps,
): Promise<Output> {
  const { serviceId, description, state, serviceDetails } = input;
  if (description === undefined && state === undefined && serviceDetails === undefined) {
    throw invalid('', 'nothing to change: give serviceDetails, description or state');
  }
  concernsService(ctx, deps, serviceId);
  const before = await requireService(deps, ctx.caller.accountId, serviceId);
  audited(ctx, before);
  if (!serviceDetails) return swapService(before, input, undefined, ctx, deps);

  const rules = { accountId: ctx.caller.accountId, ...deps.config };
  const { authorization, pathOf, endpoint } = readReplacement(before, serviceDetails, rules);
  const { name, kmsKeyArn } = before;
  await countValidation(ctx, deps);
  if (authorization.kind !== 'direct') {
    const server = { name, endpoint };
    const memo = { version: before.version };
    const further = furtherScopes(before);
    const subject = { kind: 'update' as const, serviceId, input, server, kmsKeyArn, memo, further };
    const consent = await beginConsent(subject, authorization, ctx, deps);
    const response: Output = { service: toRegisteredService(before), additionalStep: consent.additionalStep };
    await commit(ctx, deps, [consent.item], response);
    return response;
  }
  const candidate = { name, endpoint, credential: authorization.credential };
  const follow = { validationId, shown: (steps: readonly StepResult[]) => placed(steps, pathOf) };
  const trial = await followed(follow, ctx, deps, follower => prove(candidate, pathOf, follower, deps));
  const replacement = await replacementOf(before, endpoint, trial, ctx, deps);
  return swapService(before, input, replacement, ctx, deps);
}

/** What was granted and did not do, with what the server wanted beside it (MCP authorization, "Step-Up"). */
function furtherScopes({ grantedScopes = [], demandedScopes }: ServiceItem): string[] {
  return demandedScopes ? [...grantedScopes, ...demandedScopes] : [];
}

/**
 * The old credential serves until this commits, together with `further` writes.
 * @throws ConflictException where the registration changed since it was read
 */
export async function swapService(
  before: ServiceItem,
  { description, state }: UpdateInput,
  replacement: Replacement | undefined,
  ctx: RequestContext,
  deps: ServerDeps,
  further: TransactClause[] = [],
): Promise<Output> {
  const changes = {
    ...(description === undefined ? {} : { description: description || undefined }),
    ...(state === undefined ? {} : { state }),
    ...replacement?.members,
    updatedAt: new Date(ctx.at).toISOString(),
    version: before.version + 1,
  };
  const { warnings = [] } = replacement ?? {};
  const response: Output = {
    service: toRegisteredService({ ...before, ...changes } as ServiceItem),
    ...(warnings.length > 0 ? { warnings } : {}),
  };
  const key = keys.service(ctx.caller.accountId, before.serviceId);
  const guard = unchanged('service', before.version);
  const items: TransactClause[] = [
    update(
      deps.config.tableName,
      key,
      { set: changes },
      replacement ? withCatalogue(guard, before.catalogueChunks) : guard,
    ),
    ...(replacement?.writes ?? []),
    ...further,
  ];
  try {
    await commit(ctx, deps, items, response);
  } catch (error) {
    throw explain(error, before.serviceId);
  }
  if (replacement) {
    await reconcileAssociations(ctx.caller.accountId, before, replacement.catalogue, deps);
  }
  return response;
}

function explain(error: unknown, serviceId: string): unknown {
  refuseRemovedClient(error);
  const lost = conditionFailed(error, 'service');
  if (!lost) return error;
  if (!lost.item) noService(serviceId);
  return staleUpdate(serviceId);
}

/** The registration is not the one that the update was decided on. */
export function staleUpdate(serviceId: string): Error {
  return fail(
    'ConflictException',
    `Service ${serviceId} was changed at the same time. Read it and try again.`,
  );
}
