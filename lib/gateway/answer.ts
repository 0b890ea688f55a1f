import { KEEP_ALIVE_MS } from './limits.ts';
import { errorMessage, type RpcError, type RpcId } from './rpc.ts';
import type { AgentStream } from './types.ts';

/**
 * The answer to one request: a JSON body, unless something is to be told before its end, or that end is long in coming.
 * Then it is an event stream (Streamable HTTP, "Sending Messages to the Server").
 */
export interface Answer {
  /** Sends a notification ahead of the answer; see {@link AgentStream.write} for what it waits for. */
  notify(method: string, params: object): Promise<void> | undefined;
  /** Ends the answer with a result, given as JSON. */
  result(json: string): void;
  error(error: RpcError): void;
  /** Says nothing more: whoever gives up on the answer before its end has to call this. */
  abandon(): void;
}

/** Never cached, never taken for a page. */
export const ALWAYS = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' } as const;

const JSON_HEADERS = { ...ALWAYS, 'content-type': 'application/json' };
/** `x-accel-buffering` has common proxies pass events on as they come. */
const STREAM_HEADERS = {
  ...ALWAYS,
  'cache-control': 'no-store, no-transform',
  'content-type': 'text/event-stream',
  'x-accel-buffering': 'no',
};

/** Begins the answer to request `id`, and its keep-alive, which ends with the answer or when it is abandoned. */
export function createAnswer(id: RpcId, stream: AgentStream): Answer {
  let isStreaming = false;
  const begin = () => {
    if (!isStreaming) stream.begin(200, STREAM_HEADERS);
    isStreaming = true;
  };
  const keepAlive = setInterval(() => {
    begin();
    stream.write(': still working\n\n');
  }, KEEP_ALIVE_MS).unref();
  const event = (json: string) => `event: message\ndata: ${json}\n\n`;
  const end = (json: string) => {
    clearInterval(keepAlive);
    if (isStreaming) return stream.end(event(json));
    // With its length known it leaves in one piece.
    stream.begin(200, { ...JSON_HEADERS, 'content-length': String(Buffer.byteLength(json)) });
    stream.end(json);
  };
  return {
    notify(method, params) {
      begin();
      return stream.write(event(JSON.stringify({ jsonrpc: '2.0', method, params })));
    },
    result: json => end(`{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":${json}}`),
    error: error => end(JSON.stringify(errorMessage(id, error))),
    abandon: () => clearInterval(keepAlive),
  };
}
