import { randomUUID } from 'node:crypto';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import type { RequestHandlerExtra } from '@modelcontextprotocol/sdk/shared/protocol.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import {
  CallToolRequestSchema,
  ErrorCode,
  ListToolsRequestSchema,
  McpError,
  ResultSchema,
  type ServerNotification,
  type ServerRequest,
} from '@modelcontextprotocol/sdk/types.js';
import { createEventStore } from './eventStore.ts';
import { capabilitiesOf, type McpPeer } from './modern.ts';
import { type PeerOptions, startTlsServer } from './tlsServer.ts';
import { createToolShelf, type ToolContext, type ToolOptions, type ToolShelf } from './toolShelf.ts';

export type LegacyPeer = McpPeer & {
  /** Ids of the sessions that are open now. */
  sessions(): string[];
  /** Forgets every session, as a restart does. */
  forgetSessions(): void;
};

export interface LegacyOptions extends PeerOptions, ToolOptions {
  /** What a session that is not known is answered with: 404 when left out; older examples of the SDK answer 400. */
  unknownSession?: 404 | 400;
  /** Keeps no sessions: whatever comes is served by itself. */
  stateless?: boolean;
  /** Lets streams be resumed, after this many milliseconds; they cannot be when left out. */
  resumeAfterMs?: number;
}

type Sessions = Map<string, StreamableHTTPServerTransport>;

const SERVER_INFO = { name: 'legacy-test-server', version: '1.0.0' };

function createServer(shelf: ToolShelf, options: LegacyOptions): Server {
  const server = new Server(options.serverInfo ?? SERVER_INFO, { capabilities: capabilitiesOf(options) });
  server.setRequestHandler(ListToolsRequestSchema, ({ params }) => ({ ...shelf.list(params?.cursor) }));
  server.setRequestHandler(CallToolRequestSchema, async ({ params }, extra) => {
    const call = { name: params.name, arguments: params.arguments ?? {} };
    const result = await shelf.call(call, contextOf(extra));
    if (!result) throw new McpError(ErrorCode.InvalidParams, 'Unknown tool');
    return { ...result };
  });
  return server;
}

function contextOf(extra: RequestHandlerExtra<ServerRequest, ServerNotification>): ToolContext {
  const { _meta, signal, sendNotification, sendRequest, closeSSEStream } = extra;
  const notify: ToolContext['notify'] = (method, params) =>
    sendNotification({ method, params } as unknown as ServerNotification);
  return {
    meta: _meta ?? {},
    signal,
    notify,
    log: (level, data) => notify('notifications/message', { level, data }),
    ask: (method, params) =>
      sendRequest({ method, params } as unknown as ServerRequest, ResultSchema).catch(error => error),
    ...(closeSSEStream && { cut: closeSSEStream }),
  };
}

async function openSession(
  sessions: Sessions,
  server: Server,
  { resumeAfterMs, stateless = false }: LegacyOptions,
): Promise<StreamableHTTPServerTransport> {
  const resumes =
    resumeAfterMs === undefined ? {} : { eventStore: createEventStore(), retryInterval: resumeAfterMs };
  const transport = new StreamableHTTPServerTransport({
    ...resumes,
    ...(stateless ? {} : { sessionIdGenerator: randomUUID }),
    onsessioninitialized: id => void sessions.set(id, transport),
    onsessionclosed: id => void sessions.delete(id),
  });
  // The cast: v1's own class does not satisfy its interface under exactOptionalPropertyTypes.
  await server.connect(transport as Transport);
  return transport;
}

/** The Node listener of a v1-SDK server, to be put behind TLS. */
export function legacyListener(options: LegacyOptions = {}, shelf = createToolShelf(options)) {
  const sessions: Sessions = new Map();
  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    const id = request.headers['mcp-session-id'];
    const known = typeof id === 'string' ? sessions.get(id) : undefined;
    // A session that is not known is answered 404 by the specification: the client then starts a new one.
    if (id && !known) return void response.writeHead(options.unknownSession ?? 404).end();
    const transport = known ?? (await openSession(sessions, createServer(shelf, options), options));
    await transport.handleRequest(request, response);
  };
  const listener: RequestListener = (request, response) => void handle(request, response);
  return { listener, shelf, sessions };
}

/** A v1-SDK Streamable HTTP server with sessions: protocol 2025-11-25 and earlier. */
export async function startLegacy(options: LegacyOptions = {}): Promise<LegacyPeer> {
  const { listener, shelf, sessions } = legacyListener(options);
  const peer = await startTlsServer(listener, options);
  return {
    ...peer,
    setTools: shelf.setTools,
    listed: shelf.listed,
    calls: shelf.calls,
    sessions: () => [...sessions.keys()],
    forgetSessions: () => sessions.clear(),
    close: async () => {
      await Promise.all([...sessions.values()].map(transport => transport.close()));
      await peer.close();
    },
  };
}
