/** A process whose HTTP server answers every request with the bytes it is given, and does nothing else. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface EmptyAnswer {
  headers: Record<string, string>;
  body: string;
}

let answer: EmptyAnswer = { headers: {}, body: '' };
const server = createServer((_, response) => {
  response.writeHead(200, { ...answer.headers, 'content-length': Buffer.byteLength(answer.body) });
  response.end(answer.body);
});

process.on('message', (given: EmptyAnswer) => {
  answer = given;
  const tell = () => process.send?.((server.address() as AddressInfo).port);
  if (server.listening) tell();
  else server.listen(0, '127.0.0.1', tell);
});
