import { MAX_LIST_TOOLS } from '../mcp/limits.ts';
import type { CatalogueTool } from '../services/catalogue.ts';
import { type AssociationItem, selectionOf } from './associationItem.ts';
import { atFirstSight } from './firstSight.ts';
import { isOfPinned, type WithheldTool } from './withheld.ts';

/** A tool as it was confirmed, and as the server offers it instead. */
export interface ChangedTool {
  pinned: CatalogueTool;
  offered: CatalogueTool;
}

/** What a server's tools mean for an association, and what of it is new. */
export interface Comparison {
  status: 'valid' | 'pending-confirmation';
  /** Every tool that is withheld now: pinned ones first and all of them. */
  withheld: WithheldTool[];
  /** Let in by `*`, to be pinned. */
  added: CatalogueTool[];
  changed: ChangedTool[];
  /** Pinned tools that the server offers no more. */
  removed: CatalogueTool[];
  /** Pinned tools that were one or the other, and are again what was confirmed. */
  restored: CatalogueTool[];
}

/**
 * Compares the pinned definitions of an association with what its server offers. The same again once the outcome is
 * kept has nothing new in it.
 * @param room how many more tools the space may allow
 */
export function compareTools(
  association: Pick<AssociationItem, 'configuration' | 'serverName' | 'withheld'>,
  pinned: readonly CatalogueTool[],
  offered: readonly CatalogueTool[],
  room: number,
): Comparison {
  const live = byName(offered);
  const before = new Map(association.withheld?.filter(isOfPinned).map(tool => [tool.name, tool]));
  const found: Omit<Comparison, 'status'> = {
    withheld: [],
    added: [],
    changed: [],
    removed: [],
    restored: [],
  };
  for (const tool of pinned) {
    const { name } = tool.definition;
    compareOne(tool, live.get(name), before.get(name), found);
  }
  const isChanged = found.withheld.some(({ reason }) => reason === 'CHANGED');
  if (selectionOf(association).tools.includes('*')) {
    const known = byName(pinned);
    const unknown = offered.filter(({ definition }) => !known.has(definition.name));
    // A server that offers other names each time must not have them pinned without end.
    const free = Math.max(0, Math.min(room, MAX_LIST_TOOLS - pinned.length));
    const { added, withheld } = atFirstSight(association.serverName, unknown, free);
    found.added.push(...added);
    found.withheld.push(...withheld);
  }
  return { ...found, status: isChanged ? 'pending-confirmation' : 'valid' };
}

function compareOne(
  pinned: CatalogueTool,
  offered: CatalogueTool | undefined,
  before: WithheldTool | undefined,
  found: Omit<Comparison, 'status'>,
): void {
  const { name } = pinned.definition;
  if (!offered) {
    found.withheld.push({ name, reason: 'REMOVED' });
    if (before?.reason !== 'REMOVED') found.removed.push(pinned);
  } else if (offered.fingerprint === pinned.fingerprint) {
    if (before) found.restored.push(pinned);
  } else {
    const mark = offered.fingerprint.slice(0, MARK_DIGITS);
    found.withheld.push({ name, reason: 'CHANGED', offered: mark });
    if (before?.offered !== mark) found.changed.push({ pinned, offered });
  }
}

/** Of a fingerprint: enough to tell one change from the next, few enough for an item that may hold thousands. */
const MARK_DIGITS = 16;

function byName(tools: readonly CatalogueTool[]): Map<string, CatalogueTool> {
  return new Map(tools.map(tool => [tool.definition.name, tool]));
}
