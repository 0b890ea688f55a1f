import { type ApiError, fail } from '../api/errors.ts';
import type { OperationInput, OperationOutput } from '../api/operation.ts';
import type { operations } from '../api/operations.ts';
import type { Deps, RequestContext } from '../context.ts';
import { clientUse } from '../oauth/registeredClient.ts';
import { tokenRemovals } from '../oauth/tokenItem.ts';
import { ConditionFailed } from '../store/conditionFailed.ts';
import { keys, USE_SHARDS } from '../store/keys.ts';
import { queryItems } from '../store/read.ts';
import type { TransactClause } from '../store/transact.ts';

import { commit, remove, unchanged, update } from '../store/write.ts';

import { audited, concernsService } from './audited.ts';
import { catalogueRemovals, withCatalogue } from './catalogue.ts';
import type { UsedByItem } from './listServiceAssociations.ts';
import { requireService, type ServiceItem } from './serviceItem.ts';

/** Names of spaces in a refusal: enough to act on, short enough to read. */
const SPACES_NAMED = 10;

/** A validation may replace the catalogue between the read and the delete; it is read again then. */
const ATTEMPTS = 5;

/**
 * Deletes a registration with everything that belongs to it. The transaction holds only while each shard of
 * the use count is zero, so no association can be left behind under any concurrency. Needs no decryption.
 */
export async function deregisterService(
  input: OperationInput<typeof operations.DeregisterService>,
  ctx: RequestContext,
  deps: Deps,
): Promise<OperationOutput<typeof operations.DeregisterService>> {
  const { serviceId } = input;
  concernsService(ctx, deps, serviceId);
  for (let attempt = 1; ; attempt++) {
    const service = await requireService(deps, ctx.caller.accountId, serviceId);
    audited(ctx, service);
    try {
      const items = removals(service, ctx.caller.accountId, deps);
      await commit(ctx, deps, [...items, ...clientLeft(service, ctx, deps)], {});
      return {};
    } catch (error) {
      if (!(error instanceof ConditionFailed)) throw error;
      const users = isUsed(error) ? await usersOf(serviceId, ctx, deps) : [];
      if (users.length > 0) throw stillUsed(serviceId, users);
      if (attempt === ATTEMPTS)
        throw fail('ConflictException', `Service ${serviceId} keeps changing. Try again.`);
    }
  }
}

function removals(service: ServiceItem, account: string, deps: Deps): TransactClause[] {
  const { tableName: table } = deps.config;
  const { serviceId } = service;
  return [
    remove(
      table,
      keys.service(account, serviceId),
      withCatalogue(unchanged('service', service.version), service.catalogueChunks),
    ),
    remove(table, keys.serviceName(account, service.name)),
    update(table, keys.count(account, 'SVC'), { add: { used: -1 } }),
    remove(table, keys.credential(account, serviceId)),
    ...tokenRemovals(table, account, serviceId),
    ...Array.from({ length: USE_SHARDS }, (_, shard) =>
      remove(table, keys.useCount(account, serviceId, shard), {
        name: 'unused',
        condition: 'used = :zero',
        values: { ':zero': 0 },
      }),
    ),
    ...catalogueRemovals(table, account, service),
  ];
}

function clientLeft({ oauthClient }: ServiceItem, { caller, at }: RequestContext, deps: Deps) {
  return clientUse(caller.accountId, { before: oauthClient }, at, deps);
}

/** A shard that is gone fails its condition too: then another call deregistered the service first. */
function isUsed(error: ConditionFailed): boolean {
  return error.failures.some(({ name, item }) => name === 'unused' && item !== undefined);
}

/** None where the last of them went after the refusal. */
async function usersOf(serviceId: string, ctx: RequestContext, deps: Deps): Promise<string[]> {
  const pk = keys.serviceParts(ctx.caller.accountId, serviceId);
  const uses = await queryItems<UsedByItem>(deps, pk, 'SPACE#', SPACES_NAMED + 1);
  return uses.map(use => use.agentSpaceId);
}

function stillUsed(serviceId: string, users: string[]): ApiError {
  const named = users.slice(0, SPACES_NAMED);
  const more = users.length > SPACES_NAMED ? ' and more (ListServiceAssociations lists them all)' : '';
  return fail(
    'ConflictException',
    `Service ${serviceId} is still used by agent spaces: ${named.join(', ')}${more}. Call DisassociateService in each, then try again.`,
  );
}
