import type { ClientRequest } from 'node:http';

/**
 * What Lambda's Node.js runtime puts in place before it loads a function: importing this module does the same. Import
 * it ahead of the function.
 */

const STREAMING = Symbol.for('aws.lambda.runtime.handler.streaming');
const DELIMITER_BYTES = 8;

/** The stream that a handler gets: no `Writable`, but an object with some of the methods of the runtime's request. */
export interface RuntimeStream {
  _onBeforeFirstWrite?: (write: (chunk: string | Uint8Array) => void) => void;
  setContentType(type: string): void;
}

(globalThis as { awslambda?: object }).awslambda = {
  streamifyResponse(handler: object) {
    return Object.assign(handler, { [STREAMING]: 'response' });
  },
  HttpResponseStream: {
    from(stream: RuntimeStream, prelude: object) {
      stream.setContentType('application/vnd.awslambda.http-integration-response');
      stream._onBeforeFirstWrite = write => {
        write(JSON.stringify(prelude));
        write(new Uint8Array(DELIMITER_BYTES));
      };
      return stream;
    },
  },
};

/** Whether the runtime would hand a handler a stream. */
export function isStreaming(handler: object): boolean {
  return (handler as Record<symbol, unknown>)[STREAMING] === 'response';
}

const METHODS = ['destroy', 'end', 'on', 'once', 'off', 'emit', 'removeListener', 'cork', 'uncork'] as const;
const STATE = ['destroyed', 'writable', 'writableEnded', 'writableFinished', 'writableNeedDrain'] as const;

/**
 * Wraps the request that carries an answer as the runtime does. The prelude goes out ahead of the first `write`; `end`
 * knows nothing of it.
 */
export function runtimeStream(request: ClientRequest): RuntimeStream {
  let written = false;
  const stream = {
    setContentType(type: string) {
      request.setHeader('content-type', type);
    },
    write(this: RuntimeStream, ...args: Parameters<ClientRequest['write']>) {
      if (!written) stream._onBeforeFirstWrite?.(chunk => request.write(chunk));
      written = true;
      return request.write(...args);
    },
  } as unknown as RuntimeStream;
  for (const method of METHODS) Object.assign(stream, { [method]: request[method].bind(request) });
  for (const name of STATE) {
    Object.defineProperty(stream, name, { get: () => (request as unknown as Record<string, unknown>)[name] });
  }
  return stream;
}
