import { createServer, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { createTestCa, selfSigned, sharedTestCa } from '../../support/certificates.ts';
import { tlsFaults } from '../../support/mcp/brokenTls.ts';
import { listenOnLoopback } from '../../support/mcp/tlsServer.ts';
import { asks, closeAll, closeLater, door, egressFailure, type Lookup, serve } from './doors.ts';

afterEach(closeAll);

/** A TLS server that says `answer` once a request begins, and then what `after` does. */
async function raw(answer: string, after: (socket: Socket) => void = () => {}): Promise<string> {
  const { certPem, keyPem } = await (await sharedTestCa()).issue();
  const sockets = new Set<Socket>();
  const server = createTlsServer({ cert: certPem, key: keyPem }, socket => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.once('data', () => socket.write(answer, () => after(socket)));
  });
  const port = await listenOnLoopback(server);
  closeLater(async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return `https://127.0.0.1:${port}/`;
}

async function failing(url: string, options: Parameters<typeof door>[0] = {}, ask = asks()) {
  const send = (await door(options)).fetchFor(ask);
  return egressFailure(send(url).then(response => response.text()));
}

describe('certificates', () => {
  it.each([
    ['expiredCertificate', 'has expired'],
    ['notYetValidCertificate', 'is not valid yet'],
    ['selfSignedCertificate', 'is self-signed'],
    ['unknownAuthority', 'unknown issuer'],
    ['certificateForAnotherName', 'is for another name'],
    ['notTls', 'does not speak TLS'],
    ['closesAtOnce', 'TLS handshake'],
  ] as const)('%s: %s', async (fault, text) => {
    const peer = await tlsFaults[fault]({ hostname: 'localhost' });
    closeLater(() => peer.close());
    const failure = await failing(peer.url);
    expect(failure).toMatchObject({ code: 'TLS_FAILED', phase: 'tls' });
    expect(failure.message).toContain(text);
    expect(failure.message).toContain(`localhost:${peer.port}`);
    expect(failure.cause).toBeUndefined();
    expect(peer.requests).toEqual([]);
  });

  it('are verified although the environment says not to', async () => {
    const peer = await serve((_request, response) => response.end(), { tls: await selfSigned() });
    process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
    try {
      expect(await failing(peer.url)).toMatchObject({ code: 'TLS_FAILED' });
    } finally {
      delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;
    }
  });

  it('are trusted by the extra root only when it is given', async () => {
    const peer = await serve((_request, response) => response.end('in'));
    expect(await failing(peer.url, { withoutCa: true })).toMatchObject({ code: 'TLS_FAILED' });
    expect(await (await (await door()).fetchFor(asks())(peer.url)).text()).toBe('in');
  });

  it('are asked for by name, without the trailing dot, and with HTTP/1.1 alone', async () => {
    const ca = await sharedTestCa();
    const { certPem, keyPem } = await ca.issue({ hosts: ['name.test'] });
    const asked: unknown[] = [];
    const server = createTlsServer(
      { cert: certPem, key: keyPem, ALPNProtocols: ['h2', 'http/1.1'] },
      socket => {
        asked.push([socket.servername, socket.alpnProtocol]);
        socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'));
      },
    );
    const port = await listenOnLoopback(server);
    closeLater(async () => server.close());
    const send = (await door()).fetchFor(asks());
    expect((await send(`https://name.test.:${port}/`)).status).toBe(200);
    expect(asked).toEqual([['name.test', 'http/1.1']]);
  });

  it('of another authority do not pass for the extra root', async () => {
    const other = await (await createTestCa()).issue();
    const peer = await serve((_request, response) => response.end(), { tls: other });
    expect(await failing(peer.url)).toMatchObject({ code: 'TLS_FAILED' });
  });
});

describe('names and connections', () => {
  const rejecting = (code: string): Lookup => {
    return async () => Promise.reject(Object.assign(new Error('getaddrinfo'), { code }));
  };

  it.each([
    ['ENOTFOUND', 'does not exist'],
    ['EAI_AGAIN', 'try again'],
    ['EAI_FAIL', '(EAI_FAIL)'],
  ])('%s: %s', async (code, text) => {
    const failure = await failing('https://nowhere.test/', { lookup: rejecting(code) });
    expect(failure).toMatchObject({ code: 'NAME_NOT_RESOLVED', phase: 'resolve' });
    expect(failure.message).toContain(text);
    expect(failure.message).toContain('nowhere.test:443');
  });

  it('a name without an address', async () => {
    const failure = await failing('https://nowhere.test/', { lookup: async () => [] });
    expect(failure).toMatchObject({ code: 'NAME_NOT_RESOLVED', phase: 'resolve' });
  });

  it('a resolver that hangs', async () => {
    const options = { lookup: () => new Promise<never>(() => {}), limits: { resolveTimeoutMs: 50 } };
    const failure = await failing('https://slow.test/', options);
    expect(failure).toMatchObject({ code: 'TIMED_OUT', phase: 'resolve' });
  });

  it('a port where nothing listens, by name and by address', async () => {
    const server = createServer();
    const port = await listenOnLoopback(server);
    await new Promise(resolve => server.close(resolve));
    const both: Lookup = async () => [
      { address: '::1', family: 6 },
      { address: '127.0.0.1', family: 4 },
    ];
    for (const host of ['name.test', '127.0.0.1', '[::1]']) {
      const failure = await failing(`https://${host}:${port}/`, { lookup: both });
      expect(failure.code).toBe('CONNECT_FAILED');
      expect(failure.phase).toBe('connect');
      expect(failure.message).toContain(`${host}:${port}`);
    }
  });

  it('reaches the second address when the first one does not answer', async () => {
    const peer = await serve((_request, response) => response.end('in'));
    const lookup: Lookup = async () => [
      { address: '127.0.0.9', family: 4 },
      { address: '127.0.0.1', family: 4 },
    ];
    const send = (await door({ lookup })).fetchFor(asks());
    expect(await (await send(`https://localhost:${peer.port}/`)).text()).toBe('in');
  });

  it('a TLS handshake that never comes', async () => {
    const peer = await tlsFaults.hangsBeforeTls({});
    closeLater(() => peer.close());
    const failure = await failing(peer.url, {}, asks({ headersTimeoutMs: 200 }));
    expect(failure).toMatchObject({ code: 'TIMED_OUT', phase: 'tls' });
    const bounded = await failing(peer.url, { limits: { connectTimeoutMs: 100 } });
    expect(bounded).toMatchObject({ code: 'TIMED_OUT', phase: 'tls' });
  });
});

describe('answers', () => {
  const ok = 'HTTP/1.1 200 OK\r\n';

  it('that never come', async () => {
    const peer = await serve(() => {});
    const failure = await failing(peer.url, {}, asks({ headersTimeoutMs: 200 }));
    expect(failure).toMatchObject({ code: 'TIMED_OUT', phase: 'request' });
    expect(failure.message).toBe(`127.0.0.1:${peer.port} did not answer within 200 ms.`);
  });

  it('that never come after endless interim responses', async () => {
    const url = await raw('', socket => {
      const timer = setInterval(() => socket.write('HTTP/1.1 103 Early Hints\r\n\r\n'), 5);
      socket.on('close', () => clearInterval(timer));
    });
    expect(await failing(url, {}, asks({ headersTimeoutMs: 300 }))).toMatchObject({ code: 'TIMED_OUT' });
  });

  it('with gigantic headers', async () => {
    const url = await raw(`${ok}X-Big: ${'a'.repeat(100_000)}\r\n\r\n`);
    expect(await failing(url)).toMatchObject({ code: 'HEADERS_TOO_LARGE' });
    const many = await raw(ok + 'X-Many: aaaaaaaaaaaaaaaaaaaa\r\n'.repeat(3_000));
    expect(await failing(many)).toMatchObject({ code: 'HEADERS_TOO_LARGE' });
  });

  it('that are no HTTP', async () => {
    const url = await raw('SSH-2.0-canary_secret\r\n');
    const failure = await failing(url);
    expect(failure).toMatchObject({ code: 'CONNECTION_LOST', phase: 'request' });
    expect(failure.message).toContain('not valid HTTP');
    expect(JSON.stringify(failure, Object.getOwnPropertyNames(failure))).not.toContain('canary');
  });

  it('whose connection closes before the headers', async () => {
    const url = await raw('HTTP/1.1 2', socket => socket.destroy());
    expect(await failing(url)).toMatchObject({ code: 'CONNECTION_LOST', phase: 'request' });
  });

  it.each([
    ['with a length', `${ok}Content-Length: 100\r\n\r\nhalf`],
    ['in chunks', `${ok}Transfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n`],
  ])('whose connection closes in mid-body, %s', async (_kind, answer) => {
    const url = await raw(answer, socket => socket.destroy());
    expect(await failing(url)).toMatchObject({ code: 'CONNECTION_LOST', phase: 'response' });
  });

  it('whose status HTTP lacks', async () => {
    const url = await raw('HTTP/1.1 999 Odd\r\nContent-Length: 0\r\n\r\n');
    expect(await failing(url)).toMatchObject({ code: 'CONNECTION_LOST' });
  });

  it('with an endless body', async () => {
    let closed = false;
    const peer = await serve((request, response) => {
      request.socket.on('close', () => {
        closed = true;
      });
      const more = () => {
        while (!closed && response.write('x'.repeat(10_000)));
      };
      response.on('drain', more);
      more();
    });
    const failure = await failing(peer.url, {}, asks({ maxResponseBytes: 50_000 }));
    expect(failure).toMatchObject({ code: 'RESPONSE_TOO_LARGE', phase: 'response' });
    await expect.poll(() => closed).toBe(true);
  });

  it('announced as too long are refused unread, and exactly as long as allowed are read', async () => {
    const peer = await serve((_request, response) => response.end('x'.repeat(1_000)));
    const send = (await door()).fetchFor(asks({ maxResponseBytes: 999 }));
    expect(await egressFailure(send(peer.url))).toMatchObject({ code: 'RESPONSE_TOO_LARGE' });
    const enough = (await door()).fetchFor(asks({ maxResponseBytes: 1_000 }));
    expect(await (await enough(peer.url)).text()).toHaveLength(1_000);
  });

  it('that are compressed are decoded, and counted as they come out', async () => {
    const peer = await serve((request, response) => {
      const size = Number(new URL(request.url ?? '', 'https://x').searchParams.get('size'));
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('z'.repeat(size)));
    });
    const send = (await door()).fetchFor(asks({ maxResponseBytes: 100_000 }));
    const response = await send(`${peer.url}?size=50000`);
    expect(response.headers.has('content-encoding')).toBe(false);
    expect(await response.text()).toBe('z'.repeat(50_000));
    const bomb = send(`${peer.url}?size=50000000`).then(answer => answer.text());
    expect(await egressFailure(bomb)).toMatchObject({ code: 'RESPONSE_TOO_LARGE' });
  });

  it('that decode to nothing are counted as they arrive', async () => {
    // Empty stored deflate blocks: input without output.
    const nothing = Buffer.from('00 00 00 ff ff'.repeat(2_000).replaceAll(' ', ''), 'hex');
    const peer = await serve((_request, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' });
      response.write(gzipSync('').subarray(0, 10));
      const more = () => {
        while (!response.destroyed && response.write(nothing));
      };
      response.on('drain', more);
      more();
    });
    const failure = await failing(peer.url, {}, asks({ maxResponseBytes: 100_000 }));
    expect(failure).toMatchObject({ code: 'RESPONSE_TOO_LARGE' });
  });

  it('that claim a compression they do not have', async () => {
    const peer = await serve((_request, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' }).end('canary');
    });
    const failure = await failing(peer.url);
    expect(failure).toMatchObject({ code: 'CONNECTION_LOST', phase: 'response' });
    expect(failure.message).not.toContain('canary');
  });

  it('that fall silent in mid-body', async () => {
    const peer = await serve((_request, response) => void response.write('first'));
    const failure = await failing(peer.url, { limits: { bodyIdleTimeoutMs: 100 } });
    expect(failure).toMatchObject({ code: 'TIMED_OUT', phase: 'response' });
  });

  it('that nobody reads give their connection back in the end', async () => {
    let closed = false;
    const peer = await serve((request, response) => {
      request.socket.on('close', () => {
        closed = true;
      });
      response.end('x'.repeat(900_000));
    });
    await (await door({ limits: { bodyIdleTimeoutMs: 100 } })).fetchFor(asks())(peer.url);
    await expect.poll(() => closed).toBe(true);
  });
});
