import type { ListToolsResult } from '@modelcontextprotocol/server';
import { createMcpHandler, ProtocolError, Server } from '@modelcontextprotocol/server';
import { noSchemas } from '../mcp/noSchemas.ts';
import { RPC, RpcError } from './rpc.ts';
import { SERVER_INFO } from './serverInfo.ts';

/** What the SDK needs of one request to serve it. */
export interface Served {
  /** @throws RpcError */
  listTools(cursor: string | undefined): Promise<object>;
}

/** Serves every method but calls of tools: handshakes of both eras, discovery, pings, lists, and all refusals. */
export type ServeMethod = (request: Request, parsedBody: unknown, served: Served) => Promise<Response>;

/** One for each process; each request gets a server of its own, which keeps nothing. */
export function createMethods(onError: (error: Error) => void): ServeMethod {
  const waiting = new WeakMap<object, Served>();
  const handler = createMcpHandler(
    ({ authInfo }) => {
      const served = authInfo && waiting.get(authInfo);
      if (!served) throw new Error('A request without its context');
      return serverOf(served);
    },
    { onerror: onError },
  );
  return (request, parsedBody, served) => {
    // The SDK hands this object on as it is, and looks at nothing in it.
    const authInfo = { token: '', clientId: '', scopes: [] };
    waiting.set(authInfo, served);
    return handler.fetch(request, { authInfo, parsedBody });
  };
}

function serverOf(served: Served): Server {
  const server = new Server(SERVER_INFO, {
    capabilities: { tools: {}, logging: {} },
    jsonSchemaValidator: noSchemas,
  });
  server.setRequestHandler('tools/list', async ({ params }) => {
    const result = await served.listTools(params?.cursor).catch(error => {
      throw toProtocolError(error);
    });
    return result as unknown as ListToolsResult;
  });
  return server;
}

/** The SDK tells agents the message of whatever a handler throws. */
function toProtocolError(error: unknown): ProtocolError {
  if (error instanceof RpcError) return new ProtocolError(error.code, error.message, error.data);
  return new ProtocolError(RPC.INTERNAL_ERROR, 'Internal error');
}
