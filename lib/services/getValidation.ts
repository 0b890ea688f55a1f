import { fail } from '../api/errors.ts';
import type { OperationInput, OperationOutput } from '../api/operation.ts';
import type { operations } from '../api/operations.ts';
import type { Deps, RequestContext } from '../context.ts';
import { keys } from '../store/keys.ts';
import { getItem } from '../store/read.ts';
import type { ValidationItem } from './validationProgress.ts';

/**
 * Tells how far a validation has come, while it runs and for some minutes afterwards.
 * @throws ResourceNotFoundException
 */
export async function getValidation(
  { validationId }: OperationInput<typeof operations.GetValidation>,
  { caller, at }: RequestContext,
  deps: Deps,
): Promise<OperationOutput<typeof operations.GetValidation>> {
  const item = await getItem<ValidationItem>(deps, keys.validation(caller.accountId, validationId));
  if (!item || item.expiresAt * 1000 <= at) {
    throw fail(
      'ResourceNotFoundException',
      `There is no validation ${validationId} in this account: none began under that id within ten minutes.`,
    );
  }
  const { status, startedAt, updatedAt, steps } = item;
  return { validation: { validationId, status, startedAt, updatedAt, steps: [...steps] } };
}
