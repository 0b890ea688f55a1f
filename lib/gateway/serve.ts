import { randomUUID } from 'node:crypto';
import { hopHeader } from '../egress/outgoing.ts';
import { errorName } from '../log/errorName.ts';
import { ALWAYS } from './answer.ts';
import type { RequestHead } from './authenticate.ts';
import type { Sight } from './callTool.ts';
import { refuseMismatch } from './headerMismatch.ts';
import { parseJson } from './json.ts';
import { listTools } from './listTools.ts';
import { createMethods, type ServeMethod } from './mcpMethods.ts';
import { createParts, type GatewayParts } from './parts.ts';
import { recordRefused } from './recordCall.ts';
import { GatewayRefusal, refuse, unauthorized } from './refusal.ts';
import { errorMessage, idOf, isObject, RPC, RpcError } from './rpc.ts';
import { readCall, serveCall } from './serveCall.ts';
import { warningsOf } from './serverWarnings.ts';
import { serverCatalog, spaceCatalog } from './spaceView.ts';
import type { Agent, AgentRequest, AgentStream, GatewayDeps } from './types.ts';
import { toWebRequest, writeResponse } from './webRequest.ts';

/** The agents' endpoint of one process. */
export interface Gateway {
  /**
   * Whether the caller of a request would be let in, for entry points that read large bodies of nobody else; also false
   * where that cannot be found out. Never rejects.
   */
  knows(head: RequestHead): Promise<boolean>;
  /** Serves one request to its end. Never rejects. */
  serve(request: AgentRequest, stream: AgentStream): Promise<void>;
  /** A call may be under way here that an agent cancelled in another process, which told this key. */
  cancelled(key: string): void;
  /** Writes what was recorded and waits for what goes on beside requests: before a Lambda function freezes. */
  settle(): Promise<void>;
  /** Ends sessions with servers, then settles. */
  close(): Promise<void>;
}

/** Made once per process. */
export function createGateway(deps: GatewayDeps): Gateway {
  const parts = createParts(deps);
  const serveMethod = createMethods(error => deps.log('agent request refused', { error: error.name }));
  const settle = async () => {
    await parts.sessions.end();
    await Promise.all([parts.catalogues.settle(), deps.invocations.flush(), deps.authentication.flush()]);
  };
  return {
    knows: head => parts.authentication.knows(head).catch(() => false),
    async serve(request, stream) {
      let message: unknown;
      let unrecorded: Agent | undefined;
      const refusalOf = (error: unknown) =>
        error instanceof GatewayRefusal ? error : unforeseen(error, request.requestId, deps);
      try {
        const agent = await admit(request, parts);
        unrecorded = agent;
        const look = sightOf(agent, request, parts);
        const sight = await look();
        message = readMessage(request);
        refuseMismatch(message, request);
        // From here on a call leaves its record by itself.
        unrecorded = undefined;
        const call = readCall(message, request);
        const readmit = () => parts.authentication.authenticate(request).then(() => look());
        if (call) await serveCall(call, { agent, request, stream, sight, look, readmit, refusalOf }, parts);
        else await serveOther(message, agent, request, stream, look, { parts, serveMethod });
      } catch (error) {
        const refusal = refusalOf(error);
        if (unrecorded) recordRefused(refusal, message ?? peek(request), unrecorded, request, deps);
        fail(refusal, message, stream);
      }
    },
    cancelled: parts.cancellations.cancelled,
    settle,
    async close() {
      await parts.sessions.end(true);
      await settle();
    },
  };
}

/** Lets a request in. @throws GatewayRefusal */
async function admit(request: AgentRequest, parts: GatewayParts): Promise<Agent> {
  const { headers, method } = request;
  if (headers[hopHeader] !== undefined) {
    throw refuse(403, 'LOOP', 'This request comes from a Switchboard: one may not lead to another.');
  }
  const { origin } = headers;
  if (origin !== undefined && !parts.deps.gateway.allowedOrigins.has(origin)) {
    throw refuse(403, 'ORIGIN_NOT_ALLOWED', 'Pages of this origin may not call.');
  }
  const agent = await parts.authentication.authenticate(request);
  await parts.countRequest(agent);
  if (method !== 'POST') {
    // No stream outside of a request, no session to end.
    throw refuse(405, 'METHOD_NOT_ALLOWED', 'Messages are sent with POST.', { allow: 'POST' });
  }
  return agent;
}

/** @throws GatewayRefusal for a space or server that is not there, or switched off */
function sightOf(agent: Agent, request: AgentRequest, { views, deps }: GatewayParts) {
  const { serverName } = request;
  const key = `${agent.accountId}/${agent.agentSpaceId}`;
  return async (renewed = false): Promise<Sight> => {
    if (renewed) views.forget(key);
    const view = await views.get(key);
    if (!view) throw noSpace(agent, request, deps);
    if (view.space.state === 'DISABLED') throw refuse(403, 'SPACE_DISABLED', 'This agent space is disabled.');
    const catalog = serverName === undefined ? spaceCatalog(view) : serverCatalog(view, serverName);
    if (!catalog) throw refuse(404, 'NO_SUCH_SERVER', 'This agent space has no server of that name.');
    return { view, catalog };
  };
}

/** A token outlives its space until all of that is removed. */
function noSpace({ token }: Agent, request: AgentRequest, { authentication }: GatewayDeps): GatewayRefusal {
  if (!token) return refuse(404, 'NO_SUCH_SPACE', 'There is no such agent space.');
  const { agentSpaceId, sourceIp, headers } = request;
  const facts = { agentSpaceId, sourceIp, userAgent: headers['user-agent'] ?? '' };
  authentication.note({ ok: false, reason: 'space-deleted', token }, facts);
  return unauthorized();
}

/** @throws GatewayRefusal for a body that is not one JSON-RPC message */
function readMessage({ body }: AgentRequest): unknown {
  if (body === undefined) throw refuse(413, 'REQUEST_TOO_LARGE', 'The body is too large.');
  const text = typeof body === 'string' ? body : decodeUtf8(body);
  const parsed = parseJson(text);
  if ('problem' in parsed)
    throw new GatewayRefusal(400, new RpcError(RPC.PARSE_ERROR, `Parse error: ${parsed.problem}.`));
  if (Array.isArray(parsed.value)) {
    const message = 'Invalid request: send one message at a time, batches are not taken.';
    throw new GatewayRefusal(400, new RpcError(RPC.INVALID_REQUEST, message));
  }
  return parsed.value;
}

/** The same for a request that is refused whatever it says. */
function peek(request: AgentRequest): unknown {
  try {
    return readMessage(request);
  } catch {
    return undefined;
  }
}

function decodeUtf8(body: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    throw new GatewayRefusal(400, new RpcError(RPC.PARSE_ERROR, 'Parse error: the body is not valid UTF-8.'));
  }
}

async function serveOther(
  message: unknown,
  agent: Agent,
  request: AgentRequest,
  stream: AgentStream,
  look: (renewed?: boolean) => Promise<Sight>,
  { parts, serveMethod }: { parts: GatewayParts; serveMethod: ServeMethod },
): Promise<void> {
  const method = isObject(message) ? message.method : undefined;
  if (method === 'subscriptions/listen') {
    // The stream would never tell anything, and never end.
    throw new GatewayRefusal(404, new RpcError(RPC.METHOD_NOT_FOUND, 'Method not found'));
  }
  if (method === 'tools/list') refuseOddCursor(message);
  if (method === 'notifications/cancelled') cancel(message, agent, request, parts);
  const list = async (cursor: string | undefined) => {
    const sight = await look();
    const { servers } = sight.catalog;
    for (const server of servers) parts.catalogues.keep(agent.accountId, server);
    return listTools(
      { ...sight, agent },
      cursor,
      cursorsOf(agent, request, parts),
      warningsOf(servers, agent, parts),
    );
  };
  const gone = new AbortController();
  stream.onGone(() => gone.abort());
  const response = await serveMethod(toWebRequest(request, gone.signal), message, { listTools: list });
  const session = method === 'initialize' && response.ok ? { 'mcp-session-id': randomUUID() } : {};
  await writeResponse(response, { ...ALWAYS, ...session }, stream);
}

/** The SDK has an internal error for it, where MCP has invalid params ("Pagination", "Error Handling"). */
function refuseOddCursor(message: unknown): void {
  const params = isObject(message) && isObject(message.params) ? message.params : {};
  if (params.cursor === undefined || typeof params.cursor === 'string') return;
  throw new GatewayRefusal(200, new RpcError(RPC.INVALID_PARAMS, 'Invalid params: cursor must be text.'));
}

function cancel(
  message: unknown,
  agent: Agent,
  { headers }: AgentRequest,
  { cancellations }: GatewayParts,
): void {
  const params = isObject(message) && isObject(message.params) ? message.params : {};
  const { requestId: id } = params;
  if (typeof id !== 'string' && typeof id !== 'number') return;
  cancellations.cancel({ agent, sessionId: headers['mcp-session-id'], id });
}

/** A page of one list is no page of another's: what one may see another may not. */
function cursorsOf(agent: Agent, { serverName = '' }: AgentRequest, { deps }: GatewayParts) {
  const { accountId, agentSpaceId, scope } = agent;
  const place = { accountId, operation: 'tools/list', filter: `${agentSpaceId}/${serverName}/${scope}` };
  return {
    mint: (position: string) => deps.pageTokens.mint(place, position),
    read: (cursor: string) => deps.pageTokens.read(place, cursor),
  };
}

function fail(refusal: GatewayRefusal, message: unknown, stream: AgentStream): void {
  // An answer that was under way ends without its last message: it would not be true.
  if (stream.begun) stream.end();
  else refused(refusal, message, stream);
}

function refused(refusal: GatewayRefusal, message: unknown, stream: AgentStream): void {
  stream.begin(refusal.status, { ...ALWAYS, 'content-type': 'application/json', ...refusal.headers });
  stream.end(JSON.stringify(errorMessage(idOf(message), refusal.error)));
}

/** What is not known to be allowed is refused: a table that cannot be read closes the endpoint. */
function unforeseen(error: unknown, requestId: string, { log }: GatewayDeps): GatewayRefusal {
  log('agent request failed', { requestId, error: errorName(error) });
  const message = `The request could not be served. Try again in a moment. (${requestId})`;
  return refuse(503, 'UNAVAILABLE', message, { 'retry-after': '1' });
}
