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
  const message = `Nothing says whether these tools only read (readOnlyHint): ${names}. Classify them in toolDetails: without, one that is allowed by name counts as READ_ONLY, one let in by * as MUTATIVE.`;
  return [{ code: 'TOOL_READ_ONLY_HINT_MISSING', message }];
}
