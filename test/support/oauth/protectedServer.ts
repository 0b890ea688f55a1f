import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { type McpPeer, type ModernOptions, modernListener } from '../mcp/modern.ts';
import { startTlsServer } from '../mcp/tlsServer.ts';
import type { AuthorizationServer } from './authorizationServer.ts';

export interface ProtectedOptions extends ModernOptions {
  /** Named in the metadata, and whose tokens are let in. */
  authorizationServer: AuthorizationServer;
  /** Scopes of the metadata and of the challenge. */
  scopes?: readonly string[];
  /** Whether tokens must be for this very resource (RFC 8707); they must when left out. */
  checksAudience?: boolean;
  /** Whether a 401 names the metadata; it does when left out. */
  withoutChallenge?: boolean;
  /** Takes the place of the metadata's members: for faults. */
  metadata?: Record<string, unknown>;
}

export interface ProtectedPeer extends McpPeer {
  /** The resource identifier: the endpoint. */
  resource: string;
  metadataUrl: string;
  /** Requests that a token let in, and those refused. */
  counts: { accepted: number; refused: number };
  /** Refuses this token from now on, as if the authorization server had taken it back. */
  refuse(accessToken: string): void;
}

const METADATA_PATH = '/.well-known/oauth-protected-resource';

/** An MCP server that lets in tokens of an authorization server, asked of it each time (RFC 9728, RFC 6750). */
export async function startProtectedServer(options: ProtectedOptions): Promise<ProtectedPeer> {
  const { listener, shelf } = modernListener(options);
  const counts = { accepted: 0, refused: 0 };
  const refused = new Set<string>();
  let origin = '';

  const guard: RequestListener = async (request, response) => {
    if (request.url?.startsWith(METADATA_PATH)) return sendMetadata(response, `${origin}/mcp`, options);
    const token = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1];
    const good =
      token !== undefined && !refused.has(token) && (await isGood(token, `${origin}/mcp`, options));
    counts[good ? 'accepted' : 'refused']++;
    if (good) listener(request, response);
    else challenge(request, response, `${origin}${METADATA_PATH}/mcp`, options);
  };

  const peer = await startTlsServer(guard, options);
  origin = new URL(peer.url).origin;
  return {
    ...peer,
    setTools: shelf.setTools,
    listed: shelf.listed,
    calls: shelf.calls,
    resource: peer.url,
    metadataUrl: `${origin}${METADATA_PATH}/mcp`,
    counts,
    refuse: token => void refused.add(token),
  };
}

/** Whether the authorization server stands by the token, and for this resource. */
async function isGood(token: string, resource: string, options: ProtectedOptions): Promise<boolean> {
  const { provider } = options.authorizationServer;
  const found = (await provider.AccessToken.find(token)) ?? (await provider.ClientCredentials.find(token));
  if (!found || found.isExpired) return false;
  return options.checksAudience === false || [found.aud].flat().includes(resource);
}

function sendMetadata(response: ServerResponse, resource: string, options: ProtectedOptions): void {
  const metadata = {
    resource,
    authorization_servers: [options.authorizationServer.issuer],
    bearer_methods_supported: ['header'],
    ...(options.scopes ? { scopes_supported: options.scopes } : {}),
    ...options.metadata,
  };
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(JSON.stringify(metadata));
}

function challenge(
  request: IncomingMessage,
  response: ServerResponse,
  metadataUrl: string,
  options: ProtectedOptions,
): void {
  request.resume();
  const parts = [
    ...(request.headers.authorization ? ['error="invalid_token"'] : []),
    `resource_metadata="${metadataUrl}"`,
    ...(options.scopes ? [`scope="${options.scopes.join(' ')}"`] : []),
  ];
  const headers = options.withoutChallenge ? {} : { 'www-authenticate': `Bearer ${parts.join(', ')}` };
  response.writeHead(401, { 'content-type': 'application/json', ...headers });
  response.end('{"error":"invalid_token"}');
}
