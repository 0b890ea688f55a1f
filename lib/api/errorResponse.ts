import { ApiError, type Failure } from './errors.ts';

/** What a failure looks like on the wire. */
export interface ErrorResponse {
  statusCode: number;
  headers: Record<string, string>;
  body: string;
}

/**
 * The sole mapping from a failure to HTTP (AWS restJson1: status, `x-amzn-errortype`, `{message, …}`; the
 * `__type` member serves the awsJson1_1 clients of LookupEvents). An error that is not an {@link ApiError}
 * becomes `InternalServerException` and tells the request id, nothing else.
 */
export function errorResponse(error: unknown, requestId: string): ErrorResponse {
  const failure = toFailure(error, requestId);
  const { code, ...members } = failure;
  const headers: Record<string, string> = {
    'content-type': 'application/json',
    'x-amzn-errortype': code,
    'x-amzn-requestid': requestId,
  };
  if (failure.code === 'ThrottlingException' && failure.retryAfterSeconds !== undefined) {
    headers['retry-after'] = String(failure.retryAfterSeconds);
  }
  const { retryAfterSeconds: _, ...wire } = members as Record<string, unknown>;
  return { statusCode: statusOf(failure), headers, body: JSON.stringify({ __type: code, ...wire }) };
}

/** The failure behind any thrown value. */
export function toFailure(error: unknown, requestId: string): Failure {
  if (error instanceof ApiError) return error.failure;
  return { code: 'InternalServerException', message: `The request failed. Quote request id ${requestId}.` };
}

/** The HTTP status of each failure code (devops-agent-2026-01-01; AWS common errors; CloudTrail). */
export function statusOf(failure: Pick<Failure, 'code'>): number {
  switch (failure.code) {
    case 'ValidationException':
    case 'InvalidParameterException':
    case 'IncompleteSignatureException':
    case 'InvalidLookupAttributesException':
    case 'InvalidTimeRangeException':
    case 'InvalidMaxResultsException':
    case 'InvalidNextTokenException':
    case 'InvalidEventCategoryException':
      return 400;
    case 'ServiceQuotaExceededException':
      return 402;
    case 'AccessDeniedException':
    case 'MissingAuthenticationTokenException':
    case 'InvalidSignatureException':
    case 'UnrecognizedClientException':
      return 403;
    case 'ResourceNotFoundException':
    case 'UnknownOperationException':
      return 404;
    case 'ConflictException':
      return 409;
    case 'ContentSizeExceededException':
      return 413;
    case 'ThrottlingException':
      return 429;
    case 'InternalServerException':
      return 500;
    case 'ServiceUnavailableException':
      return 503;
  }
}
