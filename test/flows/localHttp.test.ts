import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { fail } from '../../lib/api/errors.ts';
import { MAX_BODY_BYTES } from '../../lib/api/request.ts';
import type { LocalHandler } from '../../local/http/pipeline.ts';
import { createTestCa } from '../support/certificates.ts';
import { type EchoServer, startEchoServer } from '../unit/local/http/echoServer.ts';
import { ADMIN, call, send, signedHeaders } from '../unit/local/http/signedRequest.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const auditor = { ...ADMIN, accessKeyId: 'SWBKAUDITOR', role: 'auditor', userName: 'ann' } as const;
const operator = { ...ADMIN, accessKeyId: 'SWBKOPERATOR', role: 'operator', userName: 'bob' } as const;

let server: EchoServer;
beforeAll(async () => {
  server = await startEchoServer({ keys: [ADMIN, auditor, operator] });
});
afterAll(() => server.close());
afterEach(() => {
  for (const list of [server.events, server.denied, server.unverified, server.errors]) list.length = 0;
});

const host = () => `127.0.0.1:${server.port}`;

describe('a signed call', () => {
  it('reaches its handler with the caller and the raw path', async () => {
    const arn = 'arn%3Aaws%3Aaidevops%3Aus-east-1%3A000000000000%3Aservice%2Fabc';
    const query = { tagKeys: ['a b', 'é&x=y'] };
    const answer = await call(server.port, { method: 'DELETE', path: `/tags/${arn}`, query });
    expect(answer).toMatchObject({ status: 200, json: { echoed: 'untagResource' } });
    expect(server.events[0]).toMatchObject({
      path: `/tags/${arn}`,
      multiValueQueryStringParameters: query,
      requestContext: {
        requestId: answer.headers['x-amzn-requestid'],
        identity: {
          accessKey: ADMIN.accessKeyId,
          sourceIp: '127.0.0.1',
          userArn: 'arn:aws:iam::000000000000:root',
        },
      },
    });
  });

  it('carries a body up to the limit', async () => {
    const body = JSON.stringify({ name: 'x'.repeat(MAX_BODY_BYTES - 11) });
    expect(body).toHaveLength(MAX_BODY_BYTES);
    const answer = await call(server.port, { method: 'POST', path: '/v1/agentspaces', body });
    expect(answer.status).toBe(200);
    expect(server.events[0]?.body).toHaveLength(MAX_BODY_BYTES);
  });

  it('is one audit event when the role forbids it, and never reaches the handler', async () => {
    const answer = await call(server.port, { method: 'DELETE', path: '/v1/services/x', key: auditor });
    expect(answer).toMatchObject({ status: 403, headers: { 'x-amzn-errortype': 'AccessDeniedException' } });
    expect(answer.json.message).toContain(
      'user/ann is not authorized to perform: aidevops:DeregisterService',
    );
    expect(server.events).toEqual([]);
    expect(server.denied).toMatchObject([
      {
        operation: { name: 'DeregisterService' },
        caller: { accessKeyId: 'SWBKAUDITOR', userName: 'ann', sourceIp: '127.0.0.1' },
        requestId: answer.headers['x-amzn-requestid'],
        event: { pathParameters: { serviceId: 'x' } },
      },
    ]);
    expect((await call(server.port, { path: '/v1/services/x', key: auditor })).status).toBe(200);
    expect(
      (await call(server.port, { method: 'DELETE', path: '/v1/services/x', key: operator })).status,
    ).toBe(200);
    expect(server.unverified).toEqual([]);
  });
});

describe('an unverified call', () => {
  it('is counted, not audited, and never reaches the handler', async () => {
    const wrong = { ...ADMIN, secretAccessKey: 'x'.repeat(40) };
    const forged = await call(server.port, { path: '/v1/services/x', key: wrong });
    const bare = await send({ port: server.port, target: '/v1/services/x', headers: { host: host() } });
    expect([forged.status, bare.status]).toEqual([403, 403]);
    expect(forged.headers['x-amzn-errortype']).toBe('InvalidSignatureException');
    expect(bare.json).toEqual({
      __type: 'MissingAuthenticationTokenException',
      message: 'Missing Authentication Token',
    });
    expect(server.unverified).toEqual([
      { reason: 'InvalidSignatureException', sourceIp: '127.0.0.1' },
      { reason: 'MissingAuthenticationTokenException', sourceIp: '127.0.0.1' },
    ]);
    expect([...server.events, ...server.denied]).toEqual([]);
  });

  it('cannot use a signature made for another server’s name', async () => {
    const headers = await signedHeaders('other.example:80', { path: '/v1/services/x' });
    const answer = await send({
      port: server.port,
      target: '/v1/services/x',
      headers: { ...headers, host: host() },
    });
    expect(answer.headers['x-amzn-errortype']).toBe('InvalidSignatureException');
  });
});

describe('every answer', () => {
  const targets = [
    '/healthz',
    '/v1/services/x',
    '/nowhere',
    '/v1/agentspaces/',
    '/v1/agentspaces/..',
    '/a b',
  ];
  it.each(targets)('to %s has a request id and the security headers', async target => {
    const { headers } = await send({
      port: server.port,
      target: target.replace(' ', '"'),
      headers: { host: host() },
    });
    expect(headers['x-amzn-requestid']).toMatch(UUID);
    expect(headers).toMatchObject({
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'content-type': 'application/json',
    });
  });

  it.each([
    ['/nowhere', 404, 'UnknownOperationException', 'There is no operation GET /nowhere.'],
    [
      '/v1/agentspaces',
      404,
      'UnknownOperationException',
      'There is no operation GET /v1/agentspaces. This path takes POST.',
    ],
    ['/v1/agentspaces/', 400, 'ValidationException', '/agentSpaceId: must not be empty'],
    [
      '/v1/agentspaces/..',
      400,
      'ValidationException',
      '/agentSpaceId: must not hold ".", ".." or empty parts',
    ],
    [
      '/v1/services/<x>',
      400,
      'ValidationException',
      '/: the request path must begin with / and be percent-encoded',
    ],
    [
      'http://evil.example/v1/services/x',
      400,
      'ValidationException',
      '/: the request path must begin with / and be percent-encoded',
    ],
    ['/v1/services/x?a=%zz', 400, 'ValidationException', '/: the query string is not valid percent-encoding'],
  ])('to %s is %i %s, signed or not', async (target, status, type, message) => {
    const answer = await send({ port: server.port, target, headers: { host: host() } });
    expect([answer.status, answer.headers['x-amzn-errortype'], answer.json.message]).toEqual([
      status,
      type,
      message,
    ]);
    expect(server.errors).toEqual([]);
  });
});

it('tells health without a signature', async () => {
  const healthy = await send({ port: server.port, target: '/healthz', headers: { host: host() } });
  expect([healthy.status, healthy.text]).toEqual([200, '{"status":"ok"}']);
  const post = await send({
    port: server.port,
    method: 'POST',
    target: '/healthz',
    headers: { host: host() },
  });
  expect(post.status).toBe(404);
});

describe('a foreign Host header', () => {
  it.each(['evil.example', '127.0.0.1', 'localhost:1', '169.254.169.254'])(
    '%s is refused on every route',
    async name => {
      for (const target of ['/healthz', '/v1/services/x', '/nowhere', '/']) {
        const answer = await send({ port: server.port, target, headers: { host: name } });
        expect(answer).toMatchObject({
          status: 403,
          headers: { 'x-amzn-errortype': 'AccessDeniedException' },
        });
        expect(answer.json.message).toContain(`"${name}" is not one of its names`);
        expect(answer.json.message).toContain('PUBLIC_BASE_URL');
      }
    },
  );

  it('is refused even when the signature is right, and when it is missing or repeated', async () => {
    const headers = await signedHeaders('evil.example', { path: '/v1/services/x' });
    expect((await send({ port: server.port, target: '/v1/services/x', headers })).status).toBe(403);
    expect((await send({ port: server.port, target: '/healthz' })).status).toBe(403);
    const twice = ['Host', host(), 'Host', host()];
    expect((await send({ port: server.port, target: '/healthz', headers: twice })).status).toBe(403);
    expect(server.events).toEqual([]);
  });
});

it('refuses requests that come from a Switchboard', async () => {
  const answer = await call(server.port, { path: '/v1/services/x', headers: { 'x-switchboard-hop': '1' } });
  expect(answer).toMatchObject({ status: 403, headers: { 'x-amzn-errortype': 'AccessDeniedException' } });
  expect(answer.json.message).toContain('loop');
});

describe('a body beyond the limit', () => {
  const body = JSON.stringify({ name: 'x'.repeat(300 * 1024) });

  it('is refused and the client sees it', async () => {
    const agent = new http.Agent({ keepAlive: true });
    const options = { port: server.port, method: 'POST', target: '/v1/agentspaces', agent };
    const headers = { host: host(), 'content-length': body.length };
    for (const [extra, sent] of [
      [headers, body],
      [{ host: host(), 'transfer-encoding': 'chunked' }, body],
    ] as const) {
      const answer = await send({ ...options, headers: extra, body: sent });
      expect(answer).toMatchObject({
        status: 413,
        headers: { 'x-amzn-errortype': 'ContentSizeExceededException' },
      });
      expect(answer.headers.connection).toBe('close');
    }
    expect(
      (await send({ port: server.port, target: '/healthz', headers: { host: host() }, agent })).status,
    ).toBe(200);
    agent.destroy();
    expect(server.unverified).toEqual([]);
  });

  it('is refused by its Content-Length, before it is sent', async () => {
    const socket = net.connect(server.port, '127.0.0.1');
    socket.write(`POST /v1/agentspaces HTTP/1.1\r\nHost: ${host()}\r\nContent-Length: 300000\r\n\r\n`);
    const [first] = (await once(socket, 'data')) as [Buffer];
    expect(first.toString()).toMatch(/^HTTP\/1\.1 413 /);
    socket.destroy();
  });

  it('does not reset a client that goes on sending before it reads', async () => {
    const socket = net.connect(server.port, '127.0.0.1').pause();
    const chunk = `8000\r\n${'x'.repeat(0x8000)}\r\n`;
    socket.write(`POST /v1/agentspaces HTTP/1.1\r\nHost: ${host()}\r\nTransfer-Encoding: chunked\r\n\r\n`);
    for (let i = 0; i < 20; i++) {
      await new Promise(resolve => socket.write(chunk, resolve));
      await sleep(10);
    }
    const answer = once(socket, 'data');
    socket.end('0\r\n\r\n').resume();
    expect(String((await answer)[0])).toMatch(/^HTTP\/1\.1 413 /);
    await once(socket, 'close');
  });

  it('is not even asked for with Expect: 100-continue', async () => {
    const headers = `Host: ${host()}\r\nExpect: 100-continue\r\n`;
    const large = net.connect(server.port, '127.0.0.1');
    large.write(`POST /v1/agentspaces HTTP/1.1\r\n${headers}Content-Length: 300000\r\n\r\n`);
    expect(String((await once(large, 'data'))[0])).toMatch(/^HTTP\/1\.1 413 /);
    large.destroy();
    const small = net.connect(server.port, '127.0.0.1');
    small.write(`POST /v1/agentspaces HTTP/1.1\r\n${headers}Content-Length: 2\r\n\r\n`);
    expect(String((await once(small, 'data'))[0])).toMatch(/^HTTP\/1\.1 100 /);
    small.write('{}');
    expect(String((await once(small, 'data'))[0])).toMatch(/^HTTP\/1\.1 403 /);
    small.destroy();
  });
});

describe('what is not HTTP', () => {
  it.each([
    ['NOT HTTP AT ALL\r\n\r\n', 400],
    ['GET /healthz HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n', 400],
    [`GET /healthz HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`, 431],
  ])('%j', async (text, status) => {
    const socket = net.connect(server.port, '127.0.0.1');
    socket.write(text);
    const answer = String((await once(socket, 'data'))[0]);
    expect(answer).toMatch(
      new RegExp(`^HTTP/1\\.1 ${status} [\\s\\S]*x-amzn-requestid: [0-9a-f-]{36}\\r\\n\\r\\n\\{`),
    );
    socket.destroy();
  });
});

describe('a handler', () => {
  const broken = (handler: LocalHandler) => startEchoServer({ handler });

  it.each<[string, LocalHandler]>([
    ['throws', () => Promise.reject(new Error('secret-canary at line 3'))],
    [
      'throws at once',
      () => {
        throw new TypeError('secret-canary');
      },
    ],
    ['throws a string', () => Promise.reject('secret-canary')],
    ['answers nothing', async () => undefined as never],
    ['answers nonsense', async () => ({ statusCode: 'secret-canary' }) as never],
  ])('that %s is an InternalServerException that says nothing', async (_, handler) => {
    const own = await broken(handler);
    const answer = await call(own.port, { path: '/v1/services/x' });
    await own.close();
    expect(answer).toMatchObject({ status: 500, headers: { 'x-amzn-errortype': 'InternalServerException' } });
    expect(answer.json.message).toContain(answer.headers['x-amzn-requestid']);
    expect(answer.text).not.toContain('secret-canary');
    expect(own.errors).toHaveLength(1);
  });

  it('decides status, headers and body', async () => {
    const own = await startEchoServer({
      handler: async () => {
        throw fail('ConflictException', 'in use');
      },
      handlers: {
        GetService: async () => ({
          statusCode: 201,
          headers: { 'x-a': 'b', connection: 'upgrade', 'content-length': '1', 'cache-control': 'public' },
          multiValueHeaders: { 'set-cookie': ['a=1', 'b=2'] },
          body: Buffer.from('é').toString('base64'),
          isBase64Encoded: true,
        }),
        DisassociateService: async () => ({ statusCode: 204, body: 'ignored' }),
      },
    });
    const got = await call(own.port, { path: '/v1/services/x' });
    expect(got).toMatchObject({
      status: 201,
      text: 'é',
      headers: {
        'x-a': 'b',
        'set-cookie': ['a=1', 'b=2'],
        'cache-control': 'no-store',
        'content-length': '2',
      },
    });
    const gone = await call(own.port, { method: 'DELETE', path: '/v1/agentspaces/a/associations/b' });
    expect([gone.status, gone.text, gone.headers['content-length']]).toEqual([204, '', undefined]);
    expect((await call(own.port, { method: 'DELETE', path: '/v1/services/x' })).status).toBe(409);
    await own.close();
    expect(own.errors).toEqual([]);
  });

  it('is told the time that is left and its own name', async () => {
    const own = await broken(async (_, context) => ({
      statusCode: 200,
      body: JSON.stringify([context.functionName, context.getRemainingTimeInMillis(), context.awsRequestId]),
    }));
    const answer = await call(own.port, { path: '/v1/services/x' });
    const [name, left, requestId] = JSON.parse(answer.text);
    await own.close();
    expect(name).toBe('getService');
    expect(left).toBeGreaterThan(20_000);
    expect(left).toBeLessThanOrEqual(29_000);
    expect(requestId).toBe(answer.headers['x-amzn-requestid']);
  });

  it('still denies when the audit event cannot be written', async () => {
    const own = await startEchoServer({
      keys: [auditor],
      onDenied: () => Promise.reject(new Error('the store is away')),
    });
    const answer = await call(own.port, { method: 'DELETE', path: '/v1/services/x', key: auditor });
    await own.close();
    expect([answer.status, own.errors.length, own.events.length]).toEqual([403, 1, 0]);
  });
});

describe('a connection that stands still', () => {
  const MB = 1024 * 1024;
  const big: LocalHandler = async () => ({ statusCode: 200, body: 'x'.repeat(32 * MB) });
  /** Bytes that arrive at a client which reads what there is, and then nothing for a while. */
  async function readWithPause(pauseMs: number): Promise<number> {
    const own = await startEchoServer({ handler: big, server: { idleTimeoutMs: 300 } });
    const name = `127.0.0.1:${own.port}`;
    const headers = await signedHeaders(name, { path: '/v1/services/x' });
    const lines = Object.entries(headers).map(([key, value]) => `${key}: ${value}\r\n`);
    const client = net.connect(own.port, '127.0.0.1');
    client.on('error', () => {});
    client.write(`GET /v1/services/x HTTP/1.1\r\nconnection: close\r\n${lines.join('')}\r\n`);
    let bytes = 0;
    client.once('data', () => {
      client.pause();
      setTimeout(() => client.resume(), pauseMs);
    });
    client.on('data', chunk => {
      bytes += chunk.length;
    });
    await once(client, 'close');
    await own.close();
    return bytes;
  }

  it('is ended, and its answer given up', async () => {
    expect(await readWithPause(2_000)).toBeLessThan(32 * MB);
  });

  it('is not while its answer is read', async () => {
    expect(await readWithPause(0)).toBeGreaterThan(32 * MB);
  });
});

describe('a server that is not open yet', () => {
  it('lets requests wait, and serves them when it is', async () => {
    const opened = Promise.withResolvers<void>();
    const own = await startEchoServer({ server: { opened: opened.promise } });
    const answer = call(own.port, { path: '/v1/services/x' });
    await sleep(200);
    expect(own.events).toEqual([]);
    opened.resolve();
    expect((await answer).status).toBe(200);
    expect((await call(own.port, { path: '/v1/services/x' })).status).toBe(200);
    await own.close();
  });

  it('drops them when it never is', async () => {
    const opened = Promise.withResolvers<void>();
    const own = await startEchoServer({ server: { opened: opened.promise } });
    const answer = call(own.port, { path: '/v1/services/x' });
    answer.catch(() => {});
    await sleep(50);
    opened.reject(new Error('no'));
    await expect(answer).rejects.toThrow('socket hang up');
    await own.close();
    expect(own.events).toEqual([]);
  });
});

describe('closing', () => {
  /** A handler that waits for its release. */
  function held() {
    const started = Promise.withResolvers<void>();
    const release = Promise.withResolvers<void>();
    const handler: LocalHandler = async () => {
      started.resolve();
      await release.promise;
      return { statusCode: 200, body: '{"done":true}' };
    };
    return { started: started.promise, release: release.resolve, handler };
  }

  it('finishes the request in flight, takes no new one and ends idle connections at once', async () => {
    const { started, release, handler } = held();
    const own = await startEchoServer({ handlers: { GetService: handler } });
    const idle = net.connect(own.port, '127.0.0.1');
    await once(idle, 'connect');
    const agent = new http.Agent({ keepAlive: true });
    await send({ port: own.port, target: '/healthz', headers: { host: `127.0.0.1:${own.port}` }, agent });
    const inFlight = call(own.port, { path: '/v1/services/x' });
    await started;
    let closed = false;
    const closing = own.close().then(() => {
      closed = true;
    });
    await once(idle, 'close');
    await expect(call(own.port, { path: '/v1/services/y' })).rejects.toThrow('ECONNREFUSED');
    expect(closed).toBe(false);
    release();
    const answer = await inFlight;
    expect(answer).toMatchObject({ status: 200, json: { done: true }, headers: { connection: 'close' } });
    await closing;
    agent.destroy();
  });

  it('does not wait for ever', async () => {
    const { started, handler } = held();
    const own = await startEchoServer({ handler, server: { closeTimeoutMs: 100 } });
    const inFlight = call(own.port, { path: '/v1/services/x' }).catch((error: Error) => error);
    await started;
    await own.close();
    expect(await inFlight).toBeInstanceOf(Error);
  });
});

describe('listening', () => {
  it('says which port is taken and what to do', async () => {
    const env = { PORT: String(server.port) };
    await expect(startEchoServer({ env })).rejects.toThrow(
      `Port ${server.port} on 127.0.0.1 is in use: set PORT to another one`,
    );
  });

  it('serves TLS with the given certificate', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'tls-'));
    const ca = await createTestCa();
    const { certPem, keyPem } = await ca.issue();
    writeFileSync(join(dir, 'cert.pem'), certPem);
    writeFileSync(join(dir, 'key.pem'), keyPem);
    const env = { TLS_CERT_FILE: join(dir, 'cert.pem'), TLS_KEY_FILE: join(dir, 'key.pem') };
    const own = await startEchoServer({ env });
    const headers = { host: `127.0.0.1:${own.port}` };
    const answer = await send({ port: own.port, target: '/healthz', headers, ca: ca.caPem });
    expect([answer.status, own.url]).toEqual([200, `https://127.0.0.1:${own.port}`]);
    await own.close();
    rmSync(dir, { recursive: true });
  });

  it('says that a certificate is none', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'tls-'));
    writeFileSync(join(dir, 'some.pem'), 'secret-canary');
    const env = { TLS_CERT_FILE: join(dir, 'some.pem'), TLS_KEY_FILE: join(dir, 'some.pem') };
    await expect(startEchoServer({ env })).rejects.toThrow(
      /^TLS_CERT_FILE and TLS_KEY_FILE are not a PEM certificate and its key \(ERR_\w+\)\.$/,
    );
    rmSync(dir, { recursive: true });
  });

  it('believes a trusted proxy about the client, and answers to the public name', async () => {
    const own = await startEchoServer({
      env: { TRUSTED_PROXIES: '127.0.0.0/8', PUBLIC_BASE_URL: 'https://switchboard.example.com' },
    });
    const signed = await signedHeaders('switchboard.example.com', { path: '/v1/services/x' });
    const headers = { ...signed, 'x-forwarded-for': '6.6.6.6, 198.51.100.9' };
    expect((await send({ port: own.port, target: '/v1/services/x', headers })).status).toBe(200);
    await own.close();
    expect(own.events[0]?.requestContext.identity.sourceIp).toBe('198.51.100.9');
    expect(own.events[0]?.headers['X-Forwarded-For']).toBe('198.51.100.9');
  });
});

function once(emitter: net.Socket, name: string): Promise<unknown[]> {
  return Promise.race([
    new Promise<unknown[]>(resolve => emitter.once(name, (...args) => resolve(args))),
    sleep(10_000).then(() => Promise.reject(new Error(`no ${name} within 10 s`))),
  ]);
}
