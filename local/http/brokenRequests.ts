import { randomUUID } from 'node:crypto';
import { type Server, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';

/**
 * Answers what node:http could not parse, or gave up waiting for, in the shape of every other error; a
 * connection that already carries an answer is just closed.
 */
export function answerBrokenRequests(server: Server): void {
  const current = new WeakMap<Socket, ServerResponse>();
  const remember = (request: { socket: Socket }, response: ServerResponse) => {
    current.set(request.socket, response);
  };
  server.on('request', remember).on('checkContinue', remember);
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    const response = current.get(socket);
    const answering = response?.headersSent && !response.writableFinished;
    if (error.code === 'ECONNRESET' || !socket.writable || answering) socket.destroy();
    else socket.end(rawAnswer(error.code), () => socket.destroy());
  });
}

function rawAnswer(code: string | undefined): string {
  const [status, message] = statusOf(code);
  const body = JSON.stringify({ __type: 'ValidationException', message, fieldList: [] });
  return [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'connection: close',
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(body)}`,
    'cache-control: no-store',
    'x-content-type-options: nosniff',
    'x-amzn-errortype: ValidationException',
    `x-amzn-requestid: ${randomUUID()}`,
    '',
    body,
  ].join('\r\n');
}

function statusOf(code: string | undefined): [status: number, message: string] {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return [431, 'The request headers are larger than 16 KB.'];
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return [408, 'The request did not arrive in time.'];
    default:
      return [400, 'The request is not valid HTTP/1.1.'];
  }
}
