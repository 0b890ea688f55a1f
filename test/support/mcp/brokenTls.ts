import { createServer, type Socket } from 'node:net';
import { createTestCa, selfSigned, sharedTestCa } from '../certificates.ts';
import { startModern } from './modern.ts';
import { listenOnLoopback, type Peer, type PeerOptions } from './tlsServer.ts';

// Behind each bad certificate is a server that works: a client that does not check gets through.

const DAY = 86_400_000;

/** Answers every TCP connection with `greet`, without TLS. */
async function startTcp(greet: (socket: Socket) => void, options: PeerOptions): Promise<Peer> {
  const { caPem } = await sharedTestCa();
  const sockets = new Set<Socket>();
  const server = createServer(socket => {
    sockets.add(socket);
    socket.on('error', () => {}).on('close', () => sockets.delete(socket));
    greet(socket);
  });
  const port = await listenOnLoopback(server, options.port);
  return {
    url: `https://${options.hostname ?? '127.0.0.1'}:${port}/mcp`,
    port,
    caPem,
    requests: [],
    cut: () => {
      for (const socket of sockets) socket.destroy();
    },
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

export const tlsFaults = {
  /** Ran out yesterday. */
  expiredCertificate: async (options: PeerOptions) => {
    const tls = await (await sharedTestCa()).issue({ notAfter: new Date(Date.now() - DAY) });
    return startModern({ ...options, tls });
  },
  /** Valid from tomorrow on. */
  notYetValidCertificate: async (options: PeerOptions) => {
    const [notBefore, notAfter] = [new Date(Date.now() + DAY), new Date(Date.now() + 2 * DAY)];
    const tls = await (await sharedTestCa()).issue({ notBefore, notAfter });
    return startModern({ ...options, tls });
  },
  selfSignedCertificate: async (options: PeerOptions) => startModern({ ...options, tls: await selfSigned() }),
  /** Signed by an authority that is not `caPem`. */
  unknownAuthority: async (options: PeerOptions) =>
    startModern({ ...options, tls: await (await createTestCa()).issue() }),
  certificateForAnotherName: async (options: PeerOptions) => {
    const tls = await (await sharedTestCa()).issue({ hosts: ['other.example.test', '192.0.2.1'] });
    return startModern({ ...options, tls });
  },
  /** Plain HTTP where TLS is expected. */
  notTls: (options: PeerOptions) =>
    startTcp(socket => socket.end('HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n'), options),
  /** Accepts the connection and never starts TLS. */
  hangsBeforeTls: (options: PeerOptions) => startTcp(() => {}, options),
  /** Cuts every connection at once. */
  closesAtOnce: (options: PeerOptions) => startTcp(socket => socket.destroy(), options),
};
