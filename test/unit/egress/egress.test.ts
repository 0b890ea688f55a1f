import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { afterEach, describe, expect, it } from 'vitest';
import { createEgress } from '../../../lib/egress/egress.ts';
import type { EgressPhase } from '../../../lib/egress/types.ts';
import { startLegacy } from '../../support/mcp/legacy.ts';
import { startModern } from '../../support/mcp/modern.ts';
import { asks, closeAll, closeLater, door, egressFailure, serve } from './doors.ts';

afterEach(closeAll);

/** Answers with what arrived. */
const echo = () =>
  serve(async (request, response) => {
    const body = Buffer.concat(await request.toArray()).toString();
    const { method, url, headers } = request;
    response.setHeader('set-cookie', ['a=1', 'b=2']);
    response.end(JSON.stringify({ method, url, headers, body }));
  });

describe('a fetch through the door', () => {
  it('is a standard fetch: text, forms, streams, URL and Request objects', async () => {
    const { url } = await echo();
    const send = (await door()).fetchFor(asks());
    const response = await send(`${url}?a=b`, { method: 'POST', body: 'text', headers: { 'X-Own': 'é' } });
    expect(response).toBeInstanceOf(Response);
    expect(response).toMatchObject({ status: 200, ok: true, statusText: 'OK', url: `${url}?a=b` });
    expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
    expect(await response.json()).toMatchObject({ method: 'POST', url: '/mcp?a=b', body: 'text' });

    const form = await send(new URL(url), { method: 'PUT', body: new URLSearchParams({ a: 'b c' }) });
    const type = 'application/x-www-form-urlencoded;charset=UTF-8';
    expect(await form.json()).toMatchObject({
      method: 'PUT',
      body: 'a=b+c',
      headers: { 'content-type': type },
    });

    const stream = new Blob(['streamed']).stream();
    const streamed = await send(url, { method: 'POST', body: stream, duplex: 'half' } as RequestInit);
    expect(await streamed.json()).toMatchObject({ body: 'streamed' });

    const request = new Request(url, { method: 'POST', body: 'in it', headers: { 'x-a': '1' } });
    expect(await (await send(request)).json()).toMatchObject({ body: 'in it', headers: { 'x-a': '1' } });
  });

  it('sends the hop header and identity encoding, and none of the connection headers given', async () => {
    const { url } = await echo();
    const send = (await door()).fetchFor(asks());
    const given = { host: 'other.example', connection: 'close', te: 'trailers', 'accept-encoding': 'gzip' };
    const { headers } = (await (await send(url, { headers: given })).json()) as { headers: object };
    expect(headers).toMatchObject({ 'x-switchboard-hop': '1', 'accept-encoding': 'identity' });
    expect(headers).toMatchObject({ host: new URL(url).host, connection: 'keep-alive' });
    expect(headers).not.toHaveProperty('te');
  });

  it('refuses to pass a request on that has passed through a Switchboard', async () => {
    const peer = await echo();
    const send = (await door()).fetchFor(asks());
    const failure = await egressFailure(send(peer.url, { headers: { 'X-Switchboard-Hop': '1' } }));
    expect(failure).toMatchObject({ code: 'LOOP_DETECTED', phase: 'url' });
    expect(peer.requests).toEqual([]);
  });

  it('answers HEAD, 204 and 304 without a body', async () => {
    const { url } = await serve((request, response) => {
      response.writeHead(Number(new URL(request.url ?? '', 'https://x').searchParams.get('status') ?? 200));
      response.end();
    });
    const send = (await door()).fetchFor(asks());
    for (const [query, method] of [
      ['', 'HEAD'],
      ['?status=204', 'DELETE'],
      ['?status=304', 'GET'],
    ] as const) {
      const response = await send(url + query, { method });
      expect(response.body).toBeNull();
    }
    expect(await (await send(url)).text()).toBe('');
  });

  it('serves the MCP client in both eras', async () => {
    for (const [start, mode] of [
      [startModern, 'auto'],
      [startLegacy, 'legacy'],
    ] as const) {
      const peer = await start({ auth: { header: 'x-api-key', value: 'k' } });
      closeLater(() => peer.close());
      const fetch = (await door()).fetchFor(asks());
      const client = new Client({ name: 't', version: '1' }, { versionNegotiation: { mode } });
      const requestInit = { headers: { 'x-api-key': 'k' } };
      await client.connect(new StreamableHTTPClientTransport(new URL(peer.url), { fetch, requestInit }));
      expect((await client.listTools()).tools.length).toBeGreaterThan(0);
      await client.close();
    }
  });

  it('reaches http:// inside the opened ranges when told to, and not otherwise', async () => {
    const server = createServer((_request, response) => response.end('plain')).listen(0, '127.0.0.1');
    await new Promise(resolve => server.once('listening', resolve));
    closeLater(async () => server.close().closeAllConnections());
    const url = `http://name.test:${(server.address() as AddressInfo).port}/`;
    const phases: string[] = [];
    const insecure = (await door({ allowInsecureHttp: true })).fetchFor(
      asks({ onPhase: phase => phases.push(phase) }),
    );
    expect(await (await insecure(url)).text()).toBe('plain');
    expect(phases).toEqual(['resolve', 'connect', 'request']);
    const strict = (await door()).fetchFor(asks());
    expect(await egressFailure(strict(url))).toMatchObject({ code: 'INSECURE_HTTP_REFUSED' });
    const lookup = async () => [{ address: '8.8.8.8', family: 4 as const }];
    const elsewhere = (await door({ allowInsecureHttp: true, lookup })).fetchFor(asks());
    expect(await egressFailure(elsewhere(url))).toMatchObject({ code: 'INSECURE_HTTP_REFUSED' });
  });

  it('ignores proxies named in the environment', async () => {
    const { url } = await echo();
    const names = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'ALL_PROXY'];
    for (const name of names) process.env[name] = 'http://127.0.0.1:9';
    try {
      expect((await (await door()).fetchFor(asks())(url)).status).toBe(200);
    } finally {
      for (const name of names) delete process.env[name];
    }
  });
});

describe('phases', () => {
  it('are reported once per new connection; a pooled one reports only the request', async () => {
    const { port } = await echo();
    const egress = await door();
    const seen: [EgressPhase, number][] = [];
    const send = egress.fetchFor(asks({ onPhase: (...phase) => seen.push(phase) }));
    await (await send(`https://localhost:${port}/`)).text();
    expect(seen.map(([phase]) => phase)).toEqual(['resolve', 'connect', 'tls', 'request']);
    expect(seen.every(([, ms]) => ms >= 0 && ms < 10_000)).toBe(true);
    seen.length = 0;
    await (await send(`https://localhost:${port}/`)).text();
    expect(seen.map(([phase]) => phase)).toEqual(['request']);
  });

  it('are reported to the request that the connection was opened for', async () => {
    const { port } = await echo();
    const egress = await door();
    const reports = ['a', 'b', 'c'].map(() => [] as EgressPhase[]);
    const sent = reports.map(seen =>
      egress.fetchFor(asks({ onPhase: phase => seen.push(phase) }))(`https://localhost:${port}/`),
    );
    await Promise.all((await Promise.all(sent)).map(response => response.text()));
    for (const seen of reports) expect(seen).toEqual(['resolve', 'connect', 'tls', 'request']);
  });
});

describe('aborting', () => {
  const hanging = () => serve(() => {});

  it.each([
    ['an Error', new Error('mine')],
    ['a text', 'mine'],
  ])('hands back the reason of the caller: %s', async (_kind, reason) => {
    const { url } = await hanging();
    const own = new AbortController();
    const send = (await door()).fetchFor(asks());
    setTimeout(() => own.abort(reason), 50);
    await expect(send(url, { signal: own.signal })).rejects.toBe(reason);
    await expect(send(url, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    const request = new Request(url, { signal: AbortSignal.abort(reason) });
    await expect(send(request)).rejects.toBe(reason);
  });

  it('ends while the name is resolved', async () => {
    const reason = new Error('mine');
    // Beyond the test's own time-out: only the abort can end it.
    const stuck = { lookup: () => new Promise<never>(() => {}), limits: { resolveTimeoutMs: 600_000 } };
    const send = (await door(stuck)).fetchFor(asks());
    await expect(send('https://slow.test/', { signal: AbortSignal.timeout(20) })).rejects.toMatchObject({
      name: 'TimeoutError',
    });
    const all = (await door(stuck)).fetchFor(asks({ signal: AbortSignal.abort(reason) }));
    await expect(all('https://slow.test/')).rejects.toBe(reason);
  });

  it('ends a body half-way with the reason, through the door-wide signal too', async () => {
    let closed = 0;
    const { url } = await serve((request, response) => {
      request.socket.on('close', () => closed++);
      response.write('first');
    });
    for (const through of ['init', 'options'] as const) {
      const reason = new Error(through);
      const own = new AbortController();
      const egress = await door();
      const send = egress.fetchFor(asks(through === 'options' ? { signal: own.signal } : {}));
      const response = await send(url, through === 'init' ? { signal: own.signal } : {});
      const reader = response.body?.getReader();
      expect(Buffer.from((await reader?.read())?.value ?? []).toString()).toBe('first');
      own.abort(reason);
      await expect(reader?.read()).rejects.toBe(reason);
    }
    await expect.poll(() => closed).toBe(2);
  });

  it('cuts the connection when the reader cancels, even unread', async () => {
    let closed = 0;
    const { url } = await serve((request, response) => {
      request.socket.on('close', () => closed++);
      response.write('x'.repeat(1_000));
    });
    const send = (await door()).fetchFor(asks());
    await (await send(url)).body?.cancel();
    await expect.poll(() => closed).toBe(1);
  });
});

describe('streaming', () => {
  it('hands chunks on as they come', async () => {
    let next = () => {};
    const { url } = await serve((_request, response) => {
      response.write('one');
      next = () => response.end('two');
    });
    const reader = (await (await door()).fetchFor(asks())(url)).body?.getReader();
    expect(Buffer.from((await reader?.read())?.value ?? []).toString()).toBe('one');
    next();
    expect(Buffer.from((await reader?.read())?.value ?? []).toString()).toBe('two');
    expect((await reader?.read())?.done).toBe(true);
  });
});

describe('createEgress', () => {
  it('names the variable that is wrong', () => {
    const config = { allowedPrivateCidrs: [], allowInsecureHttp: false, ownHosts: [] };
    expect(() => createEgress({ ...config, allowedPrivateCidrs: ['10.0.0.0'] })).toThrow(
      'ALLOWED_PRIVATE_CIDRS',
    );
    const broken = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----';
    for (const extraCaPem of ['', 'no pem', broken]) {
      expect(() => createEgress({ ...config, extraCaPem })).toThrow('EGRESS_CA_FILE');
    }
  });

  it('takes no request after close, and close ends those under way', async () => {
    const { url } = await serve((_request, response) => void response.write('first'));
    const egress = await door();
    const send = egress.fetchFor(asks());
    const response = await send(url);
    await egress.close();
    expect(await egressFailure(response.text())).toMatchObject({ code: 'CONNECTION_LOST' });
    expect(await egressFailure(send(url))).toMatchObject({ code: 'CONNECT_FAILED' });
  });
});
