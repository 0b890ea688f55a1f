import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { type Peer, type PeerOptions, startTlsServer } from './tlsServer.ts';
import type { WireTool } from './toolShelf.ts';

/** A request as it arrived, whole: these servers are given no secret that is not the test's own. */
export interface Received {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  /** Lines of the wire, repeated names among them. */
  rawHeaders: readonly string[];
  raw: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into messages of any shape
  body: any;
}

/** A call of a tool that waits for whatever the script does. */
export interface Exchange extends Received {
  request: IncomingMessage;
  response: ServerResponse;
  id: string | number;
  name: string;
  /** Answers with one JSON body. */
  json(message: unknown, status?: number, headers?: Record<string, string>): void;
  /** Answers with the result of the call. */
  result(result?: object): void;
  /** Answers with an event stream, ended after its last message unless `open`. */
  events(messages: unknown[], open?: 'open'): void;
}

export type Script = (call: Exchange) => void;

export interface ScriptedOptions extends PeerOptions {
  /** `legacy` speaks 2025-11-25 in sessions; 2026-07-28 when left out. */
  era?: 'modern' | 'legacy';
  tools?: readonly WireTool[];
  /** What calls are answered with; their arguments as text when left out. */
  script?: Script;
}

/** A server whose answers to calls are the test's own. */
export interface ScriptedPeer extends Peer {
  received: Received[];
  /** What arrived for a method, in order. */
  of(method: string): Received[];
  setScript(script: Script): void;
  setTools(tools: readonly WireTool[]): void;
}

const ANY_TOOL: WireTool = {
  name: 'act',
  description: 'Does as it is told.',
  inputSchema: { type: 'object' },
  annotations: { readOnlyHint: true },
};

/** The text of a result that repeats what it was called with. */
export const repeats: Script = call => call.result();

export async function startScripted(options: ScriptedOptions = {}): Promise<ScriptedPeer> {
  const { era = 'modern' } = options;
  const received: Received[] = [];
  let script = options.script ?? repeats;
  let tools = options.tools ?? [ANY_TOOL];

  const peer = await startTlsServer(async (request, response) => {
    const raw = await text(request).catch(() => '');
    const { method = '', url: path = '', headers, rawHeaders } = request;
    const body = raw === '' ? undefined : JSON.parse(raw);
    const arrived = { method, path, headers, rawHeaders, raw, body };
    received.push(arrived);
    if (method !== 'POST') return void response.writeHead(method === 'DELETE' ? 200 : 405).end();
    if (body.id === undefined || body.method === undefined) return void response.writeHead(202).end();
    const call = exchange(arrived, request, response);
    if (body.method === 'tools/call') return script(call);
    const result = era === 'modern' ? modern(body.method, tools) : legacy(body.method, tools);
    if (!result) return call.json({ error: { code: -32_601, message: 'Method not found' } }, 404);
    call.json({ result }, 200, era === 'legacy' ? { 'mcp-session-id': 'the-session' } : {});
  }, options);

  return {
    ...peer,
    received,
    of: method => received.filter(({ body }) => body?.method === method),
    setScript: next => {
      script = next;
    },
    setTools: next => {
      tools = next;
    },
  };
}

function modern(method: string, tools: readonly WireTool[]): object | undefined {
  const common = { resultType: 'complete', ttlMs: 0, cacheScope: 'private' };
  if (method === 'tools/list') return { ...common, tools };
  const discovered = { ...common, supportedVersions: ['2026-07-28'], capabilities: { tools: {} } };
  return method === 'server/discover' ? discovered : undefined;
}

function legacy(method: string, tools: readonly WireTool[]): object | undefined {
  if (method === 'tools/list') return { tools };
  const serverInfo = { name: 'scripted', version: '1' };
  const handshake = { protocolVersion: '2025-11-25', capabilities: { tools: {} }, serverInfo };
  return method === 'initialize' ? handshake : undefined;
}

function exchange(arrived: Received, request: IncomingMessage, response: ServerResponse): Exchange {
  const { id, params } = arrived.body;
  const withId = (message: unknown) =>
    typeof message === 'object' && message !== null && !('method' in message) && !('id' in message)
      ? { jsonrpc: '2.0', id, ...message }
      : message;
  const call: Exchange = {
    ...arrived,
    request,
    response,
    id,
    name: params?.name,
    json(message, status = 200, headers = {}) {
      response.writeHead(status, { 'content-type': 'application/json', ...headers });
      response.end(typeof message === 'string' ? message : JSON.stringify(withId(message)));
    },
    result(result = { content: [{ type: 'text', text: JSON.stringify(params?.arguments) }] }) {
      call.json({ result });
    },
    events(messages, open) {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      for (const message of messages) response.write(`data: ${JSON.stringify(withId(message))}\n\n`);
      if (!open) response.end();
    },
  };
  return call;
}
