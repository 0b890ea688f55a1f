import { createServer } from 'node:net';
import { listenOnLoopback } from './mcp/tlsServer.ts';

/** A port that was free a moment ago: for servers whose address others must know before they start. */
export async function freePort(): Promise<number> {
  const probe = createServer();
  const port = await listenOnLoopback(probe as Parameters<typeof listenOnLoopback>[0]);
  await new Promise(resolve => probe.close(resolve));
  return port;
}
