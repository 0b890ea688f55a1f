import type { IncomingHttpHeaders, IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { type Certificate, sharedTestCa } from '../certificates.ts';

export interface PeerOptions {
  /** One of the shared authority's for loopback when left out. */
  tls?: Certificate;
  /** Any free one when left out. */
  port?: number;
  /** The name in `url`; the server listens on 127.0.0.1 whatever it is. */
  hostname?: string;
  /** The header that every request must carry; without it, `refuseWith` (401). */
  auth?: { header: string; value: string; refuseWith?: 401 | 403 };
}

/** What arrived: names of headers, and values of those alone that carry credentials. */
export interface RecordedRequest {
  method: string;
  path: string;
  headerNames: string[];
  credentials: Record<string, string>;
}

export interface Peer {
  /** The MCP endpoint. */
  url: string;
  port: number;
  /** The root to trust. */
  caPem: string;
  /** Every HTTP request, in order of arrival, refused ones included. */
  requests: RecordedRequest[];
  /** Cuts every connection, and goes on listening. */
  cut(): void;
  /** Stops listening and cuts every connection. */
  close(): Promise<void>;
}

const CREDENTIAL_HEADERS = ['authorization', 'x-api-key', 'cookie', 'proxy-authorization'];

/** The values of the credential-bearing headers of a request. */
export function credentialsOf(headers: IncomingHttpHeaders, alsoHeader?: string): Record<string, string> {
  const names = [...CREDENTIAL_HEADERS, ...(alsoHeader ? [alsoHeader.toLowerCase()] : [])];
  return Object.fromEntries(names.flatMap(name => (headers[name] ? [[name, String(headers[name])]] : [])));
}

function isAuthorised(request: IncomingMessage, auth: PeerOptions['auth']): boolean {
  return !auth || request.headers[auth.header.toLowerCase()] === auth.value;
}

function refuse(response: ServerResponse, status: 401 | 403): void {
  const headers = { 'content-type': 'application/json' };
  response.writeHead(
    status,
    status === 401
      ? { ...headers, 'www-authenticate': 'Bearer realm="test", error="invalid_token"' }
      : headers,
  );
  response.end(JSON.stringify({ error: status === 401 ? 'invalid_token' : 'insufficient_scope' }));
}

/** Starts to listen on 127.0.0.1 and tells the port. */
export async function listenOnLoopback(server: Server, port = 0): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return (server.address() as AddressInfo).port;
}

/** Serves `listener` over TLS on loopback, behind the credential check that the options ask for. */
export async function startTlsServer(listener: RequestListener, options: PeerOptions = {}): Promise<Peer> {
  const { auth, hostname = '127.0.0.1' } = options;
  const ca = await sharedTestCa();
  const tls = options.tls ?? (await ca.issue());
  const requests: RecordedRequest[] = [];
  const server = createServer({ cert: tls.certPem, key: tls.keyPem }, (request, response) => {
    requests.push({
      method: request.method ?? '',
      path: request.url ?? '',
      headerNames: Object.keys(request.headers),
      credentials: credentialsOf(request.headers, auth?.header),
    });
    if (isAuthorised(request, auth)) listener(request, response);
    else refuse(response, auth?.refuseWith ?? 401);
  });
  const port = await listenOnLoopback(server, options.port);
  return {
    url: `https://${hostname}:${port}/mcp`,
    port,
    caPem: ca.caPem,
    requests,
    cut: () => server.closeAllConnections(),
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
