import type { OperationInput, OperationOutput } from '../api/operation.ts';
import type { operations } from '../api/operations.ts';
import type { Deps, RequestContext } from '../context.ts';
import { concernsService } from './audited.ts';
import { requireService, toRegisteredService } from './serviceItem.ts';

/** Describes a registration. */
export async function getService(
  input: OperationInput<typeof operations.GetService>,
  ctx: RequestContext,
  deps: Deps,
): Promise<OperationOutput<typeof operations.GetService>> {
  concernsService(ctx, deps, input.serviceId);
  const item = await requireService(deps, ctx.caller.accountId, input.serviceId);
  return { service: toRegisteredService(item), tags: item.tags };
}
