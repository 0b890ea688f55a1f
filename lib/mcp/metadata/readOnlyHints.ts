import type { ToolDefinition, ValidationWarning } from '../types.ts';
import { namesShown, type Show } from './shown.ts';

/** Warns, once for all, of tools that do not say whether they only read. */
export function readOnlyHintWarnings(tools: readonly ToolDefinition[], show: Show): ValidationWarning[] {
  const silent = tools.filter(({ annotations }) => typeof annotations?.readOnlyHint !== 'boolean');
  if (silent.length === 0) return [];
  const names = namesShown(
    silent.map(({ name }) => name),
    show,
  );
  const message = `${silent.length} of ${tools.length} tools do not say whether they only read (readOnlyHint): ${names}. Classify those that change something in toolDetails: a tool that is allowed by name counts as READ_ONLY where nobody says otherwise.`;
  return [{ code: 'TOOL_READ_ONLY_HINT_MISSING', message }];
}
