import type { OperationInput, OperationOutput } from '../api/operation.ts';
import type { operations } from '../api/operations.ts';
import type { Deps, RequestContext } from '../context.ts';
import { concernsSpace, requireSpace } from '../spaces/spaceItem.ts';
import { keys } from '../store/keys.ts';
import { queryPage } from '../store/read.ts';
import { type AssociationItem, toAssociation } from './associationItem.ts';

/** One page of a space's associations. */
export async function listAssociations(
  input: OperationInput<typeof operations.ListAssociations>,
  ctx: RequestContext,
  deps: Deps,
): Promise<OperationOutput<typeof operations.ListAssociations>> {
  const { accountId } = ctx.caller;
  const { agentSpaceId } = input;
  concernsSpace(ctx, deps, agentSpaceId);
  const types = wantedTypes(input.filterServiceTypes);
  const [{ items, nextToken }] = await Promise.all([
    queryPage<AssociationItem>(deps, {
      pk: keys.spaceParts(accountId, agentSpaceId),
      prefix: types.length === 1 ? `ASC#${types[0]}#` : types.length === 0 ? 'ASC#-' : 'ASC#',
      scope: { accountId, operation: 'ListAssociations', filter: `${agentSpaceId} ${types.join(',')}` },
      maxResults: input.maxResults,
      nextToken: input.nextToken,
    }),
    requireSpace(deps, accountId, agentSpaceId),
  ]);
  return { associations: items.map(toAssociation), nextToken };
}

/** Only these types can be associated: with both, or no filter, the whole list is meant. */
function wantedTypes(filter: string | undefined): string[] {
  const known = ['mcpserver', 'mcpserversigv4'];
  if (filter === undefined) return known;
  const wanted = new Set(filter.split(',').map(type => type.trim()));
  return known.filter(type => wanted.has(type));
}
