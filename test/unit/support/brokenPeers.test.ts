import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { afterEach, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { FAULT_NAMES, type FaultName, startBroken } from '../../support/mcp/broken.ts';
import { SSE_ENDPOINT_PATH } from '../../support/mcp/brokenHttp.ts';
import type { Peer, PeerOptions } from '../../support/mcp/tlsServer.ts';
import { trustingFetch } from '../../support/mcp/trustingFetch.ts';

const open: { close(): Promise<unknown> }[] = [];
const shown = new Set<FaultName>();

afterEach(async () => {
  for (const closable of open.splice(0).reverse()) await closable.close();
});

async function start<Name extends FaultName>(name: Name, options?: PeerOptions) {
  shown.add(name);
  const peer = await startBroken(name, options);
  open.push(peer);
  return peer;
}

function trusting(peer: Peer, headers?: Record<string, string>) {
  const door = trustingFetch(peer.caPem, headers);
  open.push(door);
  return door.fetch;
}

/** Posts something like MCP, redirects left alone; gives up after `timeoutMs`, which a busy machine does not reach. */
function post(peer: Peer, headers?: Record<string, string>, timeoutMs = 50_000) {
  return trusting(peer, { 'content-type': 'application/json', ...headers })(peer.url, {
    method: 'POST',
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'initialize', params: {} }),
    redirect: 'manual',
    signal: AbortSignal.timeout(timeoutMs),
  });
}

async function connect(peer: Peer, mode: 'auto' | 'legacy' = 'auto', headers?: Record<string, string>) {
  const client = new Client({ name: 'self-test', version: '1.0.0' }, { versionNegotiation: { mode } });
  open.push(client);
  await client.connect(
    new StreamableHTTPClientTransport(new URL(peer.url), { fetch: trusting(peer, headers) }),
  );
  return client;
}

const anyPage = z.looseObject({ tools: z.array(z.unknown()), nextCursor: z.string().optional() });

async function listPage(client: Client, cursor?: string, timeout = 50_000) {
  const params = cursor === undefined ? {} : { cursor };
  return client.request({ method: 'tools/list', params }, anyPage, { timeout });
}

async function bytesWithin(response: Response, limit: number): Promise<number> {
  let read = 0;
  for await (const chunk of response.body ?? []) {
    read += (chunk as Uint8Array).byteLength;
    if (read > limit) break;
  }
  return read;
}

describe('faults of TLS', () => {
  it.each([
    ['expiredCertificate', 'CERT_HAS_EXPIRED'],
    ['notYetValidCertificate', 'CERT_NOT_YET_VALID'],
    ['selfSignedCertificate', 'DEPTH_ZERO_SELF_SIGNED_CERT'],
    ['unknownAuthority', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
    ['certificateForAnotherName', 'ERR_TLS_CERT_ALTNAME_INVALID'],
    ['notTls', expect.stringMatching(/^ERR_SSL_/)],
    ['closesAtOnce', 'ECONNRESET'],
  ] as const)('%s fails with %s', async (name, code) => {
    const peer = await start(name);
    await expect(post(peer)).rejects.toMatchObject({ cause: { code } });
    expect(peer.requests).toEqual([]);
  });

  it.each(['hangsBeforeTls', 'hangs'] as const)('%s never answers', async name => {
    await expect(post(await start(name), {}, 300)).rejects.toMatchObject({ name: 'TimeoutError' });
  });
});

describe('faults of HTTP', () => {
  it.each([
    ['rejectsCredential', 401, 'www-authenticate', 'Bearer error="invalid_token"'],
    ['forbidsCredential', 403, 'content-type', 'application/json'],
    ['redirectsToMetadata', 307, 'location', 'http://169.254.169.254/latest/meta-data/'],
    ['redirectsToPrivate', 307, 'location', 'https://10.0.0.1/mcp'],
    ['redirects302', 302, 'location', '/moved'],
    ['redirectsForever', 307, 'location', '/mcp'],
    ['htmlPage', 200, 'content-type', 'text/html'],
    ['notFound', 404, 'location', null],
    ['rateLimited', 429, 'retry-after', '7'],
    ['serverError', 500, 'location', null],
    ['unavailable', 503, 'retry-after', '7'],
  ] as const)('%s answers %i, %s: %s', async (name, status, header, value) => {
    const response = await post(await start(name));
    expect([response.status, response.headers.get(header)]).toEqual([status, value]);
  });

  it('sseOnly names an endpoint to GET, refuses POST, and tells who fetched it', async () => {
    const peer = await start('sseOnly');
    expect((await post(peer)).status).toBe(405);
    const stream = await trusting(peer)(peer.url, { headers: { accept: 'text/event-stream' } });
    expect(stream.headers.get('content-type')).toBe('text/event-stream');
    const { value } = (await stream.body?.getReader().read()) ?? {};
    expect(new TextDecoder().decode(value)).toContain(`event: endpoint\ndata: ${SSE_ENDPOINT_PATH}`);
    expect(peer.requests.map(({ method, path }) => `${method} ${path}`)).toEqual(['POST /mcp', 'GET /mcp']);
  });

  it.each(['endlessBody', 'endlessEvents', 'gzipBomb'] as const)('%s passes 20 MB', async name => {
    expect(await bytesWithin(await post(await start(name)), 20_000_000)).toBeGreaterThan(20_000_000);
  });

  it('dripsForever sends headers, then bytes one by one', async () => {
    const response = await post(await start('dripsForever'), {}, 3_000);
    await expect(response.text()).rejects.toMatchObject({ name: 'TimeoutError' });
  });

  it('hugeHeaders is more than the client takes', async () => {
    await expect(post(await start('hugeHeaders'))).rejects.toMatchObject({
      cause: { code: 'UND_ERR_HEADERS_OVERFLOW' },
    });
  });

  it.each([
    ['notJson', 'OK'],
    ['emptyBody', ''],
  ] as const)('%s says it is JSON', async (name, body) => {
    const response = await post(await start(name));
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(await response.text()).toBe(body);
  });

  it('closesMidResponse cuts the body', async () => {
    const response = await post(await start('closesMidResponse'));
    expect(response.status).toBe(200);
    await expect(response.text()).rejects.toThrow('terminated');
  });

  it('redirectsWithinOrigin leads to a server that works', async () => {
    const client = await connect(await start('redirectsWithinOrigin'));
    expect((await client.listTools()).tools).toHaveLength(3);
  });

  it('redirectsCrossOrigin leads to a server that works and records what arrives', async () => {
    const peer = await start('redirectsCrossOrigin');
    expect((await post(peer)).headers.get('location')).toBe(peer.target.url);
    expect(new URL(peer.target.url).origin).not.toBe(new URL(peer.url).origin);
    await trusting(peer, { 'x-api-key': 'canary' })(peer.url, { method: 'POST', body: '{}' });
    expect(peer.target.requests).toMatchObject([{ method: 'POST', credentials: { 'x-api-key': 'canary' } }]);
  });
});

const SECRET = 'canary +/=';
const SPELLINGS = [SECRET, encodeURIComponent(SECRET), Buffer.from(SECRET).toString('base64')];

describe('echoes of the credential', () => {
  const auth = { header: 'x-own-key', value: SECRET };

  it.each(['echoesCredential', 'echoesCredentialInError'] as const)('%s spells it three ways', async name => {
    const body = await (await post(await start(name, { auth }), { 'x-own-key': SECRET })).text();
    for (const spelling of SPELLINGS) expect(body).toContain(spelling);
  });

  it('echoesCredentialAtToolsList does so after the handshake', async () => {
    const client = await connect(await start('echoesCredentialAtToolsList', { auth }), 'auto', {
      'x-own-key': SECRET,
    });
    const error = await listPage(client).catch((reason: Error) => reason);
    for (const spelling of SPELLINGS) expect(String(error)).toContain(spelling);
  });
});

describe.each(['auto', 'legacy'] as const)('faults of MCP, %s', mode => {
  it.each([
    'toolWithoutName',
    'toolNameNotText',
    'toolWithoutInputSchema',
    'toolInputSchemaNotAnObject',
    'toolIsNull',
  ] as const)('%s spoils the list for the SDK, beside a sound tool', async name => {
    const client = await connect(await start(name), mode);
    // The path into the answer: the second tool is the one at fault.
    await expect(client.listTools()).rejects.toThrow(/"tools",\s+1/);
    // In the modern era the SDK checks its own schema before the one it is given.
    if (mode === 'auto') return;
    const { tools } = await listPage(client);
    expect(tools).toHaveLength(2);
    expect(tools[0]).toMatchObject({ name: 'tool_001' });
  });

  it.each([
    ['duplicateTools', [{ name: 'twin' }, { name: 'twin' }]],
    ['unknownToolMembers', [{ 'x-vendor': { a: 1 }, annotations: { vendorHint: 'b' } }]],
    ['oddToolNames', [{ name: 'with space' }, { name: 'with\nnewline' }, { name: '' }, {}, {}]],
  ] as const)('%s arrives as it is', async (name, expected) => {
    const { tools } = await listPage(await connect(await start(name), mode));
    expect(tools.slice(1)).toMatchObject(expected);
  });

  it('hugeDescription is 5 MB', async () => {
    const { tools } = await listPage(await connect(await start('hugeDescription'), mode));
    expect(JSON.stringify(tools).length).toBeGreaterThan(5_000_000);
  });

  it('hangsAtToolsList shakes hands first', async () => {
    const client = await connect(await start('hangsAtToolsList'), mode);
    await expect(listPage(client, undefined, 300)).rejects.toMatchObject({ code: 'REQUEST_TIMEOUT' });
  });

  it('cursorLoop and endlessPages never come to an end', async () => {
    const loop = await connect(await start('cursorLoop'), mode);
    expect((await listPage(loop)).nextCursor).toBe('again');
    expect((await listPage(loop, 'again')).nextCursor).toBe('again');
    const endless = await connect(await start('endlessPages'), mode);
    expect((await listPage(endless, '7')).nextCursor).toBe('8');
  });

  it('fiftyPages holds 100 tools', async () => {
    const peer = await start('fiftyPages');
    const { tools } = await (await connect(peer, mode)).listTools();
    expect([tools.length, peer.listed.length]).toEqual([100, 50]);
  });

  it('unknownVersion and notMcp fail the handshake', async () => {
    await expect(connect(await start('unknownVersion'), mode)).rejects.toThrow('1999-01-01');
    await expect(connect(await start('notMcp'), mode)).rejects.toThrow('Method not found');
  });

  it('withoutTools offers none, emptyToolList offers an empty list', async () => {
    const without = await connect(await start('withoutTools'), mode);
    expect(without.getServerCapabilities()?.tools).toBeUndefined();
    await expect(listPage(without)).rejects.toThrow();
    const empty = await connect(await start('emptyToolList'), mode);
    expect(empty.getServerCapabilities()?.tools).toBeDefined();
    expect((await listPage(empty)).tools).toEqual([]);
  });
});

it('every fault is shown above', () => {
  expect(FAULT_NAMES.filter(name => !shown.has(name))).toEqual([]);
});
