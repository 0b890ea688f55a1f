import { AuthorizationResponseError, OperationProcessingError, ResponseBodyError } from 'oauth4webapi';
import { federation as words } from '../strings/federation.ts';
import { PoolRefusal } from './identityPool.ts';

/** Enough for an explanation; what a provider writes is shown as text. */
const MAX_LENGTH = 300;

/** What to tell somebody whose sign-in failed. */
export function problemOf(error: unknown): string {
  if (error instanceof AuthorizationResponseError || error instanceof ResponseBodyError) {
    const { error: code, error_description: description } = error;
    return words.refused(cut(description ? `${code}: ${description}` : code));
  }
  if (error instanceof PoolRefusal) return words.poolRefused(cut(error.message));
  // A state, issuer or nonce of another sign-in, or an answer that is none.
  if (error instanceof OperationProcessingError) return words.strange(cut(error.message));
  return words.unreachable(cut(error instanceof Error ? error.message : String(error)));
}

function cut(text: string): string {
  return text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH)}…` : text;
}
