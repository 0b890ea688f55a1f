import type { RootKey } from './processes.ts';
import { type Request, signed } from './requests.ts';

/** Settings that let in as many calls as come, to a server on loopback. */
export const FOR_AGENTS = {
  ALLOW_INSECURE_HTTP: 'true',
  ALLOWED_PRIVATE_CIDRS: '127.0.0.0/8',
  QUOTA_REQUESTS_PER_MINUTE_PER_TOKEN: '100000000',
  QUOTA_REQUESTS_PER_MINUTE_PER_SPACE: '100000000',
};

const VERSION = '2026-07-28';

/** A call as a client of today's protocol sends it. */
export function toolCall(
  origin: string,
  path: string,
  tool: string,
  more: Record<string, string> = {},
): Request {
  const _meta = {
    'io.modelcontextprotocol/protocolVersion': VERSION,
    'io.modelcontextprotocol/clientInfo': { name: 'bench', version: '1.0.0' },
    'io.modelcontextprotocol/clientCapabilities': {},
  };
  const params = { name: tool, arguments: { text: 'x'.repeat(100) }, _meta };
  return {
    origin,
    path,
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      'mcp-protocol-version': VERSION,
      'mcp-method': 'tools/call',
      'mcp-name': tool,
      ...more,
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params }),
  };
}

/** An agent space whose agents may call the tool of one server. */
export interface Agents {
  path: string;
  token: string;
}

/** Registers the server and makes the space, as people do. */
export async function prepareSpace(port: number, key: RootKey, endpoint: string): Promise<Agents> {
  const post = async (path: string, input: object) => {
    const body = JSON.stringify(input);
    const request = { origin: `http://127.0.0.1:${port}`, method: 'POST' as const, path, headers: {}, body };
    const { headers } = await signed(request, key);
    const { host: _, ...sent } = headers;
    const answer = await fetch(new URL(path, request.origin), { method: 'POST', headers: sent, body });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${text}`);
    return JSON.parse(text);
  };
  const apiKey = { apiKeyName: 'bench', apiKeyHeader: 'x-api-key', apiKeyValue: 'a-key-that-nobody-checks' };
  const mcpserver = { name: 'bench', endpoint, authorizationConfig: { apiKey } };
  const { serviceId } = await post('/v1/register/mcpserver', {
    serviceDetails: { mcpserver },
  });
  const { agentSpaceId } = (await post('/v1/agentspaces', { name: 'bench' })).agentSpace;
  const space = `/v1/agentspaces/${agentSpaceId}`;
  await post(`${space}/associations`, { serviceId, configuration: { mcpserver: { tools: ['echo'] } } });
  const { tokenValue } = await post(`${space}/access-tokens`, { name: 'bench', scope: 'read' });
  return { path: `${space}/mcp/bench`, token: tokenValue };
}
