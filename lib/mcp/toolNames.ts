import { MAX_AGENT_TOOL_NAME } from './limits.ts';
import type { ToolDefinition, ValidationWarning } from './types.ts';

/** The names that the API's `tools` member accepts; a tool with another name cannot be allowed. */
export const TOOL_NAME_PATTERN = /^[a-zA-Z0-9_-]{1,128}$/;

/**
 * Warns of tools whose names the API refuses (`TOOL_NAME_UNSUPPORTED`) or whose agent-visible name
 * `<serverName>_<toolName>` exceeds 64 characters (`TOOL_NAME_TOO_LONG`). `show` makes a name fit to be shown.
 */
export function nameWarnings(
  tools: readonly ToolDefinition[],
  serverName: string | undefined,
  show: (name: string) => string,
): ValidationWarning[] {
  return tools.flatMap(({ name }): ValidationWarning[] => {
    const toolName = show(name);
    if (!TOOL_NAME_PATTERN.test(name))
      return [{ code: 'TOOL_NAME_UNSUPPORTED', message: UNSUPPORTED, toolName }];
    const length = serverName === undefined ? 0 : serverName.length + 1 + name.length;
    if (length <= MAX_AGENT_TOOL_NAME) return [];
    return [{ code: 'TOOL_NAME_TOO_LONG', message: tooLong(length), toolName }];
  });
}

const UNSUPPORTED =
  'The tool cannot be allowed: its name must have 1 to 128 letters, digits, underscores or hyphens. Rename it on the server.';

function tooLong(length: number): string {
  return `Agents would see a name of ${length} characters, more than ${MAX_AGENT_TOOL_NAME}. Register the server under a shorter name.`;
}
