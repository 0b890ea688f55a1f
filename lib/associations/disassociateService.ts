import { fail } from '../api/errors.ts';
import type { OperationInput, OperationOutput } from '../api/operation.ts';
import type { operations } from '../api/operations.ts';
import type { Deps, RequestContext } from '../context.ts';
import { audited } from '../services/audited.ts';
import type { ServiceItem } from '../services/serviceItem.ts';
import { noSpace } from '../spaces/spaceItem.ts';
import { conditionFailed } from '../store/conditionFailed.ts';
import { keys } from '../store/keys.ts';
import { getItems } from '../store/read.ts';
import type { TransactClause } from '../store/transact.ts';
import { commit, present, remove, unchanged, update } from '../store/write.ts';
import { type AssociationItem, concernsAssociation, noAssociation, serviceIdOf } from './associationItem.ts';
import { releaseName } from './nameClaims.ts';
import { unpinWrites } from './pinned.ts';
import { useShard } from './useShard.ts';

/** A change may win the race for the association; it is read again then. */
const ATTEMPTS = 5;

/** Disconnects a space from a server; the count that guards the server's deletion moves with it. */
export async function disassociateService(
  input: OperationInput<typeof operations.DisassociateService>,
  ctx: RequestContext,
  deps: Deps,
): Promise<OperationOutput<typeof operations.DisassociateService>> {
  const { agentSpaceId, associationId } = input;
  const { accountId } = ctx.caller;
  const serviceId = serviceIdOf(associationId);
  concernsAssociation(ctx, deps, agentSpaceId, associationId, serviceId);
  for (let attempt = 1; ; attempt++) {
    const [item, service] = await getItems<[AssociationItem, ServiceItem]>(deps, [
      keys.association(accountId, agentSpaceId, associationId),
      keys.service(accountId, serviceId),
    ]);
    if (!item) noAssociation(agentSpaceId, associationId);
    if (service) audited(ctx, service);
    try {
      await commit(ctx, deps, removals(item, accountId, deps.config.tableName), {});
      return {};
    } catch (error) {
      if (conditionFailed(error, 'space')) noSpace(agentSpaceId);
      if (!conditionFailed(error, 'association')) throw error;
      if (attempt === ATTEMPTS) throw fail('ConflictException', 'The association keeps changing. Try again.');
    }
  }
}

function removals(item: AssociationItem, account: string, table: string): TransactClause[] {
  const { agentSpaceId: space, associationId, serviceId } = item;
  return [
    remove(table, keys.association(account, space, associationId), unchanged('association', item.version)),
    remove(table, keys.usedBy(account, serviceId, space)),
    update(
      table,
      keys.useCount(account, serviceId, useShard(space)),
      { add: { used: -1 } },
      present('count'),
    ),
    update(table, keys.space(account, space), { add: { toolCount: -item.toolCount } }, present('space')),
    ...releaseName(table, account, space, item.serverName),
    ...unpinWrites(table, account, item),
  ];
}
