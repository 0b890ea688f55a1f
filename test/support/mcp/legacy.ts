import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import {
  CallToolRequestSchema,
  ErrorCode,
  ListToolsRequestSchema,
  McpError,
} from '@modelcontextprotocol/sdk/types.js';
import type { McpPeer } from './modern.ts';
import { type PeerOptions, startTlsServer } from './tlsServer.ts';
import { createToolShelf, type ToolOptions, type ToolShelf } from './toolShelf.ts';

export type LegacyPeer = McpPeer & {
  /** Ids of the sessions that are open now. */
  sessions(): string[];
};

export type LegacyOptions = PeerOptions & ToolOptions;

type Sessions = Map<string, StreamableHTTPServerTransport>;

const SERVER_INFO = { name: 'legacy-test-server', version: '1.0.0' };

function createServer(shelf: ToolShelf, serverInfo = SERVER_INFO): Server {
  const server = new Server(serverInfo, { capabilities: { tools: {} } });
  server.setRequestHandler(ListToolsRequestSchema, ({ params }) => ({ ...shelf.list(params?.cursor) }));
  server.setRequestHandler(CallToolRequestSchema, ({ params }) => {
    const result = shelf.call({ name: params.name, arguments: params.arguments ?? {} });
    if (!result) throw new McpError(ErrorCode.InvalidParams, 'Unknown tool');
    return { ...result };
  });
  return server;
}

async function openSession(sessions: Sessions, server: Server): Promise<StreamableHTTPServerTransport> {
  const transport = new StreamableHTTPServerTransport({
    sessionIdGenerator: randomUUID,
    onsessioninitialized: id => void sessions.set(id, transport),
    onsessionclosed: id => void sessions.delete(id),
  });
  // The cast: v1's own class does not satisfy its interface under exactOptionalPropertyTypes.
  await server.connect(transport as Transport);
  return transport;
}

/** A v1-SDK Streamable HTTP server with sessions: protocol 2025-11-25 and earlier. */
export async function startLegacy(options: LegacyOptions = {}): Promise<LegacyPeer> {
  const shelf = createToolShelf(options);
  const sessions: Sessions = new Map();
  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    const id = request.headers['mcp-session-id'];
    const known = typeof id === 'string' ? sessions.get(id) : undefined;
    // A session that is not known is answered 404 by the specification: the client then starts a new one.
    if (id && !known) return void response.writeHead(404).end();
    const transport = known ?? (await openSession(sessions, createServer(shelf, options.serverInfo)));
    await transport.handleRequest(request, response);
  };
  const peer = await startTlsServer((request, response) => void handle(request, response), options);
  return {
    ...peer,
    setTools: shelf.setTools,
    listed: shelf.listed,
    calls: shelf.calls,
    sessions: () => [...sessions.keys()],
    close: async () => {
      await Promise.all([...sessions.values()].map(transport => transport.close()));
      await peer.close();
    },
  };
}
