import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Egress } from '../../lib/egress/types.ts';
import { listServerTools } from '../../lib/mcp/fetchCatalogue.ts';
import { McpError } from '../../lib/mcp/mcpError.ts';
import type { ProtocolVerdict } from '../../lib/mcp/types.ts';
import { startBroken } from '../support/mcp/broken.ts';
import { startLegacy } from '../support/mcp/legacy.ts';
import { modernListener, startModern } from '../support/mcp/modern.ts';
import { startTlsServer } from '../support/mcp/tlsServer.ts';
import { connectionTo, handshaking, loopbackEgress, rpcListener } from './validationSupport.ts';

const MODERN: ProtocolVerdict = {
  kind: 'modern',
  protocolVersion: '2026-07-28',
  discover: { supportedVersions: ['2026-07-28'], capabilities: { tools: {} } },
};
const LEGACY: ProtocolVerdict = { kind: 'legacy', protocolVersion: '2025-11-25' };

let egress: Egress;
const cleanups: (() => Promise<void>)[] = [];

beforeAll(async () => {
  egress = await loopbackEgress();
});
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});
afterAll(() => egress.close());

async function started<T extends { close(): Promise<void> }>(starting: Promise<T>): Promise<T> {
  const peer = await starting;
  cleanups.push(() => peer.close());
  return peer;
}

function methods(peer: { requests: { method: string }[] }): string {
  return peer.requests.map(({ method }) => method).join(' ');
}

describe('the catalogue of a server', () => {
  it('of 2026-07-28 takes one request when that is known', async () => {
    const peer = await started(startModern());
    const { tools, verdict, warnings } = await listServerTools(
      connectionTo(peer.url, egress, { verdict: MODERN }),
    );
    expect(tools.map(tool => tool.name)).toEqual(['echo', 'add', 'write_note']);
    expect({ verdict, warnings }).toEqual({ verdict: MODERN, warnings: [] });
    expect(methods(peer)).toBe('POST');
  });

  it('of 2025-11-25 takes four requests when that is known, and leaves no session', async () => {
    const peer = await started(startLegacy());
    const { tools, verdict } = await listServerTools(connectionTo(peer.url, egress, { verdict: LEGACY }));
    expect(tools).toHaveLength(3);
    expect(verdict).toEqual(LEGACY);
    expect(methods(peer)).toBe('POST POST POST DELETE');
    expect(peer.sessions()).toEqual([]);
  });

  it('is found again when the server went back to an earlier era', async () => {
    const peer = await started(startLegacy());
    const { tools, verdict } = await listServerTools(connectionTo(peer.url, egress, { verdict: MODERN }));
    expect(tools).toHaveLength(3);
    expect(verdict.kind).toBe('legacy');
    expect(peer.sessions()).toEqual([]);
  });

  it('is found again when the server gave up the earlier handshake', async () => {
    const { listener } = modernListener();
    const peer = await started(
      startTlsServer((request, response) => {
        if (!request.headers['mcp-method']) return void response.writeHead(400).end();
        listener(request, response);
      }),
    );
    const { verdict } = await listServerTools(connectionTo(peer.url, egress, { verdict: LEGACY }));
    expect(verdict).toEqual(MODERN);
    expect(peer.requests).toHaveLength(3);
  });

  it('is found again when what was remembered makes no sense', async () => {
    const peer = await started(startModern());
    const verdict: ProtocolVerdict = { kind: 'modern', protocolVersion: '2026-07-28', discover: 'nonsense' };
    expect((await listServerTools(connectionTo(peer.url, egress, { verdict }))).verdict).toEqual(MODERN);
  });

  it('is not asked for twice when the credential is refused', async () => {
    const peer = await started(startBroken('rejectsCredential'));
    const asked = listServerTools(connectionTo(peer.url, egress, { verdict: MODERN }));
    await expect(asked).rejects.toThrow(McpError);
    await expect(asked).rejects.toMatchObject({ code: 'CREDENTIAL_REJECTED', step: 'credential' });
    expect(peer.requests).toHaveLength(1);
  });

  it('fails with the code, step and message of a validation', async () => {
    const peer = await started(startBroken('notFound'));
    const error: McpError = await listServerTools(connectionTo(peer.url, egress)).catch(error => error);
    expect(error).toBeInstanceOf(McpError);
    expect(error).toMatchObject({ code: 'TRANSPORT_NOT_MCP', step: 'transport' });
    expect(error.message).toContain('HTTP 404');
    expect(error.cause).toBeUndefined();
  });

  it('keeps members that no specification names', async () => {
    const peer = await started(startBroken('unknownToolMembers'));
    const { tools } = await listServerTools(connectionTo(peer.url, egress));
    expect(tools[1]).toEqual({
      name: 'extended',
      inputSchema: { type: 'object' },
      'x-vendor': { a: 1 },
      annotations: { readOnlyHint: true, vendorHint: 'b' },
    });
  });

  it.each([null, ''])('ends at a cursor that is %o', async nextCursor => {
    const tools = [{ name: 'only', inputSchema: { type: 'object' } }];
    const peer = await started(
      startTlsServer(rpcListener(handshaking(() => ({ result: { tools, nextCursor } })))),
    );
    expect((await listServerTools(connectionTo(peer.url, egress))).tools).toEqual(tools);
  });

  it.each([
    ['tools that are no list', { tools: {} }],
    ['no tools', {}],
    ['a cursor that is no text', { tools: [], nextCursor: 7 }],
  ])('is refused with %s', async (_name, result) => {
    const peer = await started(startTlsServer(rpcListener(handshaking(() => ({ result })))));
    await expect(listServerTools(connectionTo(peer.url, egress))).rejects.toMatchObject({
      code: 'TOOLS_LIST_FAILED',
    });
  });

  it('is refused when its pages together are too large', async () => {
    const description = 'a'.repeat(3 * 1024 * 1024);
    const page = ({ params }: { params?: { cursor?: string } }) => {
      const number = Number(params?.cursor ?? 0);
      const tools = [{ name: `tool_${number}`, description, inputSchema: { type: 'object' } }];
      return { result: { tools, ...(number < 5 && { nextCursor: String(number + 1) }) } };
    };
    const peer = await started(startTlsServer(rpcListener(handshaking(page))));
    const listed = listServerTools(connectionTo(peer.url, egress));
    await expect(listed).rejects.toMatchObject({ code: 'TOOLS_LIST_TOO_LARGE' });
  });

  it('is refused when one page is too large', async () => {
    const tools = [
      { name: 'large', description: 'a'.repeat(9 * 1024 * 1024), inputSchema: { type: 'object' } },
    ];
    const peer = await started(startTlsServer(rpcListener(handshaking(() => ({ result: { tools } })))));
    const listed = listServerTools(connectionTo(peer.url, egress));
    await expect(listed).rejects.toMatchObject({ code: 'TOOLS_LIST_TOO_LARGE' });
  });

  it('is not answered with questions: the client offers nothing that could be asked', async () => {
    const declared: unknown[] = [];
    const peer = await started(
      startTlsServer(
        rpcListener(call => {
          if (call.method === 'initialize') declared.push(call.params);
          return handshaking(() => ({ result: { tools: [] } }))(call);
        }),
      ),
    );
    await listServerTools(connectionTo(peer.url, egress));
    expect(declared).toEqual([
      {
        protocolVersion: '2025-11-25',
        capabilities: {},
        clientInfo: { name: 'switchboard', version: expect.any(String) },
      },
    ]);
  });
});
