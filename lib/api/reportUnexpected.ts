import { ApiError } from './errors.ts';

/**
 * Tells whoever runs the process about a failure that the caller only sees as `InternalServerException`.
 * An error's message may hold anything, so only its name, its AWS error code and our own frames are told.
 */
export function reportUnexpected(operation: string, requestId: string, error: unknown): void {
  if (error instanceof ApiError) return;
  const { name, stack } = error instanceof Error ? error : { name: typeof error, stack: '' };
  const frames = (stack ?? '').split('\n').filter(line => line.trimStart().startsWith('at '));
  const entry = {
    level: 'ERROR',
    message: 'request failed',
    operation,
    requestId,
    error: name,
    frames: frames.slice(0, 8),
  };
  process.stderr.write(`${JSON.stringify(entry)}\n`);
}
