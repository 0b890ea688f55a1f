import { createHash, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  localhostHostValidation,
  localhostOriginValidation,
  toNodeHandler,
} from '@modelcontextprotocol/node';
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server';
import * as z from 'zod';
import { CLIENT, demoAuthorization } from './demo/authorizationServer.ts';
import { AWS_KEY, SIGNED_FOR, signedBody } from './demo/signature.ts';

// A small MCP server to try Switchboard with, and the authorization server in front of it: `npm run demo-server`.
// Loopback only, plain HTTP, nothing kept.

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
  server.registerTool(
    'remove_notes',
    {
      description: 'Removes every note.',
      inputSchema: z.object({}),
      annotations: { readOnlyHint: false, destructiveHint: true },
    },
    () => text(`${notes.splice(0).length} notes removed.`),
  );
  return server;
}

function digest(value: string): Buffer {
  return createHash('sha256').update(value).digest();
}

function isSame(given: string, wanted: string): boolean {
  return timingSafeEqual(digest(given), digest(wanted));
}

/** Each of these will do, so that one can be rotated to another. */
async function mayEnter({ headers }: IncomingMessage): Promise<boolean> {
  const token = /^Bearer (\S+)$/.exec(headers.authorization ?? '')?.[1];
  return (
    isSame(String(headers['x-api-key'] ?? ''), API_KEY) ||
    isSame(token ?? '', TOKEN) ||
    (token !== undefined && (await authorization.isGood(token)))
  );
}

function fail(message: string): never {
  console.error(message);
  process.exit(1);
}

function announce(url: string): void {
  console.log(`A demo MCP server listens at ${url}`);
  console.log('  tools    get_time and add (they read), write_note (it writes), remove_notes (it destroys)');
  console.log(
    `  API key  header x-api-key, value ${process.env.DEMO_API_KEY ? 'as in DEMO_API_KEY' : API_KEY}`,
  );
  console.log(`  or token Authorization: Bearer ${process.env.DEMO_TOKEN ? '(as in DEMO_TOKEN)' : TOKEN}`);
  console.log(`  or OAuth client ${CLIENT.id}, secret ${CLIENT.secrets.join(' or ')}`);
  console.log(`           ${new URL('/auth', url)} and ${new URL('/token', url)}; discovery works, too`);
  console.log(
    `  or SigV4 ${SIGNED_FOR.service}, ${SIGNED_FOR.region}; AWS_ACCESS_KEY_ID=${AWS_KEY.accessKeyId}`,
  );
  console.log(`           AWS_SECRET_ACCESS_KEY=${AWS_KEY.secretAccessKey}`);
  console.log('Stop it with Ctrl+C.');
}

if (!Number.isInteger(PORT) || PORT < 0 || PORT > 65_535) fail('DEMO_PORT must be a port number.');
if (TOKEN === '') fail('DEMO_TOKEN must not be empty: leave it out for the demo value.');
if (API_KEY === '') fail('DEMO_API_KEY must not be empty: leave it out for the demo value.');

// The guards keep web pages that a browser has open from reaching it by DNS rebinding.
const validHost = localhostHostValidation();
const validOrigin = localhostOriginValidation();
const handle = toNodeHandler(createMcpHandler(createDemoServer));

let authorization: ReturnType<typeof demoAuthorization>;

const server = createServer((request, response) => {
  if (!validHost(request, response)) return;
  if (request.url?.split('?')[0] !== '/mcp') return authorization.handle(request, response);
  if (validOrigin(request, response)) void serve(request, response);
});

async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const isSigned = request.headers.authorization?.startsWith('AWS4-HMAC-SHA256 ');
  const body = isSigned ? await signedBody(request) : undefined;
  if (body === undefined && (isSigned || !(await mayEnter(request)))) {
    request.resume();
    response.writeHead(401, { 'www-authenticate': authorization.challenge });
    return void response.end('The API key, token or signature is missing or wrong.\n');
  }
  // The cast: a server's requests always have both, which Node's types do not say.
  const incoming = request as IncomingMessage & { method: string; url: string };
  await handle(incoming, response, body ? JSON.parse(body) : undefined);
}

server.on('error', (error: NodeJS.ErrnoException) =>
  fail(
    error.code === 'EADDRINUSE'
      ? `Port ${PORT} is taken: set DEMO_PORT to another one.`
      : `Cannot listen on ${HOST}:${PORT}: ${error.message}`,
  ),
);
server.listen(PORT, HOST, () => {
  const origin = `http://${HOST}:${(server.address() as AddressInfo).port}`;
  authorization = demoAuthorization(origin);
  announce(`${origin}/mcp`);
});

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    server.close();
    server.closeAllConnections();
  });
}
