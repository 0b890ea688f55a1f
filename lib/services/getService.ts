import type { OperationInput, OperationOutput } from '../api/operation.ts';
import type { operations } from '../api/operations.ts';
import type { Deps, RequestContext } from '../context.ts';
import { serviceResource } from '../identity/arn.ts';
import { concernsService } from './audited.ts';
import { requireService, toRegisteredService } from './serviceItem.ts';

/** Describes a registration, and how its last validation went. */
export async function getService(
  input: OperationInput<typeof operations.GetService>,
  ctx: RequestContext,
  deps: Deps,
): Promise<OperationOutput<typeof operations.GetService>> {
  concernsService(ctx, deps, input.serviceId);
  const { accountId } = ctx.caller;
  const item = await requireService(deps, accountId, input.serviceId);
  const { arn } = serviceResource({ accountId, region: deps.config.region }, input.serviceId);
  return { service: toRegisteredService(item), tags: item.tags, arn, validationReport: item.report };
}
