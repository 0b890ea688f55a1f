import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import type { Endpoint } from './agentClient.ts';
import { programOf, type Sandbox } from './program.ts';

const PROXY = programOf('mcp-remote/dist/proxy.js');

/** `mcp-remote`, which programs start that speak to local servers alone, with the SDK's client in front. */
export async function mcpRemoteClient({ url, token }: Endpoint, { env }: Sandbox, mode: 'auto' | 'legacy') {
  const client = new Client({ name: 'test', version: '1' }, { versionNegotiation: { mode } });
  const header = `authorization: Bearer ${token}`;
  const args = [PROXY, url, '--allow-http', '--transport', 'http-only', '--header', header];
  await client.connect(new StdioClientTransport({ command: process.execPath, args, env, stderr: 'ignore' }));
  return client;
}
