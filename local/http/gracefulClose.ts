import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';

/**
 * A function that closes the server: it stops accepting at once, ends connections that carry no request,
 * and waits for those that do, for at most `timeoutMs`. Call it before the server listens.
 */
export function gracefulClose(server: Server, timeoutMs: number): () => Promise<void> {
  const silent = trackSilent(server);
  return () =>
    new Promise(resolve => {
      const timer = setTimeout(() => server.closeAllConnections(), timeoutMs);
      server.close(() => {
        clearTimeout(timer);
        resolve();
      });
      server.closeIdleConnections();
      for (const socket of silent.values()) socket.destroy();
    });
}

/**
 * Connections that have not sent a request yet: to node:http they are busy until the header time-out. By
 * address, because under TLS the socket of a request is not the one that was accepted.
 */
function trackSilent(server: Server): ReadonlyMap<string, Socket> {
  const silent = new Map<string, Socket>();
  const heard = (request: IncomingMessage) => silent.delete(peerOf(request.socket));
  server.on('connection', (socket: Socket) => {
    const peer = peerOf(socket);
    silent.set(peer, socket);
    socket.once('close', () => silent.get(peer) === socket && silent.delete(peer));
  });
  server.on('request', heard).on('checkContinue', heard);
  return silent;
}

function peerOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`;
}
