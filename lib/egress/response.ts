import type { Dispatcher } from 'undici';
import { boundedBody, decodes } from './body.ts';
import { explain, lateness } from './failures.ts';
import type { RequestSignal } from './requestSignal.ts';
import { EgressError } from './types.ts';
import { hostAndPort } from './urlPolicy.ts';

interface ResponseBounds {
  maxResponseBytes: number;
  bodyIdleTimeoutMs: number;
}

/** Statuses without a body (Fetch standard, "null body status"). */
const bodiless = new Set([204, 205, 304]);

/**
 * The standard `Response` to an answer. Its body stays under `bounds` and the request's signal, which it releases at
 * its end. Throws an EgressError for an answer that is too large from the start or has a status that HTTP lacks.
 */
export function toResponse(
  answer: Dispatcher.ResponseData,
  url: URL,
  method: string,
  request: RequestSignal,
  bounds: ResponseBounds,
): Response {
  const { statusCode: status } = answer;
  if (status < 200 || status > 599) {
    throw new EgressError(
      'CONNECTION_LOST',
      'response',
      `${hostAndPort(url)} answered with status ${status}.`,
    );
  }
  const headers = toHeaders(answer.headers);
  const bare = method === 'HEAD' || bodiless.has(status);
  const body = bare ? discard(answer, request) : responseBody(answer, url, headers, request, bounds);
  const response = new Response(body, { status, headers, statusText: plainText(answer.statusText) });
  Object.defineProperty(response, 'url', { value: url.href });
  return response;
}

/** Throws an answer's body away; the connection ends unless the body had ended. */
export function drop(answer: Dispatcher.ResponseData): void {
  answer.body.on('error', () => {}).destroy();
}

/** Headers whose values the Fetch standard cannot hold are left out. */
function toHeaders(raw: Dispatcher.ResponseData['headers']): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(raw)) {
    for (const one of [value ?? []].flat()) {
      try {
        headers.append(name, one);
      } catch {
        // The error would repeat the value.
      }
    }
  }
  return headers;
}

function discard(answer: Dispatcher.ResponseData, request: RequestSignal): null {
  answer.body.on('error', () => {}).resume();
  request.release();
  return null;
}

function responseBody(
  answer: Dispatcher.ResponseData,
  url: URL,
  headers: Headers,
  request: RequestSignal,
  bounds: ResponseBounds,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const { maxResponseBytes, bodyIdleTimeoutMs } = bounds;
  const tooLarge = () =>
    new EgressError(
      'RESPONSE_TOO_LARGE',
      'response',
      `${hostAndPort(url)} sent more than ${maxResponseBytes} bytes.`,
    );
  if (Number(headers.get('content-length')) > maxResponseBytes) throw tooLarge();
  const encoding = headers.get('content-encoding');
  if (decodes(encoding)) {
    headers.delete('content-encoding');
    headers.delete('content-length');
  }
  return boundedBody(answer.body, encoding, {
    maxBytes: maxResponseBytes,
    idleTimeoutMs: bodyIdleTimeoutMs,
    tooLarge,
    late: () => lateness(hostAndPort(url), 'response', bodyIdleTimeoutMs),
    explain(error) {
      const caller = request.callersReason();
      return caller ? caller.reason : explain(error, hostAndPort(url), 'response');
    },
    ended: request.release,
  });
}

function plainText(statusText: string | undefined): string {
  return /^[\x20-\x7e]{1,100}$/.test(statusText ?? '') ? (statusText ?? '') : '';
}
