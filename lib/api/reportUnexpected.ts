import { errorName } from '../log/errorName.ts';
import { logLine } from '../log/structuredLog.ts';
import { ApiError } from './errors.ts';

/**
 * Tells whoever runs the process about a failure that the caller sees as `InternalServerException`.
 * An error's message may hold anything, so only its name, its code and its frames are told.
 */
export function reportUnexpected(operation: string, requestId: string, error: unknown): void {
  if (error instanceof ApiError && error.failure.code !== 'InternalServerException') return;
  const fields = {
    operation,
    requestId,
    error: errorName(error),
    ...codeOf(error),
  };
  const frames = error instanceof Error ? framesOf(error).slice(0, 8) : [];
  process.stderr.write(`${logLine('ERROR', 'request failed', fields, frames)}\n`);
}

/** Such as `ECONNREFUSED`, or a VaultError's `KEY_UNAVAILABLE`: nothing that is free text. */
function codeOf(error: unknown): { code?: string } {
  const { code } = Object(error) as { code?: unknown };
  return typeof code === 'string' && /^[A-Z][A-Z0-9_]{1,60}$/.test(code) ? { code } : {};
}

/** A stack begins with the message, of which lines may look like frames; none where it is not found there. */
function framesOf({ message, stack = '' }: Error): string[] {
  const at = stack.indexOf(message);
  const frames = at < 0 ? '' : stack.slice(at + message.length);
  return frames.split('\n').filter(line => line.trimStart().startsWith('at '));
}
