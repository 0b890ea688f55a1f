import { MAX_WARNINGS } from './limits.ts';
import type { ValidationWarning } from './types.ts';
import { WARNING_CODES } from './warningCodes.ts';

/**
 * The warnings of one report, the gravest first and otherwise as they came; of more than {@link MAX_WARNINGS} the
 * rest is counted in a last one (`WARNINGS_OMITTED`).
 */
export function boundedWarnings(warnings: readonly ValidationWarning[]): ValidationWarning[] {
  const sorted = warnings.toSorted((a, b) => WARNING_CODES.indexOf(a.code) - WARNING_CODES.indexOf(b.code));
  const over = sorted.length - MAX_WARNINGS;
  if (over <= 0) return sorted;
  return [
    ...sorted.slice(0, MAX_WARNINGS),
    { code: 'WARNINGS_OMITTED', message: `${over} more warnings are not shown.` },
  ];
}
