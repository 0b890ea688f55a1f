import type { RequestListener } from 'node:http';
import { json } from 'node:stream/consumers';
import { createEgress } from '../../lib/egress/egress.ts';
import type { Egress, EgressConfig } from '../../lib/egress/types.ts';
import { staticAuthorizer } from '../../lib/mcp/authorizer.ts';
import type { ServerConnection } from '../../lib/mcp/types.ts';
import { sharedTestCa } from '../support/certificates.ts';

/** Found nowhere else, and changed by URL-encoding, base64 and JSON alike. */
export const CANARY = 'canary-3f9a"1c/7+d2&e8';

export const AUTH = { header: 'authorization', value: `Bearer ${CANARY}` };

/** The real egress, opened to loopback alone, trusting the authority of the test servers. */
export async function loopbackEgress(config: Partial<EgressConfig> = {}): Promise<Egress> {
  const { caPem } = await sharedTestCa();
  return createEgress({
    allowedPrivateCidrs: ['127.0.0.0/8'],
    allowInsecureHttp: false,
    extraCaPem: caPem,
    ownHosts: [],
    ...config,
  });
}

/** A connection that carries the canary as its credential. */
export function connectionTo(
  endpoint: string,
  egress: Egress,
  more: Partial<ServerConnection> = {},
): ServerConnection {
  return {
    accountId: '000000000000',
    endpoint,
    egress,
    authorizer: staticAuthorizer({ Authorization: AUTH.value }),
    ...more,
  };
}

/** The canary in the spellings that it may leak in. */
export function canarySpellings(): string[] {
  const base64 = Buffer.from(CANARY).toString('base64');
  const whole = Buffer.from(AUTH.value).toString('base64');
  return [CANARY, JSON.stringify(CANARY).slice(1, -1), encodeURIComponent(CANARY), base64, whole, '3f9a'];
}

export interface RpcCall {
  id?: string | number;
  method?: string;
  params?: { cursor?: string };
}

/** Answers JSON-RPC by hand, for what no SDK would say; `undefined` never answers. */
export function rpcListener(
  answer: (call: RpcCall) => object | undefined,
  headers: Record<string, string> = {},
): RequestListener {
  return async (request, response) => {
    if (request.method !== 'POST')
      return void response.writeHead(request.method === 'DELETE' ? 200 : 405).end();
    const call = (await json(request)) as RpcCall;
    if (call.id === undefined) return void response.writeHead(202).end();
    const body = answer(call);
    if (!body) return;
    response.writeHead(200, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify({ jsonrpc: '2.0', id: call.id, ...body }));
  };
}

/** A 2025-era server by hand; `tools` answers `tools/list`. */
export function handshaking(
  tools: (call: RpcCall) => object | undefined,
  serverInfo = { name: 'by hand', version: '1' },
) {
  return (call: RpcCall): object | undefined => {
    if (call.method === 'tools/list') return tools(call);
    if (call.method !== 'initialize') return { error: { code: -32601, message: 'Method not found' } };
    return { result: { protocolVersion: '2025-11-25', capabilities: { tools: {} }, serverInfo } };
  };
}
