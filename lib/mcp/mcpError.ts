import { REMEDY_OF_CODE } from './remedies.ts';
import { STEP_OF_CODE } from './stepCodes.ts';
import type { ValidationCode, ValidationStep } from './types.ts';

/**
 * A server that could not be reached or used. The message says what happened and what to do, and is safe to
 * show: text of the server in it is scrubbed, and no cause is attached, since causes may hold response bodies.
 */
export class McpError extends Error {
  override readonly name = 'McpError';
  readonly code: ValidationCode;
  readonly step: ValidationStep;
  constructor(code: ValidationCode, message: string) {
    super(message);
    this.code = code;
    this.step = STEP_OF_CODE[code];
  }
}

/** A failure whose message says what happened, then the remedy of its code. */
export function failure(code: ValidationCode, what: string): McpError {
  return new McpError(code, `${what} ${REMEDY_OF_CODE[code]}`);
}
