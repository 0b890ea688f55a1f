import type { IncomingMessage, RequestListener } from 'node:http';
import { json } from 'node:stream/consumers';
import { echoedCredentials } from './brokenHttp.ts';
import { startModern } from './modern.ts';
import { type PeerOptions, startTlsServer } from './tlsServer.ts';
import { manyTools, type WireTool } from './toolShelf.ts';

interface RpcRequest {
  id?: string | number;
  method?: string;
}

type RpcAnswer = { result: unknown } | { error: { code: number; message: string } };

const METHOD_NOT_FOUND: RpcAnswer = { error: { code: -32601, message: 'Method not found' } };

/** A protocol version that no client speaks. */
const UNSPOKEN_VERSION = '1999-01-01';

/** Answers JSON-RPC without the SDK: for what the SDK would not say. */
function rpcListener(answer: (call: RpcRequest, request: IncomingMessage) => RpcAnswer): RequestListener {
  return async (request, response) => {
    if (request.method !== 'POST') return void response.writeHead(405, { allow: 'POST' }).end();
    const call = (await json(request).catch(() => ({}))) as RpcRequest;
    if (call.id === undefined) return void response.writeHead(202).end();
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ jsonrpc: '2.0', id: call.id, ...answer(call, request) }));
  };
}

function speakAnotherVersion({ method }: RpcRequest): RpcAnswer {
  if (method !== 'initialize') return METHOD_NOT_FOUND;
  const serverInfo = { name: 'other-version', version: '1.0.0' };
  return { result: { protocolVersion: UNSPOKEN_VERSION, capabilities: { tools: {} }, serverInfo } };
}

const sound = { inputSchema: { type: 'object' }, annotations: { readOnlyHint: true } };
const [soundTool] = manyTools(1);

/** 5 MB: no agent should be handed it, no store should keep it. */
const HUGE_DESCRIPTION_LENGTH = 5 * 1024 * 1024;

/** Lists that hold one sound tool, `tool_001`, beside the faulty ones. */
const faultyTools = {
  toolWithoutName: [{ description: 'Nameless.', ...sound }],
  toolNameNotText: [{ name: 42, ...sound }],
  toolWithoutInputSchema: [{ name: 'schemaless' }],
  toolInputSchemaNotAnObject: [{ name: 'odd_schema', inputSchema: 'object' }],
  toolIsNull: [null as unknown as WireTool],
  duplicateTools: [
    { name: 'twin', description: 'First.', ...sound },
    { name: 'twin', description: 'Second.', ...sound },
  ],
  hugeDescription: [{ name: 'verbose', description: 'a'.repeat(HUGE_DESCRIPTION_LENGTH), ...sound }],
  /** Sound, with members that no specification names: a fingerprint must cover them. */
  unknownToolMembers: [
    {
      name: 'extended',
      ...sound,
      'x-vendor': { a: 1 },
      annotations: { readOnlyHint: true, vendorHint: 'b' },
    },
  ],
  oddToolNames: ['with space', 'with\nnewline', '', '\u202eodd', 'a'.repeat(200)].map(name => ({
    name,
    ...sound,
  })),
} satisfies Record<string, WireTool[]>;

type Fault = (options: PeerOptions) => ReturnType<typeof startModern>;

function listing(): Record<keyof typeof faultyTools, Fault> {
  const entries = Object.entries(faultyTools).map(([name, tools]): [string, Fault] => [
    name,
    options => startModern({ ...options, tools: [soundTool ?? {}, ...tools] }),
  ]);
  return Object.fromEntries(entries) as Record<keyof typeof faultyTools, Fault>;
}

export const mcpFaults = {
  ...listing(),
  /** Shakes hands, then never answers `tools/list`. */
  hangsAtToolsList: (options: PeerOptions) =>
    startModern({ ...options, listTools: () => new Promise<never>(() => {}) }),
  /** Shakes hands, then answers `tools/list` with an error that holds the caller's credential. */
  echoesCredentialAtToolsList: (options: PeerOptions) =>
    startModern({
      ...options,
      listTools: (_cursor, { requestInfo }) => {
        const headers = Object.fromEntries(requestInfo?.headers ?? []);
        throw new Error(`denied: ${echoedCredentials(headers, options.auth?.header)}`);
      },
    }),
  /** Answers every request with a JSON-RPC error that holds the caller's credential. */
  echoesCredentialInError: (options: PeerOptions) =>
    startTlsServer(
      rpcListener((_call, request) => ({
        error: {
          code: -32000,
          message: `denied: ${echoedCredentials(request.headers, options.auth?.header)}`,
        },
      })),
      options,
    ),
  /** The same cursor after every page. */
  cursorLoop: (options: PeerOptions) =>
    startModern({ ...options, listTools: () => ({ tools: manyTools(1), nextCursor: 'again' }) }),
  /** A new cursor after every page, without end. */
  endlessPages: (options: PeerOptions) =>
    startModern({
      ...options,
      listTools: cursor => ({ tools: [], nextCursor: String(Number(cursor ?? 0) + 1) }),
    }),
  /** Not a fault: 100 tools in 50 pages. */
  fiftyPages: (options: PeerOptions) => startModern({ ...options, tools: manyTools(100), pages: 50 }),
  /** Shakes hands in a protocol version of 1999. */
  unknownVersion: (options: PeerOptions) => startTlsServer(rpcListener(speakAnotherVersion), options),
  /** JSON-RPC, but nothing of MCP. */
  notMcp: (options: PeerOptions) =>
    startTlsServer(
      rpcListener(() => METHOD_NOT_FOUND),
      options,
    ),
  withoutTools: (options: PeerOptions) => startModern({ ...options, withoutTools: true }),
  /** Offers tools and has none. */
  emptyToolList: (options: PeerOptions) => startModern({ ...options, tools: [] }),
};
