import { setTimeout as sleep } from 'node:timers/promises';
import { failure } from '../../mcp/mcpError.ts';
import { RPC } from '../rpc.ts';
import { type Aside, resultOf } from './answer.ts';
import { asideOf } from './aside.ts';
import type { ServerMessage, StreamPosition } from './messages.ts';
import { request } from './post.ts';
import { notify, postInSession, type Session, type Sessions, sessionHeaders } from './sessions.ts';
import type { Upstream, UpstreamCall, UpstreamResult } from './types.ts';

/** Tries to take a stream up again that ended before its answer: load balancers cut long ones more than once. */
const MAX_RESUMES = 10;
/** Milliseconds before the first, unless the server names another time. */
const RESUME_AFTER_MS = 500;
/** A server may not hold a call up for longer by naming a time. */
const MAX_RESUME_AFTER_MS = 30_000;
/** Questions that a server gets an answer to during one call: each costs a request, and a stream holds a million. */
const MAX_DECLINED = 100;

/**
 * A call towards a server of an earlier protocol: one request in the session that is there, after a handshake where
 * there is none. A server that has forgotten the session turns the request away, so that it is sent once more in a new
 * one.
 * @throws RpcError, McpError, or the signal's reason
 */
export async function callLegacy(
  upstream: Upstream,
  call: UpstreamCall,
  id: number,
  sessions: Sessions,
): Promise<UpstreamResult> {
  return sessions.use(upstream, call.signal, session => callInSession(upstream, call, id, session));
}

async function callInSession(
  upstream: Upstream,
  call: UpstreamCall,
  id: number,
  session: Session,
): Promise<UpstreamResult> {
  const { wantsProgress, meta } = call;
  const _meta = { ...meta, ...(wantsProgress ? { progressToken: id } : {}) };
  const params = {
    name: call.name,
    ...(call.arguments === undefined ? {} : { arguments: call.arguments }),
    ...(Object.keys(_meta).length > 0 ? { _meta } : {}),
  };
  const cancel = () => {
    const reason = { requestId: id, reason: 'The caller cancelled the call.' };
    notify(upstream, session, 'notifications/cancelled', reason);
  };
  call.signal.addEventListener('abort', cancel, { once: true });
  let asked = 0;
  try {
    const aside: Aside = {
      ...asideOf(call, id),
      asked: message => {
        if (++asked <= MAX_DECLINED) decline(upstream, session, message);
      },
    };
    const message = { jsonrpc: '2.0', id, method: 'tools/call', params };
    return await answered(upstream, session, { message, id, aside, signal: call.signal });
  } finally {
    call.signal.removeEventListener('abort', cancel);
  }
}

interface Asked {
  message: object;
  id: number;
  aside: Aside;
  signal: AbortSignal;
}

async function answered(
  upstream: Upstream,
  session: Session,
  { message, id, aside, signal }: Asked,
): Promise<UpstreamResult> {
  const position: StreamPosition = {};
  let answer = await postInSession(upstream, session, message, signal);
  for (let resumes = 0; ; resumes++) {
    const result = await resultOf(answer, id, upstream, aside, position);
    if (result) return result;
    if (position.lastEventId === undefined || resumes === MAX_RESUMES) break;
    await sleep(Math.min(position.retryMs ?? RESUME_AFTER_MS, MAX_RESUME_AFTER_MS), undefined, { signal });
    answer = await request(upstream, {
      method: 'GET',
      headers: {
        ...sessionHeaders(session),
        accept: 'text/event-stream',
        'last-event-id': position.lastEventId,
      },
      body: null,
      signal,
    });
  }
  throw failure('HTTP_NO_ANSWER', 'The server ended its answer before the result.');
}

/** Sampling, elicitation and roots are not offered, and nobody is there to be asked. Pings are answered. */
function decline(upstream: Upstream, session: Session, { id, method }: ServerMessage): void {
  const refusal = { code: RPC.METHOD_NOT_FOUND, message: 'Switchboard offers nothing of this kind.' };
  const outcome = method === 'ping' ? { result: {} } : { error: refusal };
  notify(upstream, session, undefined, { jsonrpc: '2.0', id, ...outcome });
}
