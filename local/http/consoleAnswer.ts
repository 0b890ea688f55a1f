import type { ServerResponse } from 'node:http';

/** An answer of the console's own routes; none may be kept. */
export function json(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(JSON.stringify(body));
}

export function refuse(response: ServerResponse, status: number, message: string): void {
  json(response, status, { message });
}
