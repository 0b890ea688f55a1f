import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { buffer } from 'node:stream/consumers';
import {
  headerPairs,
  type RawHeaders,
  type RawRequest,
  splitTarget,
} from '../../../local/http/rawRequest.ts';
import { type Peer, type PeerOptions, startTlsServer } from '../mcp/tlsServer.ts';
import { refusalOf, type SigningRules } from './verifySigned.ts';

export interface SignedServerOptions extends SigningRules, Pick<PeerOptions, 'port'> {
  /** Of the answer to a bad signature: 403 as AWS does, when left out. */
  refuseWith?: 401 | 403;
  /** What somebody on the way does to a request before its signature is checked. */
  tamper?: (request: RawRequest) => RawRequest;
  /** Path and query in `url`; `/mcp` when left out. */
  path?: string;
}

export interface SignedServer extends Peer {
  /** Headers of every request that arrived. */
  received: IncomingHttpHeaders[];
  /** Why requests were refused. */
  refusals: string[];
}

/** A TLS server that lets only well-signed requests through to `target`, which serves MCP. */
export async function startSigned(target: Peer, options: SignedServerOptions): Promise<SignedServer> {
  const received: IncomingHttpHeaders[] = [];
  const refusals: string[] = [];
  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    received.push(request.headers);
    const raw = await rawRequest(request);
    const seen = options.tamper?.(raw) ?? raw;
    const refusal = await refusalOf(seen, options);
    if (refusal === undefined) return forward(target, raw, response);
    refusals.push(refusal);
    response.writeHead(options.refuseWith ?? 403, { 'content-type': 'application/json' });
    // AWS shows what it computed over, session token included.
    response.end(JSON.stringify({ message: `${refusal}: ${JSON.stringify(raw.headers)}` }));
  };
  const peer = await startTlsServer((request, response) => void handle(request, response), {
    ...(options.port === undefined ? {} : { port: options.port }),
  });
  const url = new URL(options.path ?? '/mcp', peer.url).href;
  const close = async () => void (await Promise.all([peer.close(), target.close()]));
  return { ...peer, url, received, refusals, close };
}

export async function rawRequest(request: IncomingMessage): Promise<RawRequest> {
  return {
    method: request.method ?? '',
    ...splitTarget(request.url ?? ''),
    headers: headerPairs(request.rawHeaders),
    body: await buffer(request),
  };
}

function forward(target: Peer, { method, headers, body }: RawRequest, response: ServerResponse): void {
  const onward = httpsRequest(target.url, { method, ca: target.caPem, headers: withoutHost(headers) });
  onward.on('response', answer => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  onward.on('error', () => response.destroy());
  onward.end(body);
}

function withoutHost(headers: RawHeaders): Record<string, string> {
  return Object.fromEntries(headers.filter(([name]) => name.toLowerCase() !== 'host'));
}
