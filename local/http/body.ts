import type { IncomingMessage } from 'node:http';
import { fail } from '../../lib/api/errors.ts';
import { MAX_BODY_BYTES } from '../../lib/api/request.ts';

/** Enough for a client that sends a few times the limit to be done and read its answer. */
const MAX_DRAIN_BYTES = 4 * 1024 * 1024;
const MAX_DRAIN_MS = 2000;

/**
 * Reads a request's body.
 * @throws ContentSizeExceededException as soon as it is known to be too large, which a `Content-Length`
 *   tells before the first byte
 */
export function readBody(
  request: IncomingMessage,
  sendContinue?: () => void,
  maxBytes = MAX_BODY_BYTES,
): Promise<Buffer> {
  const tooLarge = () => fail('ContentSizeExceededException', `The body may have at most ${maxBytes} bytes.`);
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) return Promise.reject(tooLarge());
  sendContinue?.();
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', function onData(chunk: Buffer) {
      size += chunk.length;
      if (size <= maxBytes) chunks.push(chunk);
      else {
        request.off('data', onData).pause();
        reject(tooLarge());
      }
    });
    request.on('end', () => resolve(Buffer.concat(chunks)));
    // The client left: nobody will see this answer.
    const cutShort = () => {
      if (!request.complete) reject(fail('IncompleteSignatureException', 'The request was cut short.'));
    };
    request.on('error', cutShort).on('close', cutShort);
  });
}

/**
 * Discards what is left of a request, within bounds. Closing a connection under a client that still
 * sends would reset it, and the client would never see the answer (RFC 9112, 9.6).
 */
export function drain(request: IncomingMessage): Promise<void> {
  if (request.readableEnded || request.destroyed) return Promise.resolve();
  return new Promise(resolve => {
    let size = 0;
    const done = () => {
      clearTimeout(timer);
      resolve();
    };
    const timer = setTimeout(done, MAX_DRAIN_MS);
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > MAX_DRAIN_BYTES) done();
    });
    request.once('end', done).once('close', done);
    request.resume();
  });
}
