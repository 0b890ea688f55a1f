import { boundedChunks, type Chunks, decodes, toEgressBody, toReadableStream } from './body.ts';
import type { Answer } from './exchange.ts';
import { explain, lateness } from './failures.ts';
import type { RequestSignal } from './requestSignal.ts';
import { type EgressAnswer, EgressError } from './types.ts';
import { hostAndPort } from './urlPolicy.ts';

interface ResponseBounds {
  maxResponseBytes: number;
  bodyIdleTimeoutMs: number;
}

/** Statuses without a body (Fetch standard, "null body status"). */
const bodiless = new Set([204, 205, 304]);

/** What arrived for a request: the head of its last answer. */
export interface Arrived {
  answer: Answer;
  url: URL;
  method: string;
  request: RequestSignal;
  bounds: ResponseBounds;
}

/**
 * The standard `Response` to an answer. Its body stays under the bounds and the request's signal, which it releases at
 * its end. Throws an EgressError for an answer that is too large from the start or has a status that HTTP lacks.
 */
export function toResponse(arrived: Arrived): Response {
  const { answer, url } = arrived;
  const headers = toHeaders(answer.headers);
  const chunks = chunksOf(arrived);
  if (chunks && isDecoded(answer)) for (const name of ENCODING_HEADERS) headers.delete(name);
  const response = new Response(chunks ? toReadableStream(chunks) : null, {
    status: answer.status,
    headers,
    statusText: plainText(answer.statusText),
  });
  Object.defineProperty(response, 'url', { value: url.href });
  return response;
}

/** The same without the objects of the Fetch standard. */
export function toAnswer(arrived: Arrived): EgressAnswer {
  const { answer } = arrived;
  const chunks = chunksOf(arrived) ?? NOTHING;
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(answer.headers)) headers[name] = one(value) ?? '';
  if (isDecoded(answer)) for (const name of ENCODING_HEADERS) delete headers[name];
  return { status: answer.status, headers, body: toEgressBody(chunks) };
}

const NOTHING: Chunks = {
  next: async () => undefined,
  all: async () => Buffer.alloc(0),
  cancel: () => {},
  leave: () => {},
};

/** Of a body that was decoded, these no longer hold. */
const ENCODING_HEADERS = ['content-encoding', 'content-length'];

/** Throws an answer's body away; the connection ends unless the body had ended. */
export function drop(answer: Answer): void {
  answer.body.abandon();
}

/** Headers whose values the Fetch standard cannot hold are left out. */
function toHeaders(raw: Answer['headers']): Headers {
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

/** The body, or nothing where there is none to be had. */
function chunksOf({ answer, url, method, request, bounds }: Arrived): Chunks | undefined {
  const { status, body } = answer;
  if (status < 200 || status > 599) {
    throw new EgressError(
      'CONNECTION_LOST',
      'response',
      `${hostAndPort(url)} answered with status ${status}.`,
    );
  }
  if (method === 'HEAD' || bodiless.has(status)) {
    body.discard();
    request.release();
    return undefined;
  }
  const { maxResponseBytes, bodyIdleTimeoutMs } = bounds;
  const tooLarge = () =>
    new EgressError(
      'RESPONSE_TOO_LARGE',
      'response',
      `${hostAndPort(url)} sent more than ${maxResponseBytes} bytes.`,
    );
  if (Number(one(answer.headers['content-length'])) > maxResponseBytes) throw tooLarge();
  return boundedChunks(body, encodingOf(answer), {
    maxBytes: maxResponseBytes,
    idleTimeoutMs: bodyIdleTimeoutMs,
    tooLarge,
    late: () => lateness(hostAndPort(url), 'response', bodyIdleTimeoutMs),
    explain(error) {
      const caller = request.callersReason();
      return caller ? caller.reason : explain(error, hostAndPort(url), 'response');
    },
    signal: request.signal,
    ended: request.release,
  });
}

function encodingOf({ headers }: Answer): string | null {
  return one(headers['content-encoding']) ?? null;
}

function isDecoded(answer: Answer): boolean {
  return decodes(encodingOf(answer));
}

function one(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value.join(', ') : value;
}

function plainText(statusText: string): string {
  return /^[\x20-\x7e]{1,100}$/.test(statusText) ? statusText : '';
}
