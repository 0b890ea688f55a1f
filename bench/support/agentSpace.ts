import type { RootKey } from './processes.ts';
import { signed } from './requests.ts';

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
