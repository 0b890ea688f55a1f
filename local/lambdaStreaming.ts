import { ServerResponse } from 'node:http';
import type { Writable } from 'node:stream';

/**
 * The part of Lambda's Node.js runtime that streaming handlers use, over Node's own HTTP server. Handlers look it up
 * when their module is loaded and when they answer.
 */
export function installLambdaStreaming(): void {
  const runtime = globalThis as { awslambda?: object };
  // Others keep things of theirs in the same object.
  runtime.awslambda = {
    ...runtime.awslambda,
    streamifyResponse: same,
    HttpResponseStream: { from: withHead },
  };
}

const same = (handler: unknown) => handler;

function withHead(
  stream: Writable,
  { statusCode, headers }: { statusCode: number; headers: Record<string, string> },
): Writable {
  if (stream instanceof ServerResponse) stream.writeHead(statusCode, headers);
  return stream;
}
