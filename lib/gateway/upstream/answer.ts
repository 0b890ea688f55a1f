import { scrubServerText } from '../../egress/scrub.ts';
import { type EgressAnswer, EgressError } from '../../egress/types.ts';
import { failure, McpError } from '../../mcp/mcpError.ts';
import { isObject, RPC, RpcError } from '../rpc.ts';
import { messagesOf, type ServerMessage, type StreamPosition } from './messages.ts';
import { typed } from './post.ts';
import type { Upstream, UpstreamResult } from './types.ts';

/** What to do with the messages that come before the answer. */
export interface Aside {
  /** What it settles with is waited for: a slow agent slows its server down. */
  notified(method: string, params: Record<string, unknown>): Promise<void> | undefined;
  /** A question of the server to the client. */
  asked(message: ServerMessage): void;
}

/**
 * The result for request `id`, read from an answer; `undefined` where a stream ends before it, which can then be
 * resumed from `position`.
 * @throws RpcError for an error that the server answered with, its text scrubbed; McpError for what is no answer
 */
export async function resultOf(
  answer: EgressAnswer,
  id: number,
  upstream: Upstream,
  aside: Aside,
  position: StreamPosition = {},
): Promise<UpstreamResult | undefined> {
  if (answer.status >= 300) throw await refusalOf(answer, id, upstream);
  try {
    const messages = await messagesOf(answer, position);
    // Nearly always: a loop for both forms would cost as many promises as all before it.
    const only = Array.isArray(messages) && messages.length === 1 ? messages[0] : undefined;
    if (only && isAnswer(only, id)) return readResult(only, upstream);
    for await (const message of messages) {
      if (isAnswer(message, id)) return readResult(message, upstream);
      const heard = hear(message, aside);
      if (heard) await heard;
    }
  } catch (error) {
    if (position.lastEventId === undefined || !isCut(error)) throw typed(error, upstream);
  }
  return undefined;
}

function isAnswer(message: ServerMessage, id: number): boolean {
  return message.id === id && !('method' in message);
}

/** Load balancers and restarts end streams without a word. */
function isCut(error: unknown): boolean {
  return error instanceof EgressError && error.code === 'CONNECTION_LOST';
}

function hear(message: ServerMessage, aside: Aside): Promise<void> | undefined {
  if (typeof message.method !== 'string') return undefined;
  if (message.id === undefined) {
    return aside.notified(message.method, isObject(message.params) ? message.params : {});
  }
  aside.asked(message);
  return undefined;
}

function readResult(message: ServerMessage, upstream: Upstream): UpstreamResult {
  if (isObject(message.result)) return message.result;
  throw rpcErrorOf(message, upstream) ?? noResult();
}

/** Not a matter of protocol: the call may have been served, and is not sent again. */
export function noResult(): RpcError {
  const message = 'The server answered with something that is no result of a call.';
  return new RpcError(RPC.GATEWAY, message, { code: 'RESULT_MALFORMED' });
}

/** The error of a message, when it has one. What else a server attaches to it is not passed on. */
function rpcErrorOf({ error }: ServerMessage, { authorizer }: Upstream): RpcError | undefined {
  if (!isObject(error) || typeof error.code !== 'number' || !Number.isInteger(error.code)) return undefined;
  const message = typeof error.message === 'string' ? error.message : '';
  return new RpcError(error.code, scrubServerText(message, authorizer.secrets()) || 'The server failed.');
}

/** An error that a server answered with in place of serving the request: it has done nothing. */
export class TurnedAway extends RpcError {}

/** A server that is not there for anybody, as whatever stands before it says. */
export class ServerAway extends McpError {}

/** RFC 9110, sections 15.6.3 to 15.6.5. */
const AWAY: readonly number[] = [502, 503, 504];

/** Some servers say in the body of a 4xx, as JSON-RPC, what they mind. */
async function refusalOf(answer: EgressAnswer, id: number, upstream: Upstream): Promise<Error> {
  const { status } = answer;
  const known = knownRefusal(status);
  if (known) {
    answer.body.leave();
    return known;
  }
  const said = await errorIn(answer, id, upstream);
  if (said) return new TurnedAway(said.code, said.message);
  return failure('TRANSPORT_NOT_MCP', `The server answered HTTP ${status}.`);
}

/** What a status says by itself, whatever comes with it. */
function knownRefusal(status: number): Error | undefined {
  if (status === 401)
    return failure('CREDENTIAL_REJECTED', 'The server answered HTTP 401: it rejects the credential.');
  if (status === 403)
    return failure('CREDENTIAL_FORBIDDEN', 'The server answered HTTP 403: it forbids the request.');
  if (status === 429)
    return failure('TRANSPORT_RATE_LIMITED', 'The server answered HTTP 429: too many requests.');
  if (status >= 500) {
    const error = failure('HTTP_SERVER_ERROR', `The server answered HTTP ${status}.`);
    return AWAY.includes(status) ? new ServerAway(error.code, error.message) : error;
  }
  return undefined;
}

async function errorIn(answer: EgressAnswer, id: number, upstream: Upstream): Promise<RpcError | undefined> {
  try {
    for await (const message of await messagesOf(answer)) {
      const error = message.id === id || message.id === null ? rpcErrorOf(message, upstream) : undefined;
      if (error) return error;
    }
  } catch {
    // A body that is no message says nothing.
  }
  return undefined;
}
