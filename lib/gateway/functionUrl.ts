import type { Writable } from 'node:stream';
import type { LambdaFunctionURLEvent, LambdaFunctionURLEventWithIAMAuthorizer } from 'aws-lambda';
import { signerOf } from '../identity/callerOf.ts';
import { inScope } from '../scope.ts';
import { ALWAYS } from './answer.ts';
import { MAX_REQUEST_BYTES } from './limits.ts';
import { refuse } from './refusal.ts';
import { agentRoute } from './route.ts';
import { errorMessage } from './rpc.ts';
import type { Gateway } from './serve.ts';
import type { AgentRequest, AgentStream } from './types.ts';

/** Of a function URL, with IAM authorization or without. */
export type AgentEvent = LambdaFunctionURLEvent | LambdaFunctionURLEventWithIAMAuthorizer;

/** What Lambda's Node.js runtime offers for response streaming. */
interface LambdaStreaming {
  streamifyResponse<H>(handler: H): H;
  HttpResponseStream: {
    from(stream: Writable, head: { statusCode: number; headers: Record<string, string> }): Writable;
  };
}

/** Set by the runtime before a function's module is loaded; the embedded server sets the same. */
const runtime = () => (globalThis as { awslambda?: Partial<LambdaStreaming> }).awslambda;

export type AgentHandler = (event: AgentEvent, response: Writable) => Promise<void>;

/**
 * The handler of the agents' function: it streams what `serve` answers with.
 * @param settles whether all that was recorded is written before the handler ends: on Lambda, which freezes then
 */
export function agentHandler(gateway: () => Gateway, settles: () => boolean): AgentHandler {
  const serve: AgentHandler = async (event, response) => {
    const stream = agentStream(response);
    const request = agentRequest(event);
    if (request) await gateway().serve(request, stream);
    else unknownRoute(stream);
    await stream.finished;
    if (settles()) await gateway().settle();
  };
  const handler: AgentHandler = (event, response) => {
    const { requestId } = event.requestContext;
    const functionName = signerOf(event) ? 'mcpGatewaySigned' : 'mcpGateway';
    return inScope({ functionName, requestId }, () => serve(event, response));
  };
  return runtime()?.streamifyResponse?.(handler) ?? handler;
}

/** Answers go through the runtime, which sends status and headers ahead of the body. */
export function agentStream(response: Writable): AgentStream & { finished: Promise<void> } {
  return new ResponseStream(response);
}

/**
 * A class, and no object with a getter of its own: V8 makes such an object a shape of its own, which lives in the old
 * generation and keeps all that belongs to a call until the next full collection.
 */
class ResponseStream implements AgentStream {
  readonly finished: Promise<void>;
  readonly #response: Writable;
  #body: Writable | undefined;
  #tellGone: () => void = () => {};

  constructor(response: Writable) {
    this.#response = response;
    response.on('error', () => {});
    this.finished = new Promise(resolve => {
      response.on('close', () => {
        if (!response.writableFinished) this.#tellGone();
        resolve();
      });
    });
  }

  onGone(tell: () => void): void {
    this.#tellGone = tell;
    if (this.#response.destroyed) tell();
  }

  get begun(): boolean {
    return this.#body !== undefined;
  }

  begin(statusCode: number, headers: Readonly<Record<string, string>>): void {
    const stream = runtime()?.HttpResponseStream;
    if (!stream) throw new Error('The runtime has no response streaming.');
    this.#body = stream.from(this.#response, { statusCode, headers: { ...headers } });
  }

  write(chunk: string | Uint8Array): Promise<void> | undefined {
    return this.#body?.write(chunk) === false ? drained(this.#body) : undefined;
  }

  end(text = ''): void {
    // Answers that leave one after the other, apart from the reading of requests, cost a fifth less.
    setImmediate(() => {
      // Lambda's runtime sends status and headers with the first write, and not with what `end` is given.
      this.#body?.write(text);
      this.#body?.end();
    });
  }
}

/** Settles with the stream too: whoever waits goes on when the agent is gone. */
function drained(stream: Writable): Promise<void> {
  return new Promise(resolve => {
    const done = () => {
      stream.off('drain', done).off('close', done);
      resolve();
    };
    if (stream.destroyed) resolve();
    else stream.on('drain', done).on('close', done);
  });
}

function agentRequest(event: AgentEvent): AgentRequest | undefined {
  const route = agentRoute(event.rawPath);
  if (!route) return undefined;
  const { http, requestId, timeEpoch } = event.requestContext;
  return {
    ...route,
    method: http.method,
    headers: event.headers,
    body: bodyOf(event),
    sourceIp: http.sourceIp,
    requestId,
    at: timeEpoch,
    signer: signerOf(event),
  };
}

function bodyOf({ body = '', isBase64Encoded }: AgentEvent): AgentRequest['body'] {
  const bytes = Buffer.byteLength(body, isBase64Encoded ? 'base64' : 'utf8');
  if (bytes > MAX_REQUEST_BYTES) return undefined;
  return isBase64Encoded ? Buffer.from(body, 'base64') : body;
}

function unknownRoute(stream: AgentStream): void {
  const { status, error } = refuse(404, 'UNKNOWN_ROUTE', 'There is no such endpoint.');
  stream.begin(status, { ...ALWAYS, 'content-type': 'application/json' });
  stream.end(JSON.stringify(errorMessage(null, error)));
}
