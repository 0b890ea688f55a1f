import type { RequestListener, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { type Peer, startTlsServer } from '../support/mcp/tlsServer.ts';
import { spelled } from './leakCanary.ts';

interface Exchange {
  response: ServerResponse;
  id: unknown;
  /** The credential, in every spelling. */
  said: string;
  result: string;
}

type Answer = (exchange: Exchange) => void;

const json = (response: ServerResponse, status: number, message: object) =>
  void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(message));
const events = (response: ServerResponse, messages: object[]) => {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.end(messages.map(message => `data: ${JSON.stringify(message)}\n\n`).join(''));
};
const resultOf = (id: unknown, words: string) => ({
  jsonrpc: '2.0',
  id,
  result: { content: [{ type: 'text', text: words }] },
});

/** What calls are answered with. */
const ANSWERS = {
  'a result': ({ response, id, result }) => json(response, 200, resultOf(id, result)),
  'a result that echoes': ({ response, id, said }) => json(response, 200, resultOf(id, said)),
  'an error that echoes': ({ response, id, said }) =>
    json(response, 200, { jsonrpc: '2.0', id, error: { code: -32_000, message: said, data: said } }),
  'a refusal that echoes': ({ response, id, said }) =>
    json(response, 400, { jsonrpc: '2.0', id, error: { code: -32_600, message: said } }),
  'a page that echoes': ({ response, said }) =>
    void response.writeHead(500, { 'content-type': 'text/html' }).end(said),
  'no JSON': ({ response, said }) =>
    void response.writeHead(200, { 'content-type': 'application/json' }).end(said),
  'progress and logs that echo': ({ response, id, said, result }) =>
    events(response, [
      {
        jsonrpc: '2.0',
        method: 'notifications/progress',
        params: { progressToken: id, progress: 1, message: said },
      },
      { jsonrpc: '2.0', method: 'notifications/message', params: { level: 'info', data: said } },
      resultOf(id, result),
    ]),
} satisfies Record<string, Answer>;

export type AnswerName = keyof typeof ANSWERS;
export const ANSWER_NAMES = Object.keys(ANSWERS) as AnswerName[];

export interface GatewayPeer extends Peer {
  answer(as: AnswerName): void;
  /** Headers and bodies of every request. */
  heard: string[];
}

/** An earlier-era server with one tool, which tells agents what it heard, on command, and `result` otherwise. */
export async function startGatewayPeer(tool: string, result: string): Promise<GatewayPeer> {
  const heard: string[] = [];
  let current: Answer = ANSWERS['a result'];
  const serverInfo = { name: 'peer', version: '1' };
  const known: Record<string, object> = {
    initialize: { protocolVersion: '2025-11-25', capabilities: { tools: {} }, serverInfo },
    'tools/list': { tools: [{ name: tool, description: 'Tells.', inputSchema: { type: 'object' } }] },
  };
  const listener: RequestListener = async (request, response) => {
    const raw = await text(request);
    heard.push(`${JSON.stringify(request.headers)}${raw}`);
    const call = raw === '' ? {} : JSON.parse(raw);
    if (call.id === undefined) return void response.writeHead(202).end();
    const said = spelled(String(request.headers['x-api-key'])).join(' ');
    if (call.method === 'tools/call') return current({ response, id: call.id, said, result });
    const error = { code: -32_601, message: 'Method not found' };
    const outcome = known[call.method] ? { result: known[call.method] } : { error };
    json(response, 200, { jsonrpc: '2.0', id: call.id, ...outcome });
  };
  const peer = await startTlsServer(listener);
  return {
    ...peer,
    heard,
    answer(as) {
      current = ANSWERS[as];
    },
  };
}
