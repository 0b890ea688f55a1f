/**
 * A process with a small MCP server over plain HTTP, stateless in both protocol eras: one tool that repeats its text.
 * Written by hand, so that what is measured is what stands before it.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

const TOOL = {
  name: 'echo',
  description: 'Repeats the text.',
  inputSchema: { type: 'object', properties: { text: { type: 'string' } }, required: ['text'] },
  annotations: { readOnlyHint: true },
};
const VERSION = '2026-07-28';
const serverInfo = { name: 'echo', version: '1.0.0' };

interface Message {
  id?: number | string;
  method: string;
  params?: { name?: string; arguments?: { text?: string }; protocolVersion?: string };
}

function resultOf({ method, params }: Message): object | undefined {
  switch (method) {
    case 'server/discover':
      return {
        supportedVersions: [VERSION],
        capabilities: { tools: {} },
        serverInfo,
        ttlMs: 0,
        cacheScope: 'private',
      };
    case 'initialize':
      return { protocolVersion: params?.protocolVersion, capabilities: { tools: {} }, serverInfo };
    case 'ping':
      return {};
    case 'tools/list':
      return { tools: [TOOL], ttlMs: 0, cacheScope: 'private' };
    case 'tools/call':
      return { content: [{ type: 'text', text: params?.arguments?.text ?? '' }] };
    default:
      return undefined;
  }
}

function answer(message: Message, response: ServerResponse): void {
  if (message.id === undefined) {
    response.writeHead(202).end();
    return;
  }
  const result = resultOf(message);
  const body = JSON.stringify({
    jsonrpc: '2.0',
    id: message.id,
    ...(result
      ? { result: { ...result, resultType: 'complete' } }
      : { error: { code: -32601, message: 'Method not found' } }),
  });
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) });
  response.end(body);
}

const server = createServer((request: IncomingMessage, response) => {
  if (request.method !== 'POST') return void response.writeHead(405).end();
  const chunks: Buffer[] = [];
  request.on('data', chunk => chunks.push(chunk));
  request.on('end', () => answer(JSON.parse(Buffer.concat(chunks).toString()), response));
});

process.on('message', () => {
  server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
});
