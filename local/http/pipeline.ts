import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda';
import { ApiError, type FailureCode, fail } from '../../lib/api/errors.ts';
import type { Operation } from '../../lib/api/operation.ts';
import type { OperationName } from '../../lib/api/operations.ts';
import { hopHeader } from '../../lib/egress/outgoing.ts';
import type { Caller } from '../../lib/identity/caller.ts';
import { callerOf } from '../../lib/identity/callerOf.ts';
import { type BrowserRoute, type BrowserRouteName, browserRoute } from '../../lib/oauth/browserRoutes.ts';
import type { AccessKeys } from '../accessKeys.ts';
import type { AccessKey } from '../identity/accessKey.ts';
import { denial } from '../identity/authorize.ts';
import { verifySigV4 } from '../identity/verifySigV4.ts';
import { toProxyEvent } from './event.ts';
import { foreignHost } from './hosts.ts';
import { HANDLER_TIMEOUT_MS, lambdaContext } from './lambdaContext.ts';
import { type RawHeaders, type RawRequest, splitTarget, valuesOf } from './rawRequest.ts';
import { isProxyResult } from './respond.ts';
import { type Route, route } from './router.ts';

/** A Lambda handler behind API Gateway, as the files in functions/ export it. */
export type LocalHandler = (event: APIGatewayProxyEvent, context: Context) => Promise<APIGatewayProxyResult>;

/** A verified caller without permission: worth one audit event. */
export interface DeniedCall {
  operation: Operation;
  caller: Caller;
  requestId: string;
  /** Arrival, epoch milliseconds. */
  at: number;
  error: ApiError;
  /** The event that the handler did not get. */
  event: APIGatewayProxyEvent;
}

/** Who may call, and what is done where nobody is known to call, or a call fails. */
export interface CallerOptions {
  region: string;
  /** The account of the deployment; callers carry their own. */
  accountId: string;
  accessKeys: AccessKeys;
  /** Called per request: must not write. */
  onUnverified: (call: { reason: FailureCode; sourceIp: string }) => void;
  /** Told of failures that callers only get a request id for, and of denials that were not recorded. */
  onError: (error: unknown, requestId: string) => void;
  /** Epoch milliseconds. */
  now: () => number;
}

/** The control plane. */
export interface ApiOptions {
  handlers: Readonly<Record<OperationName, LocalHandler>>;
  /** Of the routes that take no signature; without it there are none. */
  browserHandlers?: Readonly<Record<BrowserRouteName, LocalHandler>>;
  onDenied: (call: DeniedCall) => Promise<void> | void;
}

export interface PipelineOptions extends CallerOptions {
  /** Without it there is no operation. */
  api?: ApiOptions;
}

/** A request whose body may not have been read yet. */
export interface IncomingCall {
  method: string;
  target: string;
  headers: RawHeaders;
  sourceIp: string;
  scheme: 'http' | 'https';
  requestId: string;
  /** Arrival, epoch milliseconds. */
  at: number;
  readBody: () => Promise<Buffer>;
}

/**
 * Host check → health → browsers' routes → route → signature → role → handler. A route that does not exist is
 * said to anyone: the routes are public, and a precise answer helps whoever mistyped one.
 * @throws ApiError; anything else is a defect of a handler
 */
export async function answer(
  call: IncomingCall,
  allowedHosts: ReadonlySet<string>,
  options: PipelineOptions,
): Promise<APIGatewayProxyResult> {
  const foreign = foreignHost(call.headers, allowedHosts);
  if (foreign) throw foreign;
  refuseLoop(call.headers);
  const { rawPath, rawQuery } = splitTarget(call.target);
  if (rawPath === '/healthz' && (call.method === 'GET' || call.method === 'HEAD')) return HEALTHY;
  const { api } = options;
  if (!api)
    throw fail('UnknownOperationException', 'Only agents are served here: operations are called at PORT.');
  const open = browserRoute(call.method, rawPath);
  const openHandler = open && api.browserHandlers?.[open.name];
  if (openHandler) return dispatchOpen(open, openHandler, { rawPath, rawQuery }, call, options);
  const found = route(call.method, rawPath);
  const body = await call.readBody();
  const request = { method: call.method, rawPath, rawQuery, headers: call.headers, body };
  const key = await verified(request, call, options);
  return dispatch(request, call, found, key, { ...options, ...api });
}

const HEALTHY: APIGatewayProxyResult = { statusCode: 200, body: '{"status":"ok"}' };

function refuseLoop(headers: RawHeaders): void {
  if (valuesOf(headers, hopHeader).length === 0) return;
  throw fail(
    'AccessDeniedException',
    'This request comes from a Switchboard: registering a Switchboard as its own MCP server would loop.',
  );
}

/** Whose signature a request carries. What is not signed well is counted. @throws ApiError */
export async function verified(
  request: RawRequest,
  { sourceIp }: Pick<IncomingCall, 'sourceIp'>,
  options: Pick<CallerOptions, 'region' | 'now' | 'accessKeys' | 'onUnverified'>,
): Promise<AccessKey> {
  const { region, now, accessKeys, onUnverified } = options;
  try {
    return await verifySigV4(request, { region, now, findKey: id => accessKeys.find(id) });
  } catch (error) {
    if (error instanceof ApiError) onUnverified({ reason: error.failure.code, sourceIp });
    throw error;
  }
}

async function dispatch(
  request: RawRequest,
  call: IncomingCall,
  found: Route,
  key: AccessKey,
  options: CallerOptions & ApiOptions,
): Promise<APIGatewayProxyResult> {
  const { operation } = found;
  const { requestId, at } = call;
  const event = toProxyEvent(request, { ...call, route: found, key, accountId: options.accountId });
  const error = denial(key, operation);
  if (error) {
    await recordDenial({ operation, caller: callerOf(event), requestId, at, error, event }, options);
    throw error;
  }
  const handler = options.handlers[operation.name as OperationName];
  const result = await inTime(handler(event, lambdaContext(operation.name, requestId, at, options.now)));
  if (!isProxyResult(result)) throw new Error(`${operation.name} answered without a status code`);
  return result;
}

/** A route that browsers use: the handler itself decides what to believe. */
async function dispatchOpen(
  { name, path }: BrowserRoute,
  handler: LocalHandler,
  { rawPath, rawQuery }: Pick<RawRequest, 'rawPath' | 'rawQuery'>,
  call: IncomingCall,
  options: CallerOptions,
): Promise<APIGatewayProxyResult> {
  const { method, headers, requestId, at } = call;
  const request = { method, rawPath, rawQuery, headers, body: await call.readBody() };
  const facts = {
    ...call,
    route: { operation: { name, path }, rawLabels: {} },
    accountId: options.accountId,
  };
  const event = toProxyEvent(request, facts);
  const result = await inTime(handler(event, lambdaContext(name, requestId, at, options.now)));
  if (!isProxyResult(result)) throw new Error(`${name} answered without a status code`);
  return result;
}

async function recordDenial(
  denied: DeniedCall,
  { onDenied, onError }: Pick<CallerOptions & ApiOptions, 'onDenied' | 'onError'>,
): Promise<void> {
  try {
    await onDenied(denied);
  } catch (error) {
    onError(error, denied.requestId);
  }
}

/** API Gateway stops waiting for a function too; what the handler began goes on. */
async function inTime<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const error = fail('ServiceUnavailableException', 'The request took longer than 29 seconds.');
    timer = setTimeout(() => reject(error), HANDLER_TIMEOUT_MS);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
