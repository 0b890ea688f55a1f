import {
  classifyInboundRequest,
  LOG_LEVEL_META_KEY,
  SUPPORTED_PROTOCOL_VERSIONS,
} from '@modelcontextprotocol/server';
import { CallCancelled, CallTimedOut } from './agentError.ts';
import { createAnswer } from './answer.ts';
import { readCallParams } from './callParams.ts';
import { callTool, type ToolCall } from './callTool.ts';
import type { Era } from './finishResult.ts';
import { decode } from './paramHeaders.ts';
import type { GatewayParts } from './parts.ts';
import { eraOfPlainCall, MODERN_VERSION } from './plainCall.ts';
import type { GatewayRefusal } from './refusal.ts';
import { isObject, RpcError, type RpcId } from './rpc.ts';
import type { AgentRequest, AgentStream } from './types.ts';

/** A `tools/call` request that is well-formed in all that its protocol asks of message and headers. */
export interface CallRequest {
  id: RpcId;
  era: Era;
  params: unknown;
}

/**
 * A message as a call, when it is one that can be served as it is. Anything else, calls that are at odds with their
 * headers among it, is left to the SDK, which knows every rule and every refusal.
 */
export function readCall(message: unknown, { headers }: AgentRequest): CallRequest | undefined {
  if (!isObject(message) || message.method !== 'tools/call') return undefined;
  const { id, params } = message;
  if (message.jsonrpc !== '2.0' || (typeof id !== 'string' && !Number.isSafeInteger(id))) return undefined;
  if (!acceptsBoth(headers.accept) || !isJson(headers['content-type'])) return undefined;
  const version = headers['mcp-protocol-version']?.trim();
  const era = eraOfPlainCall(message, version) ?? eraOf(message, version, headers['mcp-method']);
  if (!era || (era === 'modern' && !namesTheCall(headers, params))) return undefined;
  return { id: id as RpcId, era, params };
}

function eraOf(body: object, version: string | undefined, method: string | undefined): Era | undefined {
  const route = classifyInboundRequest({
    httpMethod: 'POST',
    body,
    ...(version !== undefined && { protocolVersionHeader: version }),
    ...(method !== undefined && { mcpMethodHeader: method }),
  });
  if (route.kind === 'modern') return version === MODERN_VERSION ? 'modern' : undefined;
  if (route.kind !== 'legacy') return undefined;
  return version === undefined || SUPPORTED_PROTOCOL_VERSIONS.includes(version) ? 'legacy' : undefined;
}

/** 2026-07-28, "Standard Request Headers". */
function namesTheCall(headers: AgentRequest['headers'], params: unknown): boolean {
  const name = isObject(params) ? params.name : undefined;
  return headers['mcp-method']?.trim() === 'tools/call' && decode(headers['mcp-name']) === name;
}

function acceptsBoth(accept = ''): boolean {
  return accept.includes('application/json') && accept.includes('text/event-stream');
}

function isJson(contentType = ''): boolean {
  return contentType.split(';', 1)[0]?.trim().toLowerCase() === 'application/json';
}

/** Where a call comes from, and what its agent can see. */
interface CallPlace extends Pick<ToolCall, 'agent' | 'sight' | 'look' | 'readmit'> {
  request: AgentRequest;
  stream: AgentStream;
  /** What is told of a failure that is not one of the call. */
  refusalOf(error: unknown): GatewayRefusal;
}

/**
 * Serves a call to its end; failures of the call are part of the answer. Rejects with any other failure while nothing of
 * an answer has left.
 */
export async function serveCall(
  { id, era, params }: CallRequest,
  { request, stream, refusalOf, ...place }: CallPlace,
  parts: GatewayParts,
): Promise<void> {
  const answer = createAnswer(id, stream);
  const controller = new AbortController();
  stream.onGone(() => controller.abort(new CallCancelled()));
  const timer = setTimeout(() => controller.abort(new CallTimedOut()), parts.deps.gateway.callTimeoutMs);
  try {
    const call = readCallParams(params);
    const wantsLogs = era === 'legacy' || call.meta[LOG_LEVEL_META_KEY] !== undefined;
    const run = () =>
      callTool(
        {
          ...call,
          ...place,
          era,
          // Earlier protocols have no headers of arguments.
          ...(era === 'modern' && { headers: request.headers }),
          requestId: request.requestId,
          signal: controller.signal,
          wantsLogs,
          onProgress: progress =>
            answer.notify('notifications/progress', { ...progress, progressToken: call.progressToken }),
          onLog: log => (wantsLogs ? answer.notify('notifications/message', log) : undefined),
        },
        parts,
      );
    const key = { agent: place.agent, sessionId: request.headers['mcp-session-id'], id };
    // Today's protocol cancels by closing the stream alone.
    const running = era === 'modern' ? run() : parts.cancellations.during(key, controller, run);
    answer.result(await running);
  } catch (error) {
    if (error instanceof RpcError) answer.error(error);
    // Its agent waits for the end of an event stream that has begun.
    else if (stream.begun) answer.error(refusalOf(error).error);
    else throw error;
  } finally {
    clearTimeout(timer);
    answer.abandon();
  }
}
