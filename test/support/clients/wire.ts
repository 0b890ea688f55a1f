import type { Endpoint } from './agentClient.ts';

/** A message as it goes over the wire, and the headers that it needs. */
export interface WireMessage {
  body: string;
  headers: Record<string, string>;
}

/** An answer, its messages taken from JSON or from an event stream. */
export interface WireAnswer {
  status: number;
  headers: Headers;
  text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests read whatever the wire holds
  messages: any[];
  /** The last message. */
  // biome-ignore lint/suspicious/noExplicitAny: tests read whatever the wire holds
  message: any;
}

const MODERN_META = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientInfo': { name: 'wire', version: '1' },
  'io.modelcontextprotocol/clientCapabilities': {},
};

/** A request of 2026-07-28; members of `_meta` go in `params`. */
export function modernMessage(
  method: string,
  params: Record<string, unknown> = {},
  id: number | string = 1,
): WireMessage {
  const _meta = { ...MODERN_META, ...(params._meta as object | undefined) };
  const name = typeof params.name === 'string' ? { 'mcp-name': params.name } : {};
  return {
    body: JSON.stringify({ jsonrpc: '2.0', id, method, params: { ...params, _meta } }),
    headers: { 'mcp-protocol-version': '2026-07-28', 'mcp-method': method, ...name },
  };
}

/** A request of 2025-11-25; a notification without an id. */
export function legacyMessage(method: string, params: object = {}, id?: number | string): WireMessage {
  return {
    body: JSON.stringify({ jsonrpc: '2.0', ...(id !== undefined && { id }), method, params }),
    headers: { 'mcp-protocol-version': '2025-11-25' },
  };
}

/** Sends a message as an agent; its answer's head. */
export function post(
  { url, token }: Endpoint,
  { body, headers }: WireMessage,
  signal: AbortSignal | null = null,
): Promise<Response> {
  const always = {
    authorization: `Bearer ${token}`,
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
  };
  return fetch(url, { method: 'POST', headers: { ...always, ...headers }, body, signal });
}

/** Sends a message as an agent; all of its answer. */
export async function exchange(endpoint: Endpoint, message: WireMessage): Promise<WireAnswer> {
  const response = await post(endpoint, message);
  const text = await response.text();
  const isStream = response.headers.get('content-type') === 'text/event-stream';
  const messages = (isStream ? eventsOf(text) : [text]).filter(Boolean).map(json => JSON.parse(json));
  return { status: response.status, headers: response.headers, text, messages, message: messages.at(-1) };
}

function eventsOf(text: string): string[] {
  return text.split('\n\n').map(event => /^data: (.*)$/m.exec(event)?.[1] ?? '');
}
