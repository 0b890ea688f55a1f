import type { EgressAnswer, EgressRequest } from '../../egress/types.ts';
import { EgressError } from '../../egress/types.ts';
import { explainEgress } from '../../mcp/explainEgress.ts';
import type { Upstream } from './types.ts';

/** A request to a server, without its credential. */
export interface UpstreamRequest {
  method: EgressRequest['method'];
  /** Names in lower case. */
  headers: Readonly<Record<string, string>>;
  body: string | null;
  signal: AbortSignal;
}

/** What every POST of a message has (Streamable HTTP, "Sending Messages to the Server"). */
export const MESSAGE_HEADERS = {
  'content-type': 'application/json',
  accept: 'application/json, text/event-stream',
} as const;

/**
 * One request with the server's credential; after a 401 once more, when there is a fresh one. Rejects with a typed
 * McpError, or with the signal's reason.
 */
export async function request(upstream: Upstream, wanted: UpstreamRequest): Promise<EgressAnswer> {
  const answer = await send(upstream, wanted);
  if (answer.status !== 401 || !(await upstream.authorizer.renew?.())) return answer;
  answer.body.leave();
  return send(upstream, wanted);
}

async function send(
  upstream: Upstream,
  { method, headers, body, signal }: UpstreamRequest,
): Promise<EgressAnswer> {
  const { accountId, endpoint: url, authorizer, egress, bounds } = upstream;
  const credential = await authorizer.authorize({ method, url, headers, body: body ?? undefined });
  const options = {
    accountId,
    redirects: 'same-origin' as const,
    credentialHeaders: authorizer.headerNames,
    ...bounds,
  };
  try {
    return await egress.send(options, { url, method, headers: { ...headers, ...credential }, body, signal });
  } catch (error) {
    throw typed(error, upstream);
  }
}

/** What egress failed with as the typed error; anything else, such as the reason of an abort, as it is. */
export function typed(error: unknown, { authorizer }: Upstream): unknown {
  return error instanceof EgressError ? explainEgress(error, false, authorizer.secrets()) : error;
}
