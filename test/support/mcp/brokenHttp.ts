import type { IncomingHttpHeaders, RequestListener, ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { modernListener, startModern } from './modern.ts';
import { credentialsOf, type Peer, type PeerOptions, startTlsServer } from './tlsServer.ts';

/** What an SSE-only server's `endpoint` event names; any request to it is a client's mistake. */
export const SSE_ENDPOINT_PATH = '/messages';

const JSON_TYPE = { 'content-type': 'application/json' };

/** Far above any sane bound on one response, small once compressed. */
const BOMB_BYTES = 64 * 1024 * 1024;

/** Above Node's own bound on received headers (16 KB). */
const HUGE_HEADER_BYTES = 64 * 1024;

function answer(status: number, headers: Record<string, string> = {}, body = ''): RequestListener {
  return (request, response) => {
    request.resume();
    response.writeHead(status, headers).end(body);
  };
}

function redirect(status: number, location: string): RequestListener {
  return answer(status, { location });
}

/** The caller's credentials in the spellings a log or an error page may hold them in. */
export function echoedCredentials(headers: IncomingHttpHeaders, authHeader?: string): string {
  const values = Object.values(credentialsOf(headers, authHeader));
  return values
    .map(value => [value, encodeURIComponent(value), Buffer.from(value).toString('base64')].join(' '))
    .join(' ');
}

const sseOnly: RequestListener = (request, response) => {
  request.resume();
  if (request.url?.startsWith(SSE_ENDPOINT_PATH)) return void response.writeHead(202).end();
  if (request.method !== 'GET') return void response.writeHead(405, { allow: 'GET' }).end();
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.write(`event: endpoint\ndata: ${SSE_ENDPOINT_PATH}?sessionId=1\n\n`);
};

function streamForever(response: ServerResponse, chunk: string): void {
  const write = () => {
    while (!response.destroyed && response.write(chunk));
  };
  response.on('drain', write);
  write();
}

const endlessBody: RequestListener = (request, response) => {
  request.resume();
  response.writeHead(200, JSON_TYPE).write('{"jsonrpc":"2.0","id":1,"result":{"padding":"');
  streamForever(response, 'a'.repeat(16_384));
};

const endlessEvents: RequestListener = (request, response) => {
  request.resume();
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  streamForever(response, `: ${'a'.repeat(16_384)}\n\n`);
};

const dripsForever: RequestListener = (request, response) => {
  request.resume();
  response.writeHead(200, JSON_TYPE);
  const timer = setInterval(() => response.write(' '), 50);
  response.on('close', () => clearInterval(timer));
};

const closesMidResponse: RequestListener = (request, response) => {
  request.resume();
  response.writeHead(200, { ...JSON_TYPE, 'content-length': '1000' });
  response.write('{"jsonrpc":"2.0",', () => response.destroy());
};

const gzipBomb: RequestListener = (request, response) => {
  request.resume();
  response.writeHead(200, { ...JSON_TYPE, 'content-encoding': 'gzip' });
  response.end(gzipSync(Buffer.alloc(BOMB_BYTES, ' ')));
};

/** Faults of one listener; the options' credential check, if any, comes first. */
const listeners = {
  /** The deprecated HTTP+SSE transport: GET names an endpoint, POST is 405. */
  sseOnly,
  /** No credential is good enough. */
  rejectsCredential: answer(401, { 'www-authenticate': 'Bearer error="invalid_token"' }),
  forbidsCredential: answer(403, JSON_TYPE, '{"error":"insufficient_scope"}'),
  /** Accepts the request and never answers. */
  hangs: (request => request.resume()) as RequestListener,
  redirectsToMetadata: redirect(307, 'http://169.254.169.254/latest/meta-data/'),
  redirectsToPrivate: redirect(307, 'https://10.0.0.1/mcp'),
  /** 302 turns a POST into a GET. */
  redirects302: redirect(302, '/moved'),
  redirectsForever: redirect(307, '/mcp'),
  endlessBody,
  endlessEvents,
  /** One byte every 50 ms, without end. */
  dripsForever,
  /** 64 KB of compressed body that become 64 MB. */
  gzipBomb,
  hugeHeaders: answer(200, { ...JSON_TYPE, 'x-padding': 'a'.repeat(HUGE_HEADER_BYTES) }, '{}'),
  htmlPage: answer(200, { 'content-type': 'text/html' }, '<!doctype html><title>Welcome</title>'),
  notFound: answer(404),
  rateLimited: answer(429, { 'retry-after': '7' }),
  serverError: answer(500),
  unavailable: answer(503, { 'retry-after': '7' }),
  notJson: answer(200, JSON_TYPE, 'OK'),
  emptyBody: answer(200, JSON_TYPE),
  closesMidResponse,
} satisfies Record<string, RequestListener>;

type ListenerFault = keyof typeof listeners;
type Fault = (options: PeerOptions) => Promise<Peer>;

function served(): Record<ListenerFault, Fault> {
  const entries = Object.entries(listeners).map(([name, listener]): [string, Fault] => [
    name,
    options => startTlsServer(listener, options),
  ]);
  return Object.fromEntries(entries) as Record<ListenerFault, Fault>;
}

export const httpFaults = {
  ...served(),
  /** A 500 whose body holds the caller's credential, plain, URL-encoded and in base64. */
  echoesCredential: (options: PeerOptions) =>
    startTlsServer(
      (request, response) =>
        answer(500, {}, echoedCredentials(request.headers, options.auth?.header))(request, response),
      options,
    ),
  /** Not a fault: 307 within the origin, to a server that works. */
  redirectsWithinOrigin: (options: PeerOptions) => {
    const { listener } = modernListener();
    const moved = redirect(307, '/moved');
    return startTlsServer(
      (request, response) => (request.url === '/mcp' ? moved : listener)(request, response),
      options,
    );
  },
  /** 307 to a server that works, on another port; `target` records what reaches it. */
  redirectsCrossOrigin: async (options: PeerOptions) => {
    const target = await startModern();
    const peer = await startTlsServer(redirect(307, target.url), options);
    return { ...peer, target, close: async () => void (await Promise.all([peer.close(), target.close()])) };
  },
};
