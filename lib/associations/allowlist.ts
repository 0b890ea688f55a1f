import { type FieldError, invalid, invalidFields } from '../api/errors.ts';
import type { ValidationWarning } from '../mcp/types.ts';
import type { CatalogueTool } from '../services/catalogue.ts';
import { atFirstSight, nameProblem } from './firstSight.ts';
import { WITHHELD_MESSAGES, type WithheldTool } from './withheld.ts';

/** Agent-visible names are `<server-name>_<tool-name>`; MCP clients refuse longer ones. */
export const MAX_VISIBLE_NAME = 64;

/** The tools an operator wants: names, or `["*"]`, and classifications of some. */
export interface ToolSelection {
  tools: string[];
  toolDetails?: { name: string; toolClassification?: string | undefined }[] | undefined;
}

export interface Allowlist {
  /** The allowed tools, with the definitions that the operator confirms. */
  tools: CatalogueTool[];
  /** Tools that `*` could not let in. */
  withheld: WithheldTool[];
  warnings: ValidationWarning[];
}

/**
 * Resolves a selection against what the server offers now.
 * @param path JSON Pointer of the selection in the request
 * @throws ValidationException naming each tool that is unknown, named twice, or too long to be shown
 */
export function resolveAllowlist(
  serverName: string,
  selection: ToolSelection,
  offered: readonly CatalogueTool[],
  path: string,
): Allowlist {
  const byName = new Map(offered.map(tool => [tool.definition.name, tool]));
  const all = selection.tools.includes('*');
  const errors = [
    ...selectionErrors(serverName, selection, byName, path),
    ...detailErrors(selection, byName, path),
  ];
  if (errors.length > 0) throw invalidFields(errors);
  return all ? everyTool(serverName, offered) : namedTools(selection.tools, byName);
}

/** How many characters a server's name may have, so that a tool's name still fits behind it. */
export const MAX_SERVER_NAME = MAX_VISIBLE_NAME - 2;

/** @throws ValidationException where no tool of the server could ever be shown */
export function refuseLongServerName(serverName: string): void {
  if (serverName.length <= MAX_SERVER_NAME) return;
  throw invalid(
    '/serviceId',
    `the server's name ${serverName} leaves no room for tool names: agents see <server-name>_<tool-name> with at most ${MAX_VISIBLE_NAME} characters. Register the server under a name of at most ${MAX_SERVER_NAME} characters`,
  );
}

function selectionErrors(
  serverName: string,
  { tools }: ToolSelection,
  offered: ReadonlyMap<string, CatalogueTool>,
  path: string,
): FieldError[] {
  if (tools.includes('*')) {
    return tools.length === 1
      ? []
      : [{ path: `${path}/tools`, message: '* stands for all tools: give it alone' }];
  }
  const seen = new Set<string>();
  return tools.flatMap((name, index) => {
    const problem = toolProblem(serverName, name, offered, seen.has(name));
    seen.add(name);
    return problem ? [{ path: `${path}/tools/${index}`, message: problem }] : [];
  });
}

function toolProblem(
  serverName: string,
  name: string,
  offered: ReadonlyMap<string, CatalogueTool>,
  repeated: boolean,
): string | undefined {
  if (repeated) return `${name} is named twice`;
  if (!offered.has(name)) return `the server offers no tool ${name} (ListServiceTools shows those it offers)`;
  if (nameProblem(serverName, name)) {
    return `${serverName}_${name} would have more than ${MAX_VISIBLE_NAME} characters: leave the tool out, or register the server under a shorter name`;
  }
  return undefined;
}

function detailErrors(
  { tools, toolDetails = [] }: ToolSelection,
  offered: ReadonlyMap<string, CatalogueTool>,
  path: string,
): FieldError[] {
  const allowed = tools.includes('*') ? offered : new Set(tools);
  const seen = new Set<string>();
  return toolDetails.flatMap(({ name }, index) => {
    const at = `${path}/toolDetails/${index}/name`;
    if (seen.has(name)) return [{ path: at, message: `${name} is classified twice` }];
    seen.add(name);
    return allowed.has(name) ? [] : [{ path: at, message: `${name} is not among the allowed tools` }];
  });
}

function namedTools(names: string[], offered: ReadonlyMap<string, CatalogueTool>): Allowlist {
  return { tools: names.flatMap(name => offered.get(name) ?? []), withheld: [], warnings: [] };
}

/** Under `["*"]` a tool that cannot be shown is withheld, not refused: the rest is wanted all the same. */
function everyTool(serverName: string, offered: readonly CatalogueTool[]): Allowlist {
  const { added, withheld } = atFirstSight(serverName, offered, Number.POSITIVE_INFINITY);
  return { tools: added, withheld, warnings: withheld.flatMap(nameWarning) };
}

function nameWarning({ name, reason }: WithheldTool): ValidationWarning[] {
  if (reason !== 'NAME_UNSUPPORTED' && reason !== 'NAME_TOO_LONG') return [];
  const message = `${name} is withheld. ${WITHHELD_MESSAGES[reason]}`;
  return [{ code: `TOOL_${reason}`, toolName: name, message }];
}
