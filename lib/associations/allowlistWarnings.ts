import { scrubServerText } from '../egress/scrub.ts';
import { boundedWarnings } from '../mcp/boundedWarnings.ts';
import { imitationWarnings, type OtherTools } from '../mcp/metadata/imitatedNames.ts';
import { metadataWarnings } from '../mcp/metadata/metadataWarnings.ts';
import type { ValidationWarning } from '../mcp/types.ts';
import type { Allowlist, ToolSelection } from './allowlist.ts';

/**
 * What an operator should know of the tools that are being allowed: what was withheld, what their definitions hold,
 * and which look like the tools that `others`, the space's other servers, have allowed there.
 */
export function allowlistWarnings(
  serverName: string,
  { toolDetails = [] }: ToolSelection,
  { tools, warnings }: Allowlist,
  others: readonly OtherTools[],
): ValidationWarning[] {
  // Definitions that repeat the credential were dropped when they were listed.
  const show = (text: string) => scrubServerText(text, []);
  const definitions = tools.map(({ definition }) => definition);
  const names = definitions.map(({ name }) => name);
  const classified = new Set(toolDetails.flatMap(tool => (tool.toolClassification ? [tool.name] : [])));
  return boundedWarnings([
    ...warnings,
    ...metadataWarnings(definitions, { show, classified }),
    ...imitationWarnings(serverName, names, others, show),
  ]);
}
