import { createServer, request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { pipeline } from 'node:stream';
import { listenOnLoopback } from '../support/mcp/tlsServer.ts';

/** Where requests go on to: an endpoint on loopback. */
export interface Target {
  port: number;
  path: string;
  token: string;
}

/** Puts an access token into what passes: the suite's `--url` takes no header. */
export interface TokenProxy {
  url: string;
  /** Has requests go on there from now on. */
  pointTo(target: Target): void;
  close(): Promise<void>;
}

/** Starts it. Host and Origin pass as they come, but for its own port, which becomes the target's. */
export async function startTokenProxy(): Promise<TokenProxy> {
  let target: Target = { port: 0, path: '/', token: '' };
  const server = createServer((request, response) => {
    const headers = headersFor(target, request.headers, port);
    const onward = httpRequest({
      host: '127.0.0.1',
      port: target.port,
      path: target.path,
      method: request.method,
      headers,
    });
    onward.on('response', answer => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      response.flushHeaders();
      pipeline(answer, response, () => {});
    });
    onward.on('error', () => response.destroy());
    response.on('close', () => onward.destroy());
    pipeline(request, onward, () => {});
  });
  const port = await listenOnLoopback(server);
  return {
    url: `http://localhost:${port}/mcp`,
    pointTo(next) {
      target = next;
    },
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function headersFor(target: Target, headers: IncomingHttpHeaders, ownPort: number): IncomingHttpHeaders {
  const named = (value: string) => value.replace(new RegExp(`:${ownPort}$`), `:${target.port}`);
  const { host, origin } = headers;
  return {
    ...headers,
    ...(host !== undefined && { host: named(host) }),
    ...(origin !== undefined && { origin: named(origin) }),
    authorization: `Bearer ${target.token}`,
  };
}
