import { Client as ModernClient, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { Client as V1Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as V1Transport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { AgentClient, AgentResult, Endpoint } from './agentClient.ts';

const IMPLEMENTATION = { name: 'test', version: '1' };

/** Looks at the token for each request: it may be exchanged for another. */
const withToken = (endpoint: Endpoint) => ({
  fetch: (url: string | URL, init: RequestInit = {}) => {
    const headers = new Headers(init.headers);
    headers.set('authorization', `Bearer ${endpoint.token}`);
    return fetch(url, { ...init, headers });
  },
});

/** The v2 SDK's client: 2026-07-28 where `auto`, the earlier handshake where `legacy`. */
export async function v2Client(endpoint: Endpoint, mode: 'auto' | 'legacy') {
  const client = new ModernClient(IMPLEMENTATION, { versionNegotiation: { mode } });
  await client.connect(new StreamableHTTPClientTransport(new URL(endpoint.url), withToken(endpoint)));
  return client;
}

/** The v1 SDK's client. */
export async function v1Client(endpoint: Endpoint) {
  const client = new V1Client(IMPLEMENTATION);
  // The cast: v1's own class does not satisfy its interface under exactOptionalPropertyTypes.
  await client.connect(new V1Transport(new URL(endpoint.url), withToken(endpoint)) as never);
  return client;
}

/** What tests use of a client of either line of the SDK. */
export function asAgent(client: ModernClient | V1Client): AgentClient {
  const line = client as ModernClient;
  return {
    list: async () => (await line.listTools()).tools.map(({ name }) => name),
    async call(name, args = {}, options = {}) {
      const params = { name, arguments: args };
      if (client instanceof V1Client) {
        return (await client.callTool(params, undefined, options)) as AgentResult;
      }
      return (await client.callTool(params, options)) as AgentResult;
    },
    close: () => line.close(),
  };
}
