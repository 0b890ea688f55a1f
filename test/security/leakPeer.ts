import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { type Peer, startTlsServer } from '../support/mcp/tlsServer.ts';
import { spelled } from './leakCanary.ts';

/** Headers that carry credentials to this server; those that change with each request come last. */
const CARRIERS = ['x-custom-secret', 'x-amz-security-token', 'x-api-key', 'authorization'];

interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
  /** What the caller sent that it would not see again: every credential, in every spelling. */
  echo: string[];
  id: unknown;
  method: string;
}

type Behaviour = (exchange: Exchange) => void;

const SOUND_TOOL = { name: 'sound', description: 'Works.', inputSchema: { type: 'object' } };

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function rpc({ response, id }: Exchange, answer: object): void {
  json(response, 200, { jsonrpc: '2.0', id, ...answer });
}

/** A 2025-era server; `list` answers `tools/list`, `info` tells its name and instructions. */
function shakesHands(
  list: (exchange: Exchange) => object,
  info: (echo: string[]) => object = () => ({}),
): Behaviour {
  return exchange => {
    if (exchange.method === 'tools/list') return rpc(exchange, list(exchange));
    if (exchange.method !== 'initialize') return rpc(exchange, { error: { code: -32601, message: 'no' } });
    const serverInfo = { name: 'peer', version: '1' };
    const result = {
      protocolVersion: '2025-11-25',
      capabilities: { tools: {} },
      serverInfo,
      ...info(exchange.echo),
    };
    rpc(exchange, { result });
  };
}

/** One tool for each spelling and each place of a definition that a server fills. */
function echoingTools(echo: string[]): object[] {
  return echo.flatMap((said, n) => [
    { ...SOUND_TOOL, name: `d${n}`, description: `Use ${said} to call.` },
    { ...SOUND_TOOL, name: `t${n}`, title: said },
    { ...SOUND_TOOL, name: `s${n}`, inputSchema: { type: 'object', properties: { a: { default: said } } } },
    { ...SOUND_TOOL, name: `p${n}`, inputSchema: { type: 'object', properties: { [said]: {} } } },
    { ...SOUND_TOOL, name: `x${n}`, 'x-vendor': { deep: [said] } },
    { ...SOUND_TOOL, name: `a${n}`, annotations: { title: said } },
    { ...SOUND_TOOL, name: said },
    { name: said, inputSchema: 'malformed' },
  ]);
}

const firstLine = (echo: string[]) => echo.join(' ').replace(/[^\x20-\x7e]/g, '');

/** What the server does with what it was told. */
export const BEHAVIOURS = {
  /** Keeps it to itself. */
  works: shakesHands(() => ({ result: { tools: [SOUND_TOOL] } })),
  tools: shakesHands(({ echo }) => ({ result: { tools: [SOUND_TOOL, ...echoingTools(echo)] } })),
  /** Does so with a token that was got during the very listing: see `refusesNext`. */
  renewed: shakesHands(({ echo }) => ({ result: { tools: [SOUND_TOOL, ...echoingTools(echo)] } })),
  serverInfo: shakesHands(
    () => ({ result: { tools: [SOUND_TOOL] } }),
    echo => ({
      serverInfo: { name: echo[0], version: echo[3], title: echo[1], websiteUrl: `https://x/${echo[1]}` },
      instructions: echo.join('\n'),
      capabilities: { tools: {}, experimental: { [echo[0] ?? '']: { said: echo } } },
      _meta: { said: echo },
    }),
  ),
  cursor: shakesHands(({ echo }) => ({ result: { tools: [SOUND_TOOL], nextCursor: echo[0] } })),
  listError: shakesHands(({ echo }) => ({ error: { code: -32603, message: echo.join(' '), data: echo } })),
  version: shakesHands(
    () => ({ result: { tools: [] } }),
    echo => ({ protocolVersion: echo[0] }),
  ),
  rpcError: exchange =>
    rpc(exchange, { error: { code: -32000, message: `denied ${exchange.echo.join(' ')}` } }),
  status500: ({ response, echo }) => json(response, 500, { error: echo }),
  status400: ({ response, echo, id }) =>
    json(response, 400, { jsonrpc: '2.0', id, error: { code: -32600, message: echo.join(' ') } }),
  status401: ({ response, echo }) =>
    void response
      .writeHead(401, { 'www-authenticate': `Bearer error_description="${firstLine(echo)}"` })
      .end(),
  status403: ({ response, echo }) =>
    void response.writeHead(403, `No ${firstLine(echo)}`, { 'x-why': firstLine(echo) }).end(echo.join(' ')),
  redirect: ({ response, echo }) =>
    void response.writeHead(307, { location: `https://10.0.0.1/${encodeURIComponent(echo[0] ?? '')}` }).end(),
  contentType: ({ response, echo }) =>
    void response
      .writeHead(200, { 'content-type': `text/${echo[3]}`, 'set-cookie': `a=${echo[1]}` })
      .end(echo[0]),
  notJson: ({ response, echo }) =>
    void response.writeHead(200, { 'content-type': 'application/json' }).end(`{"${echo.join(' ')}`),
  eventStream: ({ response, echo, id }) => {
    const error = { code: -32000, message: echo.join(' ') };
    const data = JSON.stringify({ jsonrpc: '2.0', id, error });
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.end(`: ${echo[0]}\nevent: ${echo[3]}\ndata: ${echo[1]}\n\nid: ${echo[1]}\ndata: ${data}\n\n`);
  },
} satisfies Record<string, Behaviour>;

export type BehaviourName = keyof typeof BEHAVIOURS;
export const BEHAVIOUR_NAMES = Object.keys(BEHAVIOURS) as BehaviourName[];

/** What the token endpoint at `/token` does: grants, or refuses with everything it was told. */
export type TokenBehaviour = 'grants' | 'refuses' | 'echoes';

export interface LeakPeer extends Peer {
  tokenUrl: string;
  behave(as: BehaviourName, tokens?: TokenBehaviour): void;
  /** Every credential that reached it. */
  heard: Set<string>;
}

/** A server that sends back what it must not, on command; its token endpoint grants `accessToken` with a number. */
export async function startLeakPeer(accessToken: string): Promise<LeakPeer> {
  let behaviour: BehaviourName = 'works';
  let tokens: TokenBehaviour = 'grants';
  let granted = 0;
  let refusesNext = false;
  const heard = new Set<string>();

  const listener: RequestListener = async (request, response) => {
    const body = await text(request).catch(() => '');
    const carried = CARRIERS.flatMap(name => request.headers[name] ?? []).map(String);
    for (const value of carried) heard.add(value);
    if (request.url === '/token') return answerToken(body, carried, response);
    if (request.method !== 'POST') return void response.writeHead(405).end(carried.join());
    const call = JSON.parse(body) as { id?: unknown; method?: string };
    if (call.id === undefined) return void response.writeHead(202).end();
    if (call.method === 'tools/list' && refusesNext) {
      refusesNext = false;
      return void response.writeHead(401).end();
    }
    const bare = carried.map(value => value.replace(/^\S+ (?=\S+$)/, ''));
    const echo = [...bare, ...carried].flatMap(spelled);
    BEHAVIOURS[behaviour]({ request, response, echo, id: call.id, method: call.method ?? '' });
  };

  function answerToken(body: string, carried: string[], response: ServerResponse): void {
    heard.add(body);
    const told = [body, decodeURIComponent(body), ...carried].flatMap(spelled).join(' ');
    if (tokens === 'grants') {
      const access_token = `${accessToken}${++granted}`;
      // As long as scopes may be at most.
      const scope = [...spelled(access_token), told].join(' ').slice(0, 4_096);
      json(response, 200, { access_token, token_type: 'Bearer', expires_in: 3600, scope });
    } else if (tokens === 'refuses') {
      json(response, 400, { error: 'invalid_grant', error_description: told });
    } else {
      json(response, 200, { [told]: told, token_type: told, error: told, error_uri: told });
    }
  }

  const peer = await startTlsServer(listener);
  return {
    ...peer,
    tokenUrl: new URL('/token', peer.url).href,
    behave(as, how = 'grants') {
      behaviour = as;
      refusesNext = as === 'renewed';
      tokens = how;
    },
    heard,
  };
}
