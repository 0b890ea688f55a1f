import { createHash, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  localhostHostValidation,
  localhostOriginValidation,
  toNodeHandler,
} from '@modelcontextprotocol/node';
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server';
import * as z from 'zod';

// A small MCP server to try Switchboard with: `npm run demo-server`. Loopback only, plain HTTP, nothing kept.

const HOST = '127.0.0.1';
const PORT = Number(process.env.DEMO_PORT ?? 4200);
const API_KEY = process.env.DEMO_API_KEY ?? 'demo-key-3f9c1d7a';
const TOKEN = process.env.DEMO_TOKEN ?? 'demo-token-8e2b6c40';

const notes: string[] = [];

function text(value: string) {
  return { content: [{ type: 'text' as const, text: value }] };
}

function createDemoServer(): McpServer {
  const server = new McpServer({ name: 'switchboard-demo', version: '1.0.0' });
  server.registerTool(
    'get_time',
    {
      description: 'Tells the time now, in UTC.',
      inputSchema: z.object({}),
      annotations: { readOnlyHint: true },
    },
    () => text(new Date().toISOString()),
  );
  server.registerTool(
    'add',
    {
      description: 'Adds two numbers.',
      inputSchema: z.object({ a: z.number(), b: z.number() }),
      annotations: { readOnlyHint: true },
    },
    ({ a, b }) => text(String(a + b)),
  );
  server.registerTool(
    'write_note',
    {
      description: 'Keeps a note until this server stops.',
      inputSchema: z.object({ note: z.string().max(1000) }),
      annotations: { readOnlyHint: false, destructiveHint: false },
    },
    ({ note }) => text(`Note ${notes.push(note)} kept.`),
  );
  return server;
}

function digest(value: string): Buffer {
  return createHash('sha256').update(value).digest();
}

function isSame(given: string, wanted: string): boolean {
  return timingSafeEqual(digest(given), digest(wanted));
}

/** Either credential will do, so that one can be rotated to the other. */
function mayEnter({ headers }: IncomingMessage): boolean {
  return (
    isSame(String(headers['x-api-key'] ?? ''), API_KEY) ||
    isSame(headers.authorization ?? '', `Bearer ${TOKEN}`)
  );
}

function fail(message: string): never {
  console.error(message);
  process.exit(1);
}

function announce(url: string): void {
  console.log(`A demo MCP server listens at ${url}`);
  console.log('  tools    get_time and add (they read), write_note (it writes)');
  console.log(
    `  API key  header x-api-key, value ${process.env.DEMO_API_KEY ? 'as in DEMO_API_KEY' : API_KEY}`,
  );
  console.log(`  or token Authorization: Bearer ${process.env.DEMO_TOKEN ? '(as in DEMO_TOKEN)' : TOKEN}`);
  console.log('Stop it with Ctrl+C.');
}

if (!Number.isInteger(PORT) || PORT < 0 || PORT > 65_535) fail('DEMO_PORT must be a port number.');
if (TOKEN === '') fail('DEMO_TOKEN must not be empty: leave it out for the demo value.');
if (API_KEY === '') fail('DEMO_API_KEY must not be empty: leave it out for the demo value.');

// The guards keep web pages that a browser has open from reaching it by DNS rebinding.
const validHost = localhostHostValidation();
const validOrigin = localhostOriginValidation();
const handle = toNodeHandler(createMcpHandler(createDemoServer));

const server = createServer((request, response) => {
  if (!validHost(request, response) || !validOrigin(request, response)) return;
  if (request.url?.split('?')[0] !== '/mcp') return void response.writeHead(404).end('Not here: /mcp\n');
  if (!mayEnter(request))
    return void response.writeHead(401).end('The API key or token is missing or wrong.\n');
  // The cast: a server's requests always have both, which Node's types do not say.
  void handle(request as IncomingMessage & { method: string; url: string }, response);
});

server.on('error', (error: NodeJS.ErrnoException) =>
  fail(
    error.code === 'EADDRINUSE'
      ? `Port ${PORT} is taken: set DEMO_PORT to another one.`
      : `Cannot listen on ${HOST}:${PORT}: ${error.message}`,
  ),
);
server.listen(PORT, HOST, () => announce(`http://${HOST}:${(server.address() as AddressInfo).port}/mcp`));

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    server.close();
    server.closeAllConnections();
  });
}
