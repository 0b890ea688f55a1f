import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import {
  type ClientOptions,
  createSwitchboardClient,
  type SwitchboardClient,
  SwitchboardError,
} from '../../client/src/index.ts';
import { listenOnLoopback } from './mcp/tlsServer.ts';
import { ROOT_KEY } from './serverProcess.ts';

/** A client that signs with the root key of test servers. */
export function rootClient(baseUrl: string, options: Partial<ClientOptions> = {}): SwitchboardClient {
  return createSwitchboardClient({ baseUrl, region: 'us-east-1', credentials: ROOT_KEY, ...options });
}

/** What a call fails with. */
export async function failureOf(call: Promise<unknown>): Promise<SwitchboardError> {
  const outcome = await call.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (outcome instanceof SwitchboardError) return outcome;
  throw new Error(`expected a SwitchboardError, got ${String(outcome)}`);
}

/** Every item of an iterator. */
export async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

/** What happens to a request on its way; nothing: it is passed on. */
export type Fault =
  | { answer: number; headers?: Record<string, string>; body?: string }
  /** The connection breaks before the server sees the request. */
  | 'lose request'
  /** The server has done its work, and the connection breaks. */
  | 'lose answer'
  /** Nothing ever comes. */
  | 'hang';

export interface FlakyProxy {
  url: string;
  /** What the next requests meet, one each. */
  faults: Fault[];
  /** Method and path of each request that came. */
  requests: string[];
  /** Where requests go on to. */
  target: string;
  close(): Promise<void>;
}

/** A proxy with faults. Start the server behind it with its URL as PUBLIC_BASE_URL: signatures cover the Host header. */
export async function startFlakyProxy(): Promise<FlakyProxy> {
  const proxy = { faults: [] as Fault[], requests: [] as string[], target: '' };
  const server = createServer((request, response) => {
    proxy.requests.push(`${request.method} ${request.url}`);
    const fault = proxy.faults.shift();
    if (fault === 'hang') return;
    if (fault === 'lose request') response.destroy();
    else if (typeof fault === 'object') refuse(request, response, fault);
    else forward(proxy.target, request, response, fault === 'lose answer');
  });
  const port = await listenOnLoopback(server);
  return Object.assign(proxy, {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise<void>(resolve => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  });
}

function refuse(
  request: IncomingMessage,
  response: ServerResponse,
  { answer, headers = {}, body = '' }: Extract<Fault, object>,
): void {
  request.resume();
  response.writeHead(answer, { 'content-type': 'application/json', ...headers }).end(body);
}

function forward(target: string, request: IncomingMessage, response: ServerResponse, lose: boolean): void {
  const { method, url, headers } = request;
  const onwards = httpRequest(new URL(url ?? '/', target), { method, headers }, async answer => {
    const body = Buffer.concat(await answer.toArray());
    if (lose) response.destroy();
    else response.writeHead(answer.statusCode ?? 502, answer.headers).end(body);
  });
  onwards.once('error', () => response.destroy());
  request.pipe(onwards);
}
