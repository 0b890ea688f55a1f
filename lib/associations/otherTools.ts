import type { Deps } from '../context.ts';
import type { OtherTools } from '../mcp/metadata/imitatedNames.ts';
import type { CatalogueTool } from '../services/catalogue.ts';
import { keys } from '../store/keys.ts';
import { queryItems } from '../store/read.ts';
import type { AssociationItem } from './associationItem.ts';

/** As many as an account may have servers unless its quota was raised; names beyond are not compared. */
const MAX_ASSOCIATIONS = 200;

/** Names behind `*` that an association keeps, twice a space's usual quota of tools; those beyond are not compared. */
export const MAX_NAMES = 1_000;

/** What the other associations of a space allow, by name. One Query; nothing for a space that is not there. */
export async function otherTools(
  deps: Deps,
  account: string,
  space: string,
  associationId: string,
): Promise<OtherTools[]> {
  const pk = keys.spaceParts(account, space);
  const items = await queryItems<AssociationItem>(deps, pk, 'ASC#', MAX_ASSOCIATIONS);
  return items
    .filter(item => item.associationId !== associationId)
    .map(item => ({ serverName: item.serverName, tools: item.toolNames ?? namesIn(item.configuration) }));
}

/**
 * What an association keeps of the names of its tools: those that `*` stands for, since its configuration has the others.
 */
export function namesBehindStar(
  configuration: AssociationItem['configuration'],
  allowed: readonly CatalogueTool[],
): Pick<AssociationItem, 'toolNames'> {
  if (!namesIn(configuration).includes('*')) return {};
  return { toolNames: allowed.slice(0, MAX_NAMES).map(({ definition }) => definition.name) };
}

function namesIn({ mcpserver, mcpserversigv4 }: AssociationItem['configuration']): readonly string[] {
  return (mcpserver ?? mcpserversigv4)?.tools ?? [];
}
