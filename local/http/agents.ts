import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Writable } from 'node:stream';
import { errorResponse } from '../../lib/api/errorResponse.ts';
import { ApiError } from '../../lib/api/errors.ts';
import { MAX_BODY_BYTES } from '../../lib/api/request.ts';
import type { RequestHead } from '../../lib/gateway/authenticate.ts';
import { MAX_REQUEST_BYTES } from '../../lib/gateway/limits.ts';
import { type AgentRoute, agentRoute } from '../../lib/gateway/route.ts';
import type { Caller } from '../../lib/identity/caller.ts';
import { signerOf } from '../../lib/identity/callerOf.ts';
import type { AccessKey } from '../identity/accessKey.ts';
import { denial } from '../identity/authorize.ts';
import { toFunctionUrlEvent } from './agentEvent.ts';
import { readBody } from './body.ts';
import { foreignHost } from './hosts.ts';
import { type CallerOptions, verified } from './pipeline.ts';
import type { RawHeaders } from './rawRequest.ts';
import { respond } from './respond.ts';

/** The handler of the agents' function, as `functions/mcpGateway.ts` exports it. */
export type AgentLambda = (event: never, response: Writable) => Promise<void>;

/** A verified caller whose role does not let it call tools. */
export interface DeniedAgent {
  caller: Caller;
  agentSpaceId: string;
  requestId: string;
  at: number;
  error: ApiError;
}

export interface AgentOptions extends CallerOptions {
  handler: AgentLambda;
  onDenied: (call: DeniedAgent) => Promise<void>;
  /** Whether the holder of an access token would be let in. */
  knows: (head: RequestHead) => Promise<boolean>;
}

/** An agent's request, its body not yet read. */
export interface AgentCall {
  request: IncomingMessage;
  response: ServerResponse;
  route: AgentRoute;
  rawPath: string;
  rawQuery: string;
  headers: RawHeaders;
  sourceIp: string;
  requestId: string;
  at: number;
  sendContinue: (() => void) | undefined;
}

/** The permission that calling tools takes: auditors do not have it. */
const INVOKE = { name: 'InvokeTool', access: 'write' } as const;

/** The route of a request target, when it is one of agents. */
export function agentTarget(target: string): Pick<AgentCall, 'route' | 'rawPath' | 'rawQuery'> | undefined {
  const mark = target.indexOf('?');
  const rawPath = mark < 0 ? target : target.slice(0, mark);
  const route = agentRoute(rawPath);
  return route && { route, rawPath, rawQuery: mark < 0 ? '' : target.slice(mark + 1) };
}

/**
 * Host check → large bodies of known callers only → signature, where there is one → role → the function. Access tokens are the function's own
 * business, as they are on AWS.
 */
export async function serveAgent(
  call: AgentCall,
  allowedHosts: ReadonlySet<string>,
  options: AgentOptions,
): Promise<void> {
  const { request, response, requestId } = call;
  try {
    const foreign = foreignHost(call.headers, allowedHosts);
    if (foreign) throw foreign;
    const body = await bodyOf(call, options);
    const key = isSigned(request) ? await signer(call, body, options) : undefined;
    response.setHeader('x-amzn-requestid', requestId);
    const event = toFunctionUrlEvent(request, { ...call, body, key, accountId: options.accountId });
    await options.handler(event as never, response);
  } catch (error) {
    if (!(error instanceof ApiError)) options.onError(error, requestId);
    if (response.headersSent) return void response.destroy();
    await respond(request, response, errorResponse(error, requestId), requestId);
  }
}

const NOTHING = Buffer.alloc(0);

/**
 * Anyone may send as much as the control plane takes; whoever sends more has to be known first. Of a token that is not,
 * nothing is read: the function refuses it.
 */
async function bodyOf(call: AgentCall, options: AgentOptions): Promise<Buffer> {
  const { request, sendContinue } = call;
  const length = Number(request.headers['content-length'] ?? Number.POSITIVE_INFINITY);
  if (length <= MAX_BODY_BYTES) return readBody(request, sendContinue);
  if (isSigned(request)) {
    const known = options.accessKeys.find(claimedKeyId(request)) !== undefined;
    return readBody(request, sendContinue, known ? MAX_REQUEST_BYTES : MAX_BODY_BYTES);
  }
  if (await options.knows(headOf(call))) return readBody(request, sendContinue, MAX_REQUEST_BYTES);
  call.response.setHeader('connection', 'close');
  return NOTHING;
}

function headOf({ request, route, sourceIp, requestId, at }: AgentCall): RequestHead {
  const { method = '', headers } = request;
  return {
    ...route,
    method,
    headers: headers as RequestHead['headers'],
    sourceIp,
    requestId,
    at,
    signer: undefined,
  };
}

/** Whoever claims a key is still to prove it. */
function claimedKeyId({ headers }: IncomingMessage): string {
  return /Credential=(\w+)\//.exec(headers.authorization ?? '')?.[1] ?? '';
}

function isSigned({ headers }: IncomingMessage): boolean {
  return headers.authorization?.startsWith('AWS4-') ?? false;
}

async function signer(call: AgentCall, body: Buffer, options: AgentOptions): Promise<AccessKey> {
  const { request, rawPath, rawQuery, headers, requestId, at, route } = call;
  const raw = { method: request.method ?? '', rawPath, rawQuery, headers, body };
  const key = await verified(raw, call, options);
  const error = denial(key, INVOKE);
  if (!error) return key;
  const caller = signerOf(toFunctionUrlEvent(request, { ...call, body, key, accountId: options.accountId }));
  const denied = caller && { caller, agentSpaceId: route.agentSpaceId, requestId, at, error };
  if (denied) await options.onDenied(denied).catch(unrecorded => options.onError(unrecorded, requestId));
  throw error;
}
