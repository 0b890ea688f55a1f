/** One entry of a `ValidationException`'s `fieldList`: a JSON Pointer (RFC 6901) into the request and what to do. */
export interface FieldError {
  path: string;
  message: string;
}

interface Plain<Code extends string> {
  code: Code;
  message: string;
}

/**
 * Every failure that a caller may see: the closed union behind the wire. Codes are the error names of the
 * AWS DevOps Agent API, of CloudTrail's LookupEvents, and AWS's common errors.
 */
export type Failure =
  | (Plain<'ValidationException'> & { fieldList: FieldError[] })
  | Plain<'InvalidParameterException'>
  | Plain<'ContentSizeExceededException'>
  | Plain<'ServiceQuotaExceededException'>
  | Plain<'ConflictException'>
  | Plain<'ResourceNotFoundException'>
  | Plain<'AccessDeniedException'>
  | (Plain<'ThrottlingException'> & { retryAfterSeconds?: number })
  | Plain<'UnknownOperationException'>
  | Plain<'MissingAuthenticationTokenException'>
  | Plain<'IncompleteSignatureException'>
  | Plain<'InvalidSignatureException'>
  | Plain<'UnrecognizedClientException'>
  | Plain<'InvalidLookupAttributesException'>
  | Plain<'InvalidTimeRangeException'>
  | Plain<'InvalidMaxResultsException'>
  | Plain<'InvalidNextTokenException'>
  | Plain<'InvalidEventCategoryException'>
  | Plain<'ServiceUnavailableException'>
  | Plain<'InternalServerException'>;

export type FailureCode = Failure['code'];

/** The only error that domain code throws on purpose; anything else becomes `InternalServerException`. */
export class ApiError extends Error {
  override readonly name: string = 'ApiError';
  readonly failure: Failure;
  constructor(failure: Failure) {
    super(failure.message);
    this.failure = failure;
  }
}

/** A `ValidationException` about one field. `path` is a JSON Pointer into the request. */
export function invalid(path: string, message: string): ApiError {
  return invalidFields([{ path, message }]);
}

/** A `ValidationException` about several fields; its message repeats the first few, for tools that show only that. */
export function invalidFields(fieldList: FieldError[]): ApiError {
  const shown = fieldList.slice(0, 3).map(field => `${field.path || '/'}: ${field.message}`);
  const more = fieldList.length > 3 ? ` (and ${fieldList.length - 3} more)` : '';
  return new ApiError({ code: 'ValidationException', message: shown.join('; ') + more, fieldList });
}

/** A failure that is a code and a message. */
export function fail(code: Exclude<FailureCode, 'ValidationException'>, message: string): ApiError {
  return new ApiError({ code, message });
}
