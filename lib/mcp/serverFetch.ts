import { EgressError, type EgressPhase } from '../egress/types.ts';
import type { RequestAuthorizer } from './authorizer.ts';
import { knownScheme } from './authScheme.ts';
import { MAX_LIST_BYTES, MAX_LIST_PAGES } from './limits.ts';
import { failure, McpError } from './mcpError.ts';
import type { ServerConnection } from './types.ts';

/** Milliseconds for ending a session: a courtesy to the server, which must not hold up the caller. */
const END_SESSION_TIMEOUT_MS = 2_000;

/** Every page, a probe and a handshake; more means a server that asks questions without end. */
const MAX_REQUESTS = MAX_LIST_PAGES + 20;

/** What the headers of a response show. */
export interface Answer {
  status: number;
  /** It succeeded and has the form that MCP answers have. */
  isMcp: boolean;
}

export interface ServerFetchOptions {
  /** Ends every request but the one that ends a session. */
  signal: AbortSignal;
  /** Milliseconds for the headers of one response. */
  headersTimeoutMs: number;
  onPhase?: ((phase: EgressPhase) => void) | undefined;
  onAnswer?: ((answer: Answer) => void) | undefined;
}

export interface ServerFetch {
  /** For the SDK's transport: goes to the endpoint, adds the credential, opens no background stream. */
  fetch: typeof fetch;
  /** The same without that exception, for looking at what a GET answers. */
  request: typeof fetch;
  /** Runs an exchange; rejects early when `signal` aborts or a response breaks off that the SDK would wait for. */
  guard<T>(exchange: () => Promise<T>): Promise<T>;
  progress: Readonly<Progress>;
}

export interface Progress {
  /** Some response headers have arrived. */
  answered: boolean;
  /** An answer had the form that MCP answers have. */
  accepted: boolean;
  /** The scheme that the last 401 asked for, when it is a registered one. */
  scheme?: string | undefined;
}

/** The requests of one connection to a server: credentialed, bounded, watched. */
export function createServerFetch(connection: ServerConnection, options: ServerFetchOptions): ServerFetch {
  const progress: Progress = { answered: false, accepted: false };
  const { authorizer } = connection;
  let requests = 0;
  let breakOff: (error: unknown) => void = () => {};

  const door = connection.egress.fetchFor({
    accountId: connection.accountId,
    redirects: 'same-origin',
    maxResponseBytes: MAX_LIST_BYTES,
    headersTimeoutMs: options.headersTimeoutMs,
    credentialHeaders: authorizer.headerNames,
    onPhase: phase => options.onPhase?.(phase),
  });

  const note = (response: Response) => {
    const { status } = response;
    const isMcp = response.ok && isMcpMediaType(mediaTypeOf(response));
    progress.answered = true;
    if (isMcp) progress.accepted = true;
    if (status === 401) progress.scheme = knownScheme(response.headers.get('www-authenticate'));
    options.onAnswer?.({ status, isMcp });
  };

  const send = async (init: RequestInit) => {
    if (++requests > MAX_REQUESTS) throw new Error(`more than ${MAX_REQUESTS} requests`);
    const headers = await authorized(connection, init);
    const { redirect: _, ...rest } = init;
    // The endpoint as it was given: a URL object would hide a form that egress refuses.
    return door(connection.endpoint, { ...rest, headers, signal: signalOf(init, options.signal) });
  };

  const request: typeof fetch = async (_url, init = {}) => {
    const onBroken = breakOff;
    let response = await send(init).catch(error => {
      // The SDK would retell it in its own words.
      if (error instanceof McpError) onBroken(error);
      throw error;
    });
    if (await isWorthAnother(response, authorizer)) {
      await response.body?.cancel();
      response = await send(init);
    }
    note(response);
    return watched(response, onBroken);
  };

  return {
    request,
    fetch: (url, init) => (isBackgroundStream(init) ? Promise.resolve(noStream()) : request(url, init)),
    async guard(exchange) {
      const broken = Promise.withResolvers<never>();
      broken.promise.catch(() => {});
      breakOff = broken.reject;
      const onAbort = () => broken.reject(options.signal.reason);
      options.signal.throwIfAborted();
      options.signal.addEventListener('abort', onAbort, { once: true });
      try {
        return await Promise.race([exchange(), broken.promise]);
      } finally {
        options.signal.removeEventListener('abort', onAbort);
      }
    },
    progress,
  };
}

/** Whether the authorizer has something better to offer after a refusal. */
async function isWorthAnother(response: Response, authorizer: RequestAuthorizer): Promise<boolean> {
  if (response.status === 401) return (await authorizer.renew?.()) === true;
  return response.status === 403 && (await authorizer.forbidden?.(response)) === true;
}

/** The request's headers with the credential; the value of one that cannot be sent is never repeated. */
async function authorized({ authorizer, endpoint }: ServerConnection, init: RequestInit): Promise<Headers> {
  const headers = new Headers(init.headers);
  const credential = await authorizer.authorize({
    method: init.method ?? 'GET',
    url: endpoint,
    headers: Object.fromEntries(headers),
    body: typeof init.body === 'string' ? init.body : undefined,
  });
  try {
    for (const [name, value] of Object.entries(credential)) headers.set(name, value);
  } catch {
    throw failure('CREDENTIAL_REJECTED', 'The credential has characters that an HTTP header cannot hold.');
  }
  return headers;
}

/** Whether MCP's Streamable HTTP transport answers requests in this form. */
function isMcpMediaType(mediaType: string): boolean {
  return mediaType === 'application/json' || mediaType === 'text/event-stream';
}

export function mediaTypeOf(response: Response): string {
  return (response.headers.get('content-type') ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
}

function signalOf(init: RequestInit, signal: AbortSignal): AbortSignal {
  // The session of a connection that was given up is still to be ended.
  if (init.method === 'DELETE') return AbortSignal.timeout(END_SESSION_TIMEOUT_MS);
  return init.signal ? AbortSignal.any([init.signal, signal]) : signal;
}

/** The GET that the SDK opens after a handshake for messages nobody waits for; resuming a cut answer is another. */
function isBackgroundStream(init: RequestInit | undefined): boolean {
  const isGet = (init?.method ?? 'GET') === 'GET';
  return isGet && !new Headers(init?.headers).has('last-event-id');
}

/** How a server says that it has no such stream; the SDK then does without. */
function noStream(): Response {
  return new Response(null, { status: 405 });
}

/**
 * Tells when a body breaks off and the SDK would wait on: it does not connect the end of an event stream to
 * the request that it answers. A stream that had already told something may have told the answer.
 */
function watched(response: Response, onBroken: (error: unknown) => void): Response {
  if (!response.body) return response;
  const reader = response.body.getReader();
  let isFresh = true;
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { done, value } = await reader.read();
        if (done) return controller.close();
        isFresh = false;
        controller.enqueue(value);
      } catch (error) {
        if (isFresh || isTooLarge(error)) onBroken(error);
        controller.error(error);
      }
    },
    cancel: reason => reader.cancel(reason),
  });
  const { status, statusText, headers } = response;
  return new Response(body, { status, statusText, headers });
}

function isTooLarge(error: unknown): boolean {
  return error instanceof EgressError && error.code === 'RESPONSE_TOO_LARGE';
}
