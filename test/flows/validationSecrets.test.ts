import type { RequestListener } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Egress } from '../../lib/egress/types.ts';
import { staticAuthorizer } from '../../lib/mcp/authorizer.ts';
import { listServerTools } from '../../lib/mcp/fetchCatalogue.ts';
import type { StepResult } from '../../lib/mcp/types.ts';
import { validateServer } from '../../lib/mcp/validate.ts';
import { startModern } from '../support/mcp/modern.ts';
import { startTlsServer } from '../support/mcp/tlsServer.ts';
import {
  AUTH,
  CANARY,
  canarySpellings,
  connectionTo,
  handshaking,
  loopbackEgress,
  rpcListener,
} from './validationSupport.ts';

let egress: Egress;
beforeAll(async () => {
  egress = await loopbackEgress();
});
afterAll(() => egress.close());

const sound = { name: 'sound', inputSchema: { type: 'object' } };
/** A credential that fits into a host name. */
const HOST_LIKE = 'hostlike77secret';

const inBase64 = Buffer.from(CANARY).toString('base64');

/** Definitions that repeat the credential, in every place that a server fills. */
const ECHOING_TOOLS: Record<string, object> = {
  'a name': { name: CANARY, inputSchema: { type: 'object' } },
  'a description': { ...sound, description: `use ${CANARY}` },
  'a whole header': { ...sound, description: AUTH.value },
  'a URL-encoded description': { ...sound, description: encodeURIComponent(CANARY) },
  'a base64 description': { ...sound, description: `data:${inBase64}` },
  'a default': { ...sound, inputSchema: { type: 'object', properties: { a: { default: CANARY } } } },
  'a property name': { ...sound, inputSchema: { type: 'object', properties: { [CANARY]: {} } } },
  'an unknown member': { ...sound, 'x-vendor': [{ deep: CANARY }] },
  'a malformed tool': { name: CANARY, inputSchema: 'none' },
};

const echoingHandshake = handshaking(() => ({ result: { tools: [sound] } }), {
  name: CANARY,
  version: inBase64,
});

const discovery = {
  resultType: 'complete',
  supportedVersions: ['2026-07-28', CANARY],
  capabilities: { tools: {}, experimental: { [CANARY]: { a: CANARY } } },
  instructions: CANARY,
  ttlMs: 0,
  cacheScope: 'private',
  _meta: { 'io.modelcontextprotocol/serverInfo': { name: CANARY, version: CANARY } },
};

function status(code: number, headers: Record<string, string>, body = ''): RequestListener {
  return (request, response) => {
    request.resume();
    response.writeHead(code, headers).end(body);
  };
}

/** Servers that put the credential wherever a report could take it from. */
const HOSTILE: Record<string, RequestListener> = {
  'the scheme of a 401': status(401, { 'www-authenticate': `${CANARY} realm="${inBase64}"` }),
  'the type of an answer': status(200, { 'content-type': `text/${inBase64}` }, CANARY),
  'the target of a redirect': status(307, { location: `https://${HOST_LIKE}.example.com/${inBase64}` }),
  'an error in an HTTP error': status(
    400,
    { 'content-type': 'application/json' },
    JSON.stringify({ jsonrpc: '2.0', id: 0, error: { code: -32000, message: CANARY, data: CANARY } }),
  ),
  'the name of the server': rpcListener(echoingHandshake),
  'the protocol version': rpcListener(({ method }) =>
    method === 'initialize'
      ? { result: { protocolVersion: CANARY, capabilities: {}, serverInfo: { name: 'x', version: '1' } } }
      : { error: { code: -32601, message: CANARY } },
  ),
  'the discovery': rpcListener(({ method }) =>
    method === 'server/discover'
      ? { result: discovery }
      : { result: { resultType: 'complete', tools: [sound], ttlMs: 0, cacheScope: 'private' } },
  ),
  'a page cursor': rpcListener(handshaking(() => ({ result: { tools: [sound], nextCursor: CANARY } }))),
  'the error of a list': rpcListener(
    handshaking(() => ({ error: { code: -32603, message: `no ${AUTH.value}` } })),
  ),
};

function expectNoCanary(value: unknown): void {
  const text = JSON.stringify(value);
  for (const spelling of [...canarySpellings(), HOST_LIKE]) expect(text).not.toContain(spelling);
}

describe('the credential is not in the report when a server repeats it in', () => {
  it.each(Object.keys(HOSTILE))('%s', async name => {
    const peer = await startTlsServer(HOSTILE[name] ?? status(500, {}));
    const told: StepResult[] = [];
    const headers = { Authorization: AUTH.value, 'X-Second-Key': HOST_LIKE };
    const connection = connectionTo(peer.url, egress, { authorizer: staticAuthorizer(headers) });
    const report = await validateServer(connection, { onStep: step => told.push(step) });
    const thrown = await listServerTools(connection).catch(error => ({
      ...error,
      message: error.message,
      stack: error.stack,
      cause: error.cause,
    }));
    await peer.close();
    expect(peer.requests.every(({ credentials }) => credentials.authorization === AUTH.value)).toBe(true);
    expectNoCanary({ report, told, thrown });
  });

  it.each(Object.keys(ECHOING_TOOLS))('%s of a tool, which is left out', async name => {
    const tools = [{ ...ECHOING_TOOLS[name] }, { name: 'other', inputSchema: { type: 'object' } }];
    const peer = await startTlsServer(rpcListener(handshaking(() => ({ result: { tools } }))));
    const report = await validateServer(connectionTo(peer.url, egress));
    await peer.close();
    expect(report.tools?.map(tool => tool.name)).toEqual(['other']);
    expect(report.warnings[0]?.code).toBe(
      name === 'a malformed tool' ? 'TOOL_MALFORMED' : 'TOOL_ECHOES_CREDENTIAL',
    );
    expectNoCanary(report);
  });
});

describe('a header that cannot be sent', () => {
  it('is told without its value, and nothing is sent', async () => {
    const peer = await startModern();
    const headers = { Authorization: `Bearer ${CANARY}\nX-Other: 1` };
    const report = await validateServer(
      connectionTo(peer.url, egress, { authorizer: staticAuthorizer(headers) }),
    );
    await peer.close();
    expect(report.steps[5]).toMatchObject({ status: 'failed', code: 'CREDENTIAL_REJECTED' });
    expect(peer.requests).toEqual([]);
    expectNoCanary(report);
  });
});

describe('a custom header', () => {
  it('goes to the server under its own name, and is scrubbed like any other', async () => {
    const peer = await startTlsServer(
      rpcListener(() => ({ error: { code: -32000, message: `bad key ${CANARY}` } })),
      { auth: { header: 'X-Custom-Key', value: CANARY } },
    );
    const report = await validateServer(
      connectionTo(peer.url, egress, { authorizer: staticAuthorizer({ 'X-Custom-Key': CANARY }) }),
    );
    await peer.close();
    expect(report.steps[6]).toMatchObject({ code: 'HANDSHAKE_FAILED' });
    expect(peer.requests[0]?.credentials).toEqual({ 'x-custom-key': CANARY });
    expectNoCanary(report);
  });
});
