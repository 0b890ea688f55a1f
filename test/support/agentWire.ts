import {
  CLIENT_CAPABILITIES_META_KEY,
  CLIENT_INFO_META_KEY,
  PROTOCOL_VERSION_META_KEY,
} from '@modelcontextprotocol/client';
import { send } from '../unit/local/http/signedRequest.ts';
import type { AgentApp } from './agents.ts';

export type AgentEra = 'modern' | 'legacy';
export const ERAS: readonly AgentEra[] = ['modern', 'legacy'];

/** An answer to an agent, byte for byte and as messages. */
export interface AgentAnswer {
  status: number;
  headers: Record<string, unknown>;
  text: string;
  /** Of the body or of the event stream. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into messages of any shape
  messages: any[];
  /** The last of them: what ends a request. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into messages of any shape
  last: any;
}

/** What to send in the place of the usual, header by header; `undefined` leaves one out. */
export type HeaderChanges = Record<string, string | undefined>;

export interface SendOptions {
  headers?: HeaderChanges;
  /** More header lines, repeated names among them. */
  lines?: [name: string, value: string][];
  method?: string;
  /** In the place of the endpoint's path. */
  path?: string;
  /** Behind the path. */
  query?: string;
}

/** An agent that speaks HTTP without an SDK: what it sends is what the test says. */
export interface WireAgent {
  /** Sends a body as it is. */
  send(body: string | Buffer, options?: SendOptions): Promise<AgentAnswer>;
  /** A well-formed request of an era. */
  request(method: string, params?: object, options?: RequestOptions): Promise<AgentAnswer>;
  call(name: string, args?: object, options?: RequestOptions): Promise<AgentAnswer>;
  /** Names of the tools listed, in order. */
  names(): Promise<string[]>;
}

export interface RequestOptions extends SendOptions {
  era?: AgentEra;
  id?: string | number;
  /** Members of `_meta` beside the envelope. */
  meta?: object;
}

/** The protocol versions that the two eras of agents name here. */
const VERSIONS = { modern: '2026-07-28', legacy: '2025-06-18' } as const;

/** The envelope of 2026-07-28. */
const ENVELOPE = {
  [PROTOCOL_VERSION_META_KEY]: VERSIONS.modern,
  [CLIENT_INFO_META_KEY]: { name: 'wire', version: '1' },
  [CLIENT_CAPABILITIES_META_KEY]: {},
};

/** A request as an agent of an era writes it: its body, and the headers that go with it. */
export function written(method: string, params: object = {}, options: RequestOptions = {}) {
  const { era = 'modern', id = 1, meta = {} } = options;
  const isModern = era === 'modern';
  const _meta = isModern ? { ...ENVELOPE, ...meta } : meta;
  const all = Object.keys(_meta).length > 0 ? { ...params, _meta } : params;
  const name = 'name' in params ? { 'mcp-name': headerValue(String(params.name)) } : {};
  return {
    body: JSON.stringify({ jsonrpc: '2.0', id, method, params: all }),
    headers: {
      'mcp-protocol-version': VERSIONS[era],
      ...(isModern ? { 'mcp-method': method, ...name } : {}),
    } as HeaderChanges,
  };
}

/** As it is where a header can carry it (2026-07-28, "Value Encoding"). */
function headerValue(text: string): string {
  if (/^(?!=\?base64\?)[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/.test(text)) return text;
  return `=?base64?${Buffer.from(text).toString('base64')}?=`;
}

/** An agent at the endpoint of a space, or of one of its servers. */
export function wireAgent(app: AgentApp, space: string, token?: string, server?: string): WireAgent {
  const endpoint = new URL(app.url(space, server)).pathname;
  const usual: HeaderChanges = {
    host: `127.0.0.1:${app.port}`,
    accept: 'application/json, text/event-stream',
    'content-type': 'application/json',
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
  };
  const agent: WireAgent = {
    async send(body, options = {}) {
      const { headers = {}, lines = [], method = 'POST', path = endpoint, query = '' } = options;
      const all = Object.entries({ ...usual, 'content-length': String(Buffer.byteLength(body)), ...headers });
      const given = all.flatMap(([name, value]): [string, string][] =>
        value === undefined ? [] : [[name, value]],
      );
      const { port } = app;
      const pairs = [...given, ...lines].flat();
      const answer = await send({ port, method, target: path + query, headers: pairs, body });
      return readAnswer(answer);
    },
    request(method, params, options = {}) {
      const { body, headers } = written(method, params, options);
      return agent.send(body, { ...options, headers: { ...headers, ...options.headers } });
    },
    call: (name, args = {}, options) => agent.request('tools/call', { name, arguments: args }, options),
    async names() {
      const { last } = await agent.request('tools/list');
      return last.result.tools.map((tool: { name: string }) => tool.name);
    },
  };
  return agent;
}

function readAnswer({ status, headers, text }: Awaited<ReturnType<typeof send>>): AgentAnswer {
  const isStream = String(headers['content-type']).startsWith('text/event-stream');
  const data = isStream ? [...text.matchAll(/^data: (.*)$/gm)].map(([, line]) => line) : [text];
  const messages = data.flatMap(json => (json === undefined || json === '' ? [] : [JSON.parse(json)]));
  return { status, headers, text, messages, last: messages.at(-1) };
}

/** The text of a call's result. */
export function textOf({ last }: AgentAnswer): string {
  if (last?.result?.content?.[0]?.text === undefined) throw new Error(JSON.stringify(last));
  return last.result.content[0].text;
}
