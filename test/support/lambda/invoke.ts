import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AgentEvent, AgentHandler } from '../../../lib/gateway/functionUrl.ts';
import { listenOnLoopback } from '../mcp/tlsServer.ts';
import { isStreaming, runtimeStream } from './runtime.ts';

const INTEGRATION = 'application/vnd.awslambda.http-integration-response';
const DELIMITER = Buffer.alloc(8);

/** What a function URL makes of an answer. */
export interface InvokedAnswer {
  statusCode: number;
  headers: Record<string, string>;
  body: string;
}

/** Lambda's Runtime API, as far as answers go. */
export interface RuntimeApi {
  /**
   * Runs a handler as the runtime does: until it has ended, and its answer was taken.
   * @throws Error where the handler rejects, leaves its answer unfinished, or answers without status and headers
   */
  invoke(handler: AgentHandler, event: AgentEvent): Promise<InvokedAnswer>;
  /** Runs a handler whose caller leaves with the first bytes of its body. */
  leave(handler: AgentHandler, event: AgentEvent): Promise<void>;
  close(): Promise<void>;
}

export async function startRuntimeApi(): Promise<RuntimeApi> {
  let answer: Buffer = Buffer.alloc(0);
  let isLeaving = false;
  const take = async (request: IncomingMessage, response: ServerResponse) => {
    const chunks: Buffer[] = [];
    answer = Buffer.alloc(0);
    for await (const chunk of request) {
      chunks.push(chunk);
      answer = Buffer.concat(chunks);
      if (isLeaving && answer.indexOf(DELIMITER) >= 0) return request.destroy();
    }
    if (request.headers['content-type'] !== INTEGRATION) answer = Buffer.alloc(0);
    response.writeHead(202).end();
  };
  const server = createServer((request, response) => void take(request, response).catch(() => {}));
  const port = await listenOnLoopback(server);

  const run = async (handler: AgentHandler, event: AgentEvent) => {
    if (!isStreaming(handler)) throw new Error('The handler is not one that streams.');
    const path = `/2018-06-01/runtime/invocation/${event.requestContext.requestId}/response`;
    const headers = { 'lambda-runtime-function-response-mode': 'streaming', 'transfer-encoding': 'chunked' };
    const request = httpRequest({ host: '127.0.0.1', port, path, method: 'POST', headers });
    const taken = new Promise<void>((resolve, reject) => {
      request.on('error', reject);
      request.on('response', response => response.resume().on('end', resolve));
    });
    taken.catch(() => {});
    await handler(event, runtimeStream(request) as never);
    return { taken, finished: request.writableFinished };
  };

  return {
    async invoke(handler, event) {
      isLeaving = false;
      const { taken, finished } = await run(handler, event);
      if (!finished) throw new Error('The response stream is not finished.');
      await taken;
      return answerOf(answer);
    },
    async leave(handler, event) {
      isLeaving = true;
      const { taken } = await run(handler, event);
      await taken.then(
        () => Promise.reject(new Error('The answer was taken to its end.')),
        () => {},
      );
    },
    close: () => new Promise(resolve => server.close(() => resolve())),
  };
}

/** A function URL answers 502 where the prelude is missing. */
function answerOf(bytes: Buffer): InvokedAnswer {
  const end = bytes.indexOf(DELIMITER);
  if (end < 0) throw new Error(`An answer without status and headers: ${bytes}`);
  const body = bytes.subarray(end + DELIMITER.length).toString();
  return { ...JSON.parse(bytes.subarray(0, end).toString()), body };
}
