/**
 * A function's process as Lambda runs it: loads the bundle, takes one event from the Runtime API, answers, and tells
 * on standard output what both cost. `node coldProgram.ts <bundle> <host:port of the Runtime API>`.
 */
import '../../test/support/lambda/runtime.ts';
import { request as httpRequest } from 'node:http';
import { pathToFileURL } from 'node:url';
import { isStreaming, runtimeStream } from '../../test/support/lambda/runtime.ts';

const [, , file = '', host = ''] = process.argv;
const BASE = `http://${host}/2018-06-01/runtime/invocation`;

// Modules of the loop itself are loaded before anything is measured.
const next = await fetch(`${BASE}/next`);
const requestId = next.headers.get('lambda-runtime-aws-request-id') ?? '';
const event = await next.json();
const context = { awsRequestId: requestId, getRemainingTimeInMillis: () => 200_000 };

const beginning = process.cpuUsage();
const { handler } = await import(pathToFileURL(file).href);
const imported = process.cpuUsage(beginning);
let answer: { statusCode?: number } | undefined;
let failure: string | undefined;
try {
  answer = isStreaming(handler) ? await streamed() : await handler(event, context);
} catch (error) {
  failure = error instanceof Error ? error.name : typeof error;
}
const all = process.cpuUsage(beginning);

const importMs = (imported.user + imported.system) / 1000;
const cpuMs = (all.user + all.system) / 1000;
console.error(JSON.stringify({ importMs, cpuMs, outcome: failure ?? String(answer?.statusCode ?? 'ended') }));
await fetch(`${BASE}/${requestId}/response`, { method: 'POST', body: JSON.stringify(answer ?? null) });
process.exit(0);

async function streamed() {
  const request = httpRequest(`${BASE}/${requestId}/response`, { method: 'POST' });
  const taken = new Promise(resolve => request.on('response', response => resolve(response.resume())));
  await handler(event, runtimeStream(request), context);
  await taken;
  return undefined;
}
