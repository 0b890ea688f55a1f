import {
  InsufficientScopeError,
  ProtocolError,
  SdkError,
  SdkErrorCode,
  SdkHttpError,
  UnsupportedProtocolVersionError,
} from '@modelcontextprotocol/client';
import { scrubServerText } from '../egress/scrub.ts';
import { EgressError } from '../egress/types.ts';
import { explainEgress, sentence } from './explainEgress.ts';
import { failure, McpError } from './mcpError.ts';
import type { Progress } from './serverFetch.ts';
import type { ValidationCode } from './types.ts';

/** Where an exchange with a server stood when it failed. */
export interface FailureContext {
  stage: 'connect' | 'list';
  progress: Readonly<Progress>;
  /** Aborted when the time is up or the caller gave up. */
  signal: AbortSignal;
  /** What must not be shown of the server's text. */
  secrets: readonly string[];
}

/** Any error of an exchange as the typed one. Nothing of an error that is not understood is shown. */
export function explainFailure(error: unknown, context: FailureContext): McpError {
  const chain = [...causes(error)];
  const known = chain.find(cause => cause instanceof McpError);
  if (known) return known;
  const egress = chain.find(cause => cause instanceof EgressError);
  if (egress) return explainEgress(egress, context.stage === 'list', context.secrets);
  if (context.signal.aborted || chain.some(isTimeout)) return ofAbort(context);
  if (chain.some(cause => cause instanceof InsufficientScopeError)) return ofStatus(403, context);
  const http = chain.find(cause => cause instanceof SdkHttpError);
  if (http?.status !== undefined) return ofStatus(http.status, context, rpcErrorIn(http.data.text));
  const rpc = chain.find(cause => cause instanceof ProtocolError);
  if (rpc) return ofRpcError(rpc, context);
  return ofUnusableAnswer(chain, context);
}

/** An error and what it says caused it; bounded, since a chain may be a ring. */
function* causes(error: unknown): Generator<Error> {
  let next = error;
  for (let depth = 0; next instanceof Error && depth < 8; depth++) {
    yield next;
    next = next.cause;
  }
}

function isTimeout(error: Error): boolean {
  return error instanceof SdkError && error.code === SdkErrorCode.RequestTimeout;
}

function ofAbort(context: FailureContext): McpError {
  const { signal } = context;
  const calledOff = signal.aborted && Object(signal.reason).name !== 'TimeoutError';
  const what = calledOff ? 'The check was called off' : 'The time ran out';
  const [code, waitingFor] = pending(context);
  return failure(code, `${what} while waiting for ${waitingFor}.`);
}

// Before the first answer, egress's own clocks say which phase was slow; they run out before the budget does.
function pending({ stage, progress }: FailureContext): [ValidationCode, string] {
  if (stage === 'list') return ['TOOLS_LIST_FAILED', 'the answer to tools/list'];
  if (progress.accepted) return ['HANDSHAKE_FAILED', 'the MCP handshake'];
  return ['HTTP_TIMED_OUT', progress.answered ? 'the rest of an answer' : 'an answer'];
}

interface RpcError {
  code: number;
  message: string;
}

function ofStatus(status: number, context: FailureContext, rpc?: RpcError): McpError {
  const said = `The server answered HTTP ${status}`;
  if (status === 401) {
    const { scheme } = context.progress;
    return failure(
      'CREDENTIAL_REJECTED',
      `${said}${scheme ? `, asking for ${scheme} authentication` : ''}: it rejects the credential.`,
    );
  }
  if (status === 403)
    return failure('CREDENTIAL_FORBIDDEN', `${said}: the credential is known but not allowed in.`);
  if (status === 429) return failure('TRANSPORT_RATE_LIMITED', `${said}: too many requests.`);
  if (rpc) return ofRpcError(rpc, context, `${said} and`);
  if (context.stage === 'list') return failure('TOOLS_LIST_FAILED', `${said} to tools/list.`);
  if (status >= 500) return failure('HTTP_SERVER_ERROR', `${said}.`);
  return failure('TRANSPORT_NOT_MCP', `${said} where MCP messages are sent.`);
}

/** JSON-RPC's code for a protocol version that the server does not speak (MCP 2026-07-28). */
const UNSUPPORTED_VERSION = -32022;

function ofRpcError(
  error: RpcError,
  { stage, secrets }: FailureContext,
  prefix = 'The server answered',
): McpError {
  const said = scrubServerText(error.message, secrets).trim();
  const what = sentence(`${prefix} error ${Number(error.code)}${said && `: ${said}`}`);
  if (stage === 'list') return failure('TOOLS_LIST_FAILED', what);
  const isVersion = error.code === UNSUPPORTED_VERSION || error instanceof UnsupportedProtocolVersionError;
  return failure(isVersion ? 'HANDSHAKE_UNSUPPORTED_VERSION' : 'HANDSHAKE_FAILED', what);
}

/** The JSON-RPC error that a body of an unsuccessful status holds, as old servers send it. */
function rpcErrorIn(text: unknown): RpcError | undefined {
  try {
    const { error } = JSON.parse(String(text));
    return typeof error.code === 'number' && typeof error.message === 'string' ? error : undefined;
  } catch {
    return undefined;
  }
}

function ofUnusableAnswer(chain: Error[], { stage }: FailureContext): McpError {
  if (stage === 'list')
    return failure('TOOLS_LIST_FAILED', 'The answer to tools/list is not a list of tools.');
  // The SDK has no type for this one.
  if (chain.some(({ message }) => message.startsWith("Server's protocol version is not supported"))) {
    return failure(
      'HANDSHAKE_UNSUPPORTED_VERSION',
      'The server chose a protocol version that is not supported.',
    );
  }
  if (chain.some(cause => cause instanceof SdkError && cause.code === SdkErrorCode.InvalidResult)) {
    return failure('HANDSHAKE_FAILED', 'The answer to the MCP handshake lacks required members.');
  }
  return failure('TRANSPORT_NOT_MCP', 'The server answered with something that is not an MCP message.');
}
