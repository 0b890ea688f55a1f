import { toFailure } from '../api/errorResponse.ts';
import { ApiError, type Failure } from '../api/errors.ts';
import { McpError } from '../mcp/mcpError.ts';
import type { ConsentErrorCode } from './consentErrors.ts';

/** The end of a consent: vague for the browser, precise for the audit event. */
export interface ConsentFailure {
  code: ConsentErrorCode;
  failure: Failure;
}

/** A failure with its precise words; nothing secret may be among them. */
export function consentFailure(
  code: ConsentErrorCode,
  message: string,
  failureCode: 'ValidationException' | 'AccessDeniedException' = 'ValidationException',
): ConsentFailure {
  if (failureCode === 'AccessDeniedException') return { code, failure: { code: failureCode, message } };
  return { code, failure: { code: failureCode, message, fieldList: [] } };
}

/** What a code exchange failed with; `undefined` for what is no answer of the authorization server's. */
export function exchangeFailure(error: unknown): ConsentFailure | undefined {
  if (!(error instanceof McpError)) return undefined;
  return consentFailure('exchange_failed', `${error.code}: ${error.message}`);
}

/** Failures that may pass: the consent stays open for a reload. */
const PASSING: ReadonlySet<string> = new Set([
  'ThrottlingException',
  'ServiceUnavailableException',
  'InternalServerException',
]);

/** What a registration or update was refused with; `undefined` for what a reload may mend. */
export function completionFailure(error: unknown, requestId: string): ConsentFailure | undefined {
  const failure = toFailure(error, requestId);
  if (!(error instanceof ApiError) || PASSING.has(failure.code)) return undefined;
  return { code: errorCodeOf(failure), failure };
}

function errorCodeOf({ code }: Failure): ConsentErrorCode {
  switch (code) {
    case 'ValidationException':
      return 'validation_failed';
    case 'ConflictException':
      return 'conflict';
    case 'ServiceQuotaExceededException':
      return 'quota_exceeded';
    default:
      return 'registration_refused';
  }
}
