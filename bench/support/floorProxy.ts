/** A process with the least that a reverse proxy can do: every request goes on as it came, every answer comes back. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Pool } from 'undici';

export interface FloorTarget {
  origin: string;
  path: string;
}

function serve({ origin, path }: FloorTarget) {
  const pool = new Pool(origin, { connections: 128 });
  return createServer((request, response) => {
    const { host: _, connection: __, ...headers } = request.headers;
    pool.stream(
      {
        path,
        method: request.method as 'POST',
        headers: headers as Record<string, string>,
        body: request,
        opaque: response,
      },
      ({ statusCode, headers: answered, opaque }) => {
        const out = opaque as typeof response;
        out.writeHead(statusCode, answered as Record<string, string>);
        return out;
      },
      error => error && response.destroy(),
    );
  });
}

process.on('message', (target: FloorTarget) => {
  const server = serve(target);
  server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
});
