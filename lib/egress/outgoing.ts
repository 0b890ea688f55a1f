import { EgressError } from './types.ts';
import { checkUrl, hostAndPort, type UrlRules } from './urlPolicy.ts';

/** Sent on every request; a Switchboard refuses requests that carry it, which ends loops after one hop. */
export const hopHeader = 'x-switchboard-hop';

/** A request read from what `fetch` was given. */
export interface Outgoing {
  url: URL;
  method: string;
  /** Names in lower case. */
  headers: Readonly<Record<string, string>>;
  body: Uint8Array | string | null;
  /** `redirect: 'error'`. */
  refusesRedirects: boolean;
}

/** Belong to the connection, not to the request (RFC 9110, 7.6.1), or would name another host than was judged. */
const connectionHeaders = new Set([
  'connection',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/**
 * Reads `fetch`'s arguments, body included, so that a 307 can send it again. Throws an EgressError for the URL, or
 * a TypeError (as `fetch` does, but without the offending value) for a method, header or body that is not allowed.
 */
export async function readOutgoing(
  input: string | URL | Request,
  init: RequestInit,
  rules: UrlRules,
): Promise<Outgoing> {
  const isRequest = typeof input === 'object' && 'url' in input;
  const url = checkUrl(isRequest ? input.url : String(input), rules);
  const request = standardRequest(url, isRequest ? input : undefined, init);
  const body = request.body ? new Uint8Array(await request.arrayBuffer()) : null;
  const redirect = init.redirect ?? (isRequest ? input.redirect : undefined);
  const headers = outgoingHeaders(Object.fromEntries(request.headers), url);
  return { url, method: request.method, headers, body, refusesRedirects: redirect === 'error' };
}

function standardRequest(url: URL, base: Request | undefined, init: RequestInit): Request {
  const method = init.method ?? base?.method;
  const headers = init.headers ?? base?.headers;
  const body = init.body === undefined ? base?.body : init.body;
  try {
    return new Request(url, {
      ...(method === undefined ? {} : { method }),
      ...(headers === undefined ? {} : { headers: new Headers(headers) }),
      ...(body === undefined ? {} : { body, duplex: 'half' }),
    } as RequestInit);
  } catch {
    throw new TypeError('The request has a method, header or body that fetch does not allow.');
  }
}

/**
 * The headers as they leave: without those of the connection, with the hop marked. `given` has names in lower case.
 * @throws EgressError for a request that has come through a Switchboard already
 */
export function outgoingHeaders(given: Readonly<Record<string, string>>, url: URL): Record<string, string> {
  if (given[hopHeader] !== undefined) {
    const message = `The request to ${hostAndPort(url)} has already passed through a Switchboard: one may not lead to another.`;
    throw new EgressError('LOOP_DETECTED', 'url', message);
  }
  const headers: Record<string, string> = { accept: '*/*', 'user-agent': 'switchboard' };
  for (const [name, value] of Object.entries(given)) {
    if (!connectionHeaders.has(name)) headers[name] = value;
  }
  // Compressed event streams arrive late, and a compressed body is a chance for a bomb.
  headers['accept-encoding'] = 'identity';
  headers[hopHeader] = '1';
  return headers;
}
