import { Client as ModernClient, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { Client as V1Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as V1Transport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { AgentClient, AgentResult, Endpoint } from './agentClient.ts';

const IMPLEMENTATION = { name: 'test', version: '1' };

const headersOf = ({ token }: Endpoint) => ({
  requestInit: { headers: { authorization: `Bearer ${token}` } },
});

/** The v2 SDK's client: 2026-07-28 where `auto`, the earlier handshake where `legacy`. */
export async function v2Client(endpoint: Endpoint, mode: 'auto' | 'legacy') {
  const client = new ModernClient(IMPLEMENTATION, { versionNegotiation: { mode } });
  await client.connect(new StreamableHTTPClientTransport(new URL(endpoint.url), headersOf(endpoint)));
  return client;
}

/** The v1 SDK's client. */
export async function v1Client(endpoint: Endpoint) {
  const client = new V1Client(IMPLEMENTATION);
  // The cast: v1's own class does not satisfy its interface under exactOptionalPropertyTypes.
  await client.connect(new V1Transport(new URL(endpoint.url), headersOf(endpoint)) as never);
  return client;
}

/** What tests use of a client of either line of the SDK. */
export function asAgent(client: ModernClient | V1Client): AgentClient {
  const line = client as ModernClient;
  return {
    list: async () => (await line.listTools()).tools.map(({ name }) => name),
    async call(name, args = {}, onProgress) {
      const options = onProgress && { onprogress: onProgress };
      if (client instanceof V1Client) {
        return (await client.callTool({ name, arguments: args }, undefined, options)) as AgentResult;
      }
      return (await client.callTool({ name, arguments: args }, options)) as AgentResult;
    },
    close: () => line.close(),
  };
}
