import { orAborted } from '../egress/requestSignal.ts';
import { scrubServerText } from '../egress/scrub.ts';
import { holdsSecret } from '../mcp/credentialSecrets.ts';
import { McpError } from '../mcp/mcpError.ts';
import type { ValidationCode } from '../mcp/types.ts';
import { agentError, CallCancelled, failureOf } from './agentError.ts';
import type { CallParams } from './callParams.ts';
import { disabled, isDisabled } from './connections.ts';
import { type Era, finishResult } from './finishResult.ts';
import { refuseParamMismatch } from './headerMismatch.ts';
import { jsonOf } from './json.ts';
import { paramHeaders } from './paramHeaders.ts';
import type { GatewayParts } from './parts.ts';
import { type CallEnd, recordCall } from './recordCall.ts';
import { GatewayRefusal } from './refusal.ts';
import { RPC, RpcError } from './rpc.ts';
import { type Catalog, mayUse, type SpaceView, type ToolView } from './spaceView.ts';
import type { Agent, AgentRequest } from './types.ts';
import { TurnedAway } from './upstream/answer.ts';
import { callLegacy } from './upstream/legacy.ts';
import { callModern } from './upstream/modern.ts';
import type { Upstream, UpstreamCall, UpstreamResult } from './upstream/types.ts';

/** One call of a tool. */
export interface ToolCall extends CallParams, Pick<UpstreamCall, 'wantsLogs' | 'onProgress' | 'onLog'> {
  agent: Agent;
  era: Era;
  /** Of the request, where some may repeat its arguments. */
  headers?: AgentRequest['headers'];
  requestId: string;
  signal: AbortSignal;
  /** What the agent can see. */
  sight: Sight;
  /** Looks again, after `renewed` has said that it may have changed. */
  look(renewed: true): Promise<Sight>;
  /** Lets the agent in once more, and looks. @throws GatewayRefusal */
  readmit(): Promise<Sight>;
}

/** What an agent can see, as of one moment. */
export interface Sight {
  view: SpaceView;
  catalog: Catalog;
}

/**
 * Calls a tool for an agent: finds out whether it may be called, forwards the call with the server's credential, and
 * leaves one invocation behind, whatever comes of it.
 * @returns the result as JSON
 * @throws RpcError, safe to show to the agent; whatever kept the space from being looked at, as it is
 */
export async function callTool(call: ToolCall, parts: GatewayParts): Promise<string> {
  const began = parts.deps.now();
  let found: ToolView | undefined;
  try {
    found = usable(call, call.sight) ?? (await findAnew(call, parts)) ?? unknownTool(call);
    if (found.server.service.state === 'DISABLED') throw disabled(found.server.name);
    if (call.headers) refuseParamMismatch(found.tool, call.arguments, call.headers);
    parts.catalogues.keep(call.agent.accountId, found.server);
    const { result, upstream } = await forward(found, call, parts);
    const secrets = upstream.authorizer.secrets();
    const text = finishResult(result, call.era, found.tool.definition.outputSchema, secrets);
    recordCall(
      call,
      found,
      began,
      { outcome: result.isError === true ? 'tool-error' : 'success' },
      parts.deps,
    );
    return text;
  } catch (error) {
    recordCall(
      call,
      found,
      began,
      { outcome: outcomeOf(error, found), failure: failureOf(error) },
      parts.deps,
    );
    throw agentError(error, found?.server.name ?? '') ?? error;
  }
}

/** What an agent may not call does not exist for it: each such tool gets the same answer. */
function unknownTool({ name }: ToolCall): never {
  throw new RpcError(RPC.INVALID_PARAMS, `Unknown tool: ${scrubServerText(name, []).slice(0, 128)}`);
}

function usable({ name, agent }: ToolCall, { view, catalog }: Sight): ToolView | undefined {
  const found = catalog.find(name);
  return found && mayUse(view, agent.scope, found) ? found : undefined;
}

/** A server of which all tools are allowed may have got a new one since it was last asked; one that is disabled is not asked. */
async function findAnew(call: ToolCall, { catalogues }: GatewayParts): Promise<ToolView | undefined> {
  const { catalog } = call.sight;
  const owner = catalog.servers.find(
    ({ name, takesAll, service }) =>
      takesAll &&
      service.state !== 'DISABLED' &&
      (catalog.servers.length === 1 || call.name.startsWith(`${name}_`)),
  );
  const renewing = owner && catalogues.renew(call.agent.accountId, owner.service.serviceId);
  // Until the server says that there is one, there is no such tool.
  const renewed = renewing && (await orAborted(renewing, call.signal).catch(() => undefined));
  return renewed ? usable(call, await call.look(true)) : undefined;
}

interface Forwarded {
  result: UpstreamResult;
  upstream: Upstream;
}

async function forward(found: ToolView, call: ToolCall, parts: GatewayParts): Promise<Forwarded> {
  const upstream = await parts.connect(found.server, call.agent);
  const heard = { something: false };
  const began = parts.deps.now();
  try {
    return await attempt(upstream, found, call, heard, parts);
  } catch (error) {
    const tookMs = parts.deps.now() - began;
    const again = await orAborted(secondChance(error, upstream, found, heard, tookMs, parts), call.signal);
    if (!again) throw error;
    return await attempt(again, found, call, heard, parts);
  }
}

/** Milliseconds within which a connection that had been idle shows itself as dead. */
const STALE_CONNECTION_MS = 1_000;

/** What a server of another protocol era answers with. */
const ABOUT_PROTOCOL: readonly ValidationCode[] = [
  'TRANSPORT_NOT_MCP',
  'HANDSHAKE_FAILED',
  'HANDSHAKE_UNSUPPORTED_VERSION',
];

/**
 * Where to send a failed call once more, if anywhere: to a server that has changed its protocol and has turned the call
 * away, and, when the tool only reads, after the server closed a connection that was idle.
 */
async function secondChance(
  error: unknown,
  upstream: Upstream,
  { tool }: ToolView,
  heard: { something: boolean },
  tookMs: number,
  { catalogues }: GatewayParts,
): Promise<Upstream | undefined> {
  const { accountId, serviceId } = upstream;
  if (error instanceof RpcError && error.code === RPC.INVALID_PARAMS) {
    // It may not know the tool any more.
    catalogues.refresh(accountId, serviceId);
    return undefined;
  }
  if (heard.something) return undefined;
  if (
    error instanceof McpError &&
    error.code === 'HTTP_NO_ANSWER' &&
    tool.classification === 'READ_ONLY' &&
    tookMs < STALE_CONNECTION_MS
  ) {
    return upstream;
  }
  if (!isAboutProtocol(error)) return undefined;
  const other = () => {
    const verdict = catalogues.verdictOf(accountId, serviceId);
    return verdict && verdict.kind !== upstream.verdict?.kind ? { ...upstream, verdict } : undefined;
  };
  if (!other()) await catalogues.renew(accountId, serviceId);
  return other();
}

function isAboutProtocol(error: unknown): boolean {
  return error instanceof McpError ? ABOUT_PROTOCOL.includes(error.code) : error instanceof TurnedAway;
}

/** Milliseconds after which a call has waited for its turn, rather than been served at once. */
const WAITED_MS = 100;

/** One try when its turn comes. A call that had to wait may not be allowed any more, or go with another credential. */
function attempt(
  upstream: Upstream,
  found: ToolView,
  call: ToolCall,
  heard: { something: boolean },
  parts: GatewayParts,
): Promise<Forwarded> {
  const { now } = parts.deps;
  const askedAt = now();
  const { accountId, serviceId } = upstream;
  return parts.breakers.run(`${accountId}/${serviceId}`, found.server.name, call.signal, () =>
    now() - askedAt < WAITED_MS
      ? send(upstream, found, call, heard, parts)
      : sendAfterWait(call, heard, parts),
  );
}

async function sendAfterWait(
  call: ToolCall,
  heard: { something: boolean },
  parts: GatewayParts,
): Promise<Forwarded> {
  const current = usable(call, await call.readmit()) ?? unknownTool(call);
  return await send(await parts.connect(current.server, call.agent), current, call, heard, parts);
}

async function send(
  upstream: Upstream,
  { tool }: ToolView,
  call: ToolCall,
  heard: { something: boolean },
  parts: GatewayParts,
): Promise<Forwarded> {
  const { accountId, serviceId, verdict, authorizer } = upstream;
  /** What repeats the credential is kept back, as a result that does is; so is what is nested too deep to be written. */
  const tells = (tell: UpstreamCall['onLog']) => (params: Record<string, unknown>) => {
    heard.something = true;
    const text = jsonOf(params);
    if (text === undefined || holdsSecret(text, authorizer.secrets())) return undefined;
    const told = tell(params);
    return told && orAborted(told, call.signal);
  };
  const wanted: UpstreamCall = {
    name: tool.name,
    arguments: call.arguments,
    meta: call.meta,
    wantsProgress: call.progressToken !== undefined,
    wantsLogs: call.wantsLogs,
    paramHeaders: paramHeaders(tool.definition.inputSchema, call.arguments),
    signal: call.signal,
    onProgress: tells(call.onProgress),
    onLog: tells(call.onLog),
    onToolsChanged: () => parts.catalogues.refresh(accountId, serviceId),
  };
  const id = parts.nextId();
  const result =
    verdict?.kind === 'modern'
      ? await callModern(upstream, verdict.protocolVersion, wanted, id)
      : await callLegacy(upstream, wanted, id, parts.sessions);
  return { upstream, result };
}

function outcomeOf(error: unknown, found: ToolView | undefined): CallEnd['outcome'] {
  if (!found || error instanceof GatewayRefusal || isDisabled(error)) return 'refused';
  return error instanceof CallCancelled ? 'cancelled' : 'failed';
}
