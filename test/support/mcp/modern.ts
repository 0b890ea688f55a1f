import type { IncomingMessage, RequestListener } from 'node:http';
import { toNodeHandler } from '@modelcontextprotocol/node';
import {
  type CallToolResult,
  createMcpHandler,
  type ListToolsResult,
  type McpRequestContext,
  ProtocolError,
  ProtocolErrorCode,
  Server,
  type ServerContext,
} from '@modelcontextprotocol/server';
import { type Peer, type PeerOptions, startTlsServer } from './tlsServer.ts';
import {
  createToolShelf,
  type ToolContext,
  type ToolOptions,
  type ToolPage,
  type ToolShelf,
} from './toolShelf.ts';

export type McpPeer = Peer & Pick<ToolShelf, 'setTools' | 'listed' | 'calls'>;

export interface ModernOptions extends PeerOptions, ToolOptions {
  /** Takes the place of the tool list: for faults. */
  listTools?: (cursor: string | undefined, context: McpRequestContext) => ToolPage | Promise<ToolPage>;
  /** Refuses callers of earlier protocols; serves them without sessions when left out. */
  modernOnly?: boolean;
  /** Declares no `tools` capability and answers none of its methods. */
  withoutTools?: boolean;
}

type ServerRequest = IncomingMessage & { method: string; url: string };

const SERVER_INFO = { name: 'modern-test-server', version: '2.0.0' };

function createServer(shelf: ToolShelf, options: ModernOptions, context: McpRequestContext): Server {
  const { serverInfo = SERVER_INFO, withoutTools, listTools = shelf.list } = options;
  const server = new Server(serverInfo, { capabilities: withoutTools ? {} : capabilitiesOf(options) });
  if (withoutTools) return server;
  // The casts: what these tests list is on purpose not always what the types allow.
  server.setRequestHandler(
    'tools/list',
    async ({ params }) => (await listTools(params?.cursor, context)) as unknown as ListToolsResult,
  );
  server.setRequestHandler('tools/call', async ({ params }, { mcpReq }) => {
    const call = { name: params.name, arguments: params.arguments ?? {} };
    const result = await shelf.call(call, contextOf(mcpReq));
    if (!result) throw new ProtocolError(ProtocolErrorCode.InvalidParams, 'Unknown tool');
    return result as CallToolResult;
  });
  return server;
}

/** Tools that do something may log; others' servers say nothing of it. */
export function capabilitiesOf({ acts }: ToolOptions) {
  return acts ? { tools: {}, logging: {} } : { tools: {} };
}

function contextOf({ _meta, signal, notify, log }: ServerContext['mcpReq']): ToolContext {
  return { meta: _meta ?? {}, signal, notify: (method, params) => notify({ method, params }), log };
}

/** The Node listener of a v2-SDK server, to be put behind TLS or behind a fault. */
export function modernListener(
  options: ModernOptions = {},
  shelf = createToolShelf(options),
): { listener: RequestListener; shelf: ToolShelf } {
  const handle = toNodeHandler(
    createMcpHandler(context => createServer(shelf, options, context), {
      legacy: options.modernOnly ? 'reject' : 'stateless',
    }),
  );
  // The cast: a server's requests always have both, which Node's types do not say.
  return { shelf, listener: (request, response) => void handle(request as ServerRequest, response) };
}

/** A v2-SDK server: protocol 2026-07-28, and 2025-11-25 and earlier without sessions. */
export async function startModern(options: ModernOptions = {}): Promise<McpPeer> {
  const { listener, shelf } = modernListener(options);
  const peer = await startTlsServer(listener, options);
  return { ...peer, setTools: shelf.setTools, listed: shelf.listed, calls: shelf.calls };
}
