import { visible } from '../egress/visible.ts';
import { MAX_AGENT_TOOL_NAME, MAX_WARNINGS } from '../mcp/limits.ts';
import { TOOL_NAME_PATTERN } from '../mcp/toolNames.ts';
import type { CatalogueTool } from '../services/catalogue.ts';
import type { WithheldReason, WithheldTool } from './withheld.ts';

/** Tools that nobody named, sorted into those that `*` lets in and the others. */
export interface FirstSight {
  added: CatalogueTool[];
  /** At most {@link MAX_WARNINGS}. */
  withheld: WithheldTool[];
}

/** What becomes of tools that `*` meets for the first time, in their order; `room` is for how many there is room. */
export function atFirstSight(serverName: string, tools: readonly CatalogueTool[], room: number): FirstSight {
  const seen: FirstSight = { added: [], withheld: [] };
  for (const tool of tools) {
    const { name } = tool.definition;
    const reason = nameProblem(serverName, name) ?? (seen.added.length < room ? undefined : 'QUOTA');
    if (!reason) seen.added.push(tool);
    else if (seen.withheld.length < MAX_WARNINGS) seen.withheld.push({ name: shown(name), reason });
  }
  return seen;
}

/** Why agents could not be shown a tool of this name. */
export function nameProblem(serverName: string, name: string): WithheldReason | undefined {
  if (!TOOL_NAME_PATTERN.test(name)) return 'NAME_UNSUPPORTED';
  return serverName.length + 1 + name.length > MAX_AGENT_TOOL_NAME ? 'NAME_TOO_LONG' : undefined;
}

/** Characters of a name that is kept although it can never be allowed: a server may send any length. */
const MAX_SHOWN = 128;

function shown(name: string): string {
  return visible(name).slice(0, MAX_SHOWN).toWellFormed();
}
