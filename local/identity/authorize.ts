import { type ApiError, fail } from '../../lib/api/errors.ts';
import type { Operation } from '../../lib/api/operation.ts';
import { type AccessKey, arnOf, type Role } from './accessKey.ts';

/** Whether a role may call an operation. Keys are not managed through operations: see scripts/keys.ts. */
export function allows(role: Role, operation: Pick<Operation, 'access'>): boolean {
  switch (role) {
    case 'admin':
    case 'operator':
      return true;
    case 'auditor':
      return operation.access === 'read';
  }
}

/** The `AccessDeniedException` that a key gets for an operation, worded like IAM's; nothing when it may call it. */
export function denial(
  key: Pick<AccessKey, 'role' | 'accountId' | 'userName'>,
  operation: Pick<Operation, 'name' | 'access'>,
): ApiError | undefined {
  if (allows(key.role, operation)) return undefined;
  return fail(
    'AccessDeniedException',
    `User: ${arnOf(key)} is not authorized to perform: aidevops:${operation.name} ` +
      `because the role ${key.role} allows Get, List and LookupEvents only`,
  );
}
