import type { OperationInput, OperationOutput } from '../api/operation.ts';
import type { operations } from '../api/operations.ts';
import type { Deps, RequestContext } from '../context.ts';
import { keys } from '../store/keys.ts';
import { queryPage } from '../store/read.ts';
import { type ServiceItem, toRegisteredService } from './serviceItem.ts';

/** One page of the account's registrations, oldest first within a type. */
export async function listServices(
  input: OperationInput<typeof operations.ListServices>,
  ctx: RequestContext,
  deps: Deps,
): Promise<OperationOutput<typeof operations.ListServices>> {
  const { accountId } = ctx.caller;
  const filter = input.filterServiceType ?? '';
  const { items, nextToken } = await queryPage<ServiceItem>(deps, {
    pk: keys.services(accountId),
    ...(filter ? { prefix: `${filter}#` } : {}),
    scope: { accountId, operation: 'ListServices', filter },
    maxResults: input.maxResults,
    nextToken: input.nextToken,
  });
  return { services: items.map(toRegisteredService), nextToken };
}
