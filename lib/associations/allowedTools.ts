import type { CatalogueTool } from '../services/catalogue.ts';
import { type AssociationItem, selectionOf } from './associationItem.ts';
import { isOfPinned } from './withheld.ts';

/** A tool that agents of the space may see, and what calling it takes. */
export interface AllowedTool extends CatalogueTool {
  name: string;
  /** `MUTATIVE` takes scope `operate`. */
  classification: 'READ_ONLY' | 'MUTATIVE';
}

/**
 * The tools that an association gives to agents, as they were confirmed and in the order of `pinned`: those that are
 * pinned, still allowed by name or `*`, not withheld and not `DESTRUCTIVE`.
 */
export function allowedTools(
  association: Pick<AssociationItem, 'configuration' | 'withheld'>,
  pinned: readonly CatalogueTool[],
): AllowedTool[] {
  const { tools, toolDetails = [] } = selectionOf(association);
  const all = tools.includes('*');
  const named = new Set(tools);
  const withheld = new Set(association.withheld?.filter(isOfPinned).map(({ name }) => name));
  const given = new Map(toolDetails.map(({ name, toolClassification }) => [name, toolClassification]));
  return pinned.flatMap(tool => {
    const { name } = tool.definition;
    const classification = given.get(name) ?? classificationOf(tool, all);
    if (withheld.has(name) || !(all || named.has(name)) || classification === 'DESTRUCTIVE') return [];
    return [{ ...tool, name, classification }];
  });
}

/** What a tool is taken for unless the operator says: nobody has looked at one that `*` let in. */
function classificationOf(
  { definition: { annotations } }: CatalogueTool,
  all: boolean,
): AllowedTool['classification'] {
  const hint = annotations?.readOnlyHint;
  return (all ? hint === true : hint !== false) ? 'READ_ONLY' : 'MUTATIVE';
}
