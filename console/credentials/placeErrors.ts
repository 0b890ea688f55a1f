import { type FieldError, SwitchboardError } from '../../client/src/index.ts';
import type { ValidationReport } from '../api/types.ts';

/** What is wrong, member by member. */
export type Faults = readonly FieldError[];

/** The members that a failed call is about. A name that is taken is a conflict, not a list of members. */
export function faultsOf(error: unknown, namePointer?: string): Faults {
  if (!(error instanceof SwitchboardError)) return [];
  if (error.name === 'ConflictException' && namePointer)
    return [{ path: namePointer, message: error.message }];
  return error.fieldList;
}

/** The same of a validation that failed: its failed steps name members. */
export function faultsOfReport({ steps }: ValidationReport): Faults {
  return steps.flatMap(({ status, path, code, message = '' }) =>
    status === 'failed' && path !== undefined
      ? [{ path, message: code ? `${code}: ${message}` : message }]
      : [],
  );
}

/** Whether a fault is about a field or something within it, such as one scope of a list. */
export function concerns(pointer: string, { path }: FieldError): boolean {
  return path === pointer || path.startsWith(`${pointer}/`);
}

/** What to tell beside the field at a pointer. */
export function textAt(faults: Faults, pointer: string): string | undefined {
  const found = faults.filter(fault => concerns(pointer, fault)).map(({ message }) => message);
  return found.length > 0 ? found.join(' ') : undefined;
}

/** Faults that no field of a form stands for: they are told above it. */
export function elsewhere(faults: Faults, pointers: readonly string[]): Faults {
  return faults.filter(fault => !pointers.some(pointer => concerns(pointer, fault)));
}

/** Whether fields of a form tell all that is wrong: there is something, and nothing of it is elsewhere. */
export function areTold(faults: Faults, pointers: readonly string[]): boolean {
  return faults.length > 0 && elsewhere(faults, pointers).length === 0;
}
