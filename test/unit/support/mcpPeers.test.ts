import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { Client as V1Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as V1Transport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { afterEach, describe, expect, it } from 'vitest';
import { startEverything } from '../../support/mcp/everything.ts';
import { startLegacy } from '../../support/mcp/legacy.ts';
import { startModern } from '../../support/mcp/modern.ts';
import type { Peer } from '../../support/mcp/tlsServer.ts';
import { trustingFetch } from '../../support/mcp/trustingFetch.ts';

const KEY = { 'x-api-key': 'canary-key-1' };
const auth = { header: 'X-Api-Key', value: 'canary-key-1' };
const implementation = { name: 'self-test', version: '1.0.0' };

const open: { close(): Promise<unknown> }[] = [];

function later<Closable extends { close(): Promise<unknown> }>(closable: Closable): Closable {
  open.unshift(closable);
  return closable;
}

afterEach(async () => {
  for (const closable of open.splice(0)) await closable.close();
});

async function connectV2(peer: Peer, mode: 'auto' | 'legacy', headers: Record<string, string> = KEY) {
  const { fetch } = later(trustingFetch(peer.caPem, headers));
  const client = later(new Client(implementation, { versionNegotiation: { mode } }));
  await client.connect(new StreamableHTTPClientTransport(new URL(peer.url), { fetch }));
  return client;
}

async function connectV1(peer: Peer, headers: Record<string, string> = KEY) {
  const { fetch } = later(trustingFetch(peer.caPem, headers));
  const client = later(new V1Client(implementation));
  await client.connect(new V1Transport(new URL(peer.url), { fetch }) as Transport);
  return client;
}

const peers = { modern: startModern, legacy: startLegacy, everything: startEverything };
const versions = { modern: '2026-07-28', legacy: '2025-11-25', everything: '2025-11-25' };

describe.each(['modern', 'legacy', 'everything'] as const)('the %s server', name => {
  const start = async () => later(await peers[name]({ auth }));

  it('serves the v2 client in the era they share', async () => {
    const peer = await start();
    const client = await connectV2(peer, 'auto');
    expect(client.getNegotiatedProtocolVersion()).toBe(versions[name]);
    const { tools } = await client.listTools();
    expect(tools.map(tool => tool.name)).toContain('echo');
    const given = { text: 'over TLS', message: 'over TLS' };
    const result = await client.callTool({ name: 'echo', arguments: given });
    expect(JSON.stringify(result.content)).toContain('over TLS');
  });

  it('serves the v1 client', async () => {
    const client = await connectV1(await start());
    const { tools } = await client.listTools();
    expect(tools.map(tool => tool.name)).toContain('echo');
    const result = await client.callTool({ name: 'echo', arguments: { text: 'hi', message: 'hi' } });
    expect(JSON.stringify(result.content)).toContain('hi');
  });

  it('records the credential, and names alone of other headers', async () => {
    const peer = await start();
    await connectV2(peer, 'auto');
    expect(peer.requests[0]).toMatchObject({ method: 'POST', path: '/mcp', credentials: KEY });
    expect(peer.requests[0]?.headerNames).toContain('content-type');
  });

  it('refuses a caller without the credential, by 401 or by 403', async () => {
    const peer = await start();
    await expect(connectV2(peer, 'auto', {})).rejects.toMatchObject({ code: 'CLIENT_HTTP_AUTHENTICATION' });
    const forbidding = later(await startModern({ auth: { ...auth, refuseWith: 403 } }));
    await expect(connectV2(forbidding, 'auto', {})).rejects.toMatchObject({ code: 'CLIENT_HTTP_FORBIDDEN' });
    expect(forbidding.calls).toEqual([]);
  });

  it('is not trusted without its root', async () => {
    const peer = await start();
    await expect(fetch(peer.url)).rejects.toMatchObject({
      cause: { code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' },
    });
  });

  it('stops listening when closed', async () => {
    const peer = await peers[name]();
    await peer.close();
    await expect(fetch(peer.url)).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } });
  });
});

describe.each(['modern', 'legacy'] as const)('the tools of the %s server', name => {
  it('change while it runs', async () => {
    const peer = later(await peers[name]());
    const client = await connectV2(peer, 'legacy');
    peer.setTools([{ name: 'fresh', inputSchema: { type: 'object' }, annotations: { readOnlyHint: true } }]);
    const { tools } = await client.listTools();
    expect(tools).toMatchObject([{ name: 'fresh', annotations: { readOnlyHint: true } }]);
    await expect(client.callTool({ name: 'echo', arguments: {} })).rejects.toThrow('Unknown tool');
    expect(peer.calls).toEqual([]);
    await client.callTool({ name: 'fresh', arguments: { text: 'a' } });
    expect(peer.calls).toEqual([{ name: 'fresh', arguments: { text: 'a' } }]);
  });

  it('come in as many pages as asked for', async () => {
    const peer = later(await peers[name]({ pages: 3, serverInfo: { name: 'paged', version: '9.8.7' } }));
    const client = await connectV2(peer, 'auto');
    expect(client.getServerVersion()).toMatchObject({ name: 'paged', version: '9.8.7' });
    const { tools } = await client.listTools();
    expect(tools.map(tool => tool.name)).toEqual(['echo', 'add', 'write_note']);
    expect(peer.listed).toEqual([undefined, 'page-1', 'page-2']);
  });
});

it('keeps and ends sessions in the legacy server', async () => {
  const peer = later(await startLegacy());
  const { fetch } = later(trustingFetch(peer.caPem));
  const client = later(new Client(implementation, { versionNegotiation: { mode: 'legacy' } }));
  const transport = new StreamableHTTPClientTransport(new URL(peer.url), { fetch });
  await client.connect(transport);
  expect(peer.sessions()).toEqual([transport.sessionId]);
  await transport.terminateSession();
  expect(peer.sessions()).toEqual([]);
});

it('streams the progress of server-everything through its proxy', async () => {
  const client = await connectV2(later(await startEverything()), 'auto', {});
  const progress: number[] = [];
  await client.callTool(
    { name: 'trigger-long-running-operation', arguments: { duration: 0.3, steps: 3 } },
    { onprogress: step => progress.push(step.progress) },
  );
  expect(progress).toEqual([1, 2, 3]);
});

it('leaves no process of server-everything behind', async () => {
  const peer = await startEverything();
  expect(process.kill(peer.pid, 0)).toBe(true);
  await peer.close();
  expect(() => process.kill(peer.pid, 0)).toThrow('ESRCH');
});
