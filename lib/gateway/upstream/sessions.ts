import { LATEST_PROTOCOL_VERSION, SUPPORTED_PROTOCOL_VERSIONS } from '@modelcontextprotocol/server';
import { LRUCache } from 'lru-cache';
import { orAborted } from '../../egress/requestSignal.ts';
import type { EgressAnswer } from '../../egress/types.ts';
import { CLIENT_INFO } from '../../mcp/clientInfo.ts';
import { failure } from '../../mcp/mcpError.ts';
import { MAX_SESSIONS, SESSION_IDLE_MS } from '../limits.ts';
import { resultOf } from './answer.ts';
import { MESSAGE_HEADERS, request } from './post.ts';
import type { Upstream } from './types.ts';

/** Milliseconds for a message that nobody waits for. */
const COURTESY_MS = 2_000;
/** Milliseconds for a handshake: what a validation has for all of its checks. */
const HANDSHAKE_MS = 20_000;

/** What a handshake agreed on; stateless servers give the session no id. */
interface Agreed {
  id: string | undefined;
  protocolVersion: string;
}

/** A session of an earlier-era server, as one user has it. */
export interface Session extends Agreed {
  /** It was begun by another: a request that is turned away may mean that the server has forgotten it. */
  readonly mayBeLost: boolean;
  /** A request in it was turned away: nobody begins to use it after that. */
  isTurnedAway: boolean;
}

/** Sessions of this process: one for each space and server, so that no space shares state with another. */
export interface Sessions {
  /**
   * Runs `work` in the session of an upstream. Where the server turns out to have forgotten it, once more in a new
   * one: `work` says so by a {@link SessionLost}. In a session that was begun for it, it runs once.
   */
  use<T>(upstream: Upstream, signal: AbortSignal, work: (session: Session) => Promise<T>): Promise<T>;
  /** Ends those that nobody has used for a while; all of them when `all`. */
  end(all?: boolean): Promise<void>;
}

/** The server does not know the session: the request was turned away unread. */
export class SessionLost extends Error {
  override readonly name = 'SessionLost';
}

interface Entry {
  upstream: Upstream;
  opened: Promise<Agreed>;
  users: number;
  usedAt: number;
  retired: boolean;
}

/** Sessions by space, server and version of the registration: a rotated credential begins a new one. */
export function createSessions(now: () => number): Sessions {
  const ending = new Set<Promise<void>>();
  const entries = new LRUCache<string, Entry>({
    max: MAX_SESSIONS,
    dispose: entry => retire(entry),
  });

  const retire = (entry: Entry) => {
    entry.retired = true;
    if (entry.users > 0) return;
    const ended = endSession(entry).finally(() => ending.delete(ended));
    ending.add(ended);
  };
  const take = (upstream: Upstream): Entry => {
    const key = keyOf(upstream);
    const found = entries.get(key);
    if (found && found.upstream.version === upstream.version) return found;
    const opened = openSession(upstream);
    const entry: Entry = { upstream, opened, users: 0, usedAt: now(), retired: false };
    entries.set(key, entry);
    opened.catch(() => forget(key, entry));
    return entry;
  };
  const forget = (key: string, entry: Entry) => {
    if (entries.peek(key) === entry) entries.delete(key);
  };
  const within = async <T>(
    entry: Entry,
    signal: AbortSignal,
    mayBeLost: boolean,
    work: (session: Session) => Promise<T>,
  ): Promise<T> => {
    entry.users++;
    let session: Session | undefined;
    try {
      const { id, protocolVersion } = await orAborted(entry.opened, signal);
      session = { id, protocolVersion, mayBeLost, isTurnedAway: false };
      return await work(session);
    } finally {
      entry.users--;
      entry.usedAt = now();
      if (session?.isTurnedAway) forget(keyOf(entry.upstream), entry);
      if (entry.retired) retire(entry);
    }
  };

  return {
    async use(upstream, signal, work) {
      const before = entries.peek(keyOf(upstream));
      const entry = take(upstream);
      try {
        return await within(entry, signal, entry === before, work);
      } catch (error) {
        if (!(error instanceof SessionLost)) throw error;
        return within(take(upstream), signal, false, work);
      }
    },
    async end(all = false) {
      for (const [key, entry] of [...entries]) {
        if (all || now() - entry.usedAt >= SESSION_IDLE_MS) forget(key, entry);
      }
      await Promise.all(ending);
    },
  };
}

function keyOf({ accountId, agentSpaceId, serviceId }: Upstream): string {
  return `${accountId}/${agentSpaceId}/${serviceId}`;
}

/** Whoever comes first does not hold it up for the others by giving up. */
async function openSession(upstream: Upstream): Promise<Agreed> {
  const signal = AbortSignal.timeout(HANDSHAKE_MS);
  const params = { protocolVersion: LATEST_PROTOCOL_VERSION, capabilities: {}, clientInfo: CLIENT_INFO };
  const answer = await request(upstream, {
    method: 'POST',
    headers: MESSAGE_HEADERS,
    body: JSON.stringify({ jsonrpc: '2.0', id: 0, method: 'initialize', params }),
    signal,
  });
  const result = await resultOf(answer, 0, upstream, { notified: () => undefined, asked: () => {} });
  const protocolVersion = result?.protocolVersion;
  if (typeof protocolVersion !== 'string' || !SUPPORTED_PROTOCOL_VERSIONS.includes(protocolVersion)) {
    throw failure('HANDSHAKE_UNSUPPORTED_VERSION', 'The server answered with a protocol version of its own.');
  }
  const agreed = { id: answer.headers['mcp-session-id'], protocolVersion };
  const message = { jsonrpc: '2.0', method: 'notifications/initialized' };
  (await post(upstream, agreed, message, signal)).body.leave();
  return agreed;
}

/** Of every request in a session. */
export function sessionHeaders({ id, protocolVersion }: Agreed): Record<string, string> {
  return { 'mcp-protocol-version': protocolVersion, ...(id === undefined ? {} : { 'mcp-session-id': id }) };
}

/** @throws SessionLost where the server turns the session away (404; 400 with servers that know no better) */
export async function postInSession(
  upstream: Upstream,
  session: Session,
  message: object,
  signal: AbortSignal,
): Promise<EgressAnswer> {
  const answer = await post(upstream, session, message, signal);
  if (session.id === undefined || (answer.status !== 404 && answer.status !== 400)) return answer;
  session.isTurnedAway = true;
  if (!session.mayBeLost) return answer;
  answer.body.leave();
  throw new SessionLost();
}

function post(
  upstream: Upstream,
  agreed: Agreed,
  message: object,
  signal: AbortSignal,
): Promise<EgressAnswer> {
  const headers = { ...MESSAGE_HEADERS, ...sessionHeaders(agreed) };
  return request(upstream, { method: 'POST', headers, body: JSON.stringify(message), signal });
}

/** Sends a message that nobody waits for; `method` makes a notification of it. Never fails. */
export function notify(
  upstream: Upstream,
  session: Session,
  method: string | undefined,
  content: object,
): void {
  const message = method === undefined ? content : { jsonrpc: '2.0', method, params: content };
  const signal = AbortSignal.timeout(COURTESY_MS);
  post(upstream, session, message, signal).then(
    answer => answer.body.leave(),
    () => {},
  );
}

async function endSession({ upstream, opened }: Entry): Promise<void> {
  try {
    const session = await opened;
    if (session.id === undefined) return;
    const signal = AbortSignal.timeout(COURTESY_MS);
    const headers = sessionHeaders(session);
    (await request(upstream, { method: 'DELETE', headers, body: null, signal })).body.leave();
  } catch {
    // A server that is gone has no session to end.
  }
}
