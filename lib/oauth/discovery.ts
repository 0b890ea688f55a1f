import type { AuthorizationServerMetadata } from '@modelcontextprotocol/client';
import type { UrlRules } from '../egress/urlPolicy.ts';
import { DiscoveryError } from './discoveryErrors.ts';
import { type DiscoveryDeps, type DiscoveryFetch, discoveryFetch } from './discoveryFetch.ts';
import { type ProtectedResource, protectedResource } from './discoveryResource.ts';
import { namedServer, ownServer } from './discoveryServer.ts';
import { OFFLINE_ACCESS, scopesIn } from './scopes.ts';

/** Who lets a client into a server, and how. */
export interface Discovered {
  server: AuthorizationServerMetadata;
  issuer: string;
  /** RFC 8707; as the server's metadata spells it. */
  resource?: string | undefined;
  /** To be asked for; empty where the authorization server is to decide. */
  scopes: string[];
  /** For the registration that follows, within the same budget. */
  requests: DiscoveryFetch;
}

/**
 * Finds a server's authorization server (RFC 9728, RFC 8414, OpenID Connect Discovery). Every request goes through
 * egress, and nothing is sent that could be stolen.
 * @throws DiscoveryError that says which part was refused and why
 */
export async function findAuthorizationServer(
  endpoint: string,
  deps: DiscoveryDeps & { urlRules: UrlRules },
): Promise<Discovered> {
  const requests = discoveryFetch(deps);
  const resource = await protectedResource(endpoint, requests);
  const server = await authorizationServer(endpoint, resource, requests, deps.urlRules);
  return {
    server,
    issuer: server.issuer,
    resource: resource.metadata?.resource,
    scopes: scopesFor(resource, server),
    requests,
  };
}

async function authorizationServer(
  endpoint: string,
  { metadata, isChallenged }: ProtectedResource,
  requests: DiscoveryFetch,
  rules: UrlRules,
): Promise<AuthorizationServerMetadata> {
  if (!metadata) return ownServer(endpoint, isChallenged, requests, rules);
  const [issuer] = metadata.authorization_servers ?? [];
  if (issuer) return namedServer(issuer, requests, rules);
  throw new DiscoveryError('DISCOVERY_NOT_OFFERED', 'the server names no authorization server.');
}

/** MCP authorization, "Scope Selection Strategy": the challenge's, else the resource's, else the server's default. */
function scopesFor(
  { challengedScopes, metadata }: ProtectedResource,
  { scopes_supported: offered }: AuthorizationServerMetadata,
): string[] {
  const wanted = challengedScopes.length > 0 ? challengedScopes : scopesIn(metadata?.scopes_supported);
  const withRefresh = wanted.length > 0 && offered?.includes(OFFLINE_ACCESS);
  return withRefresh ? [...new Set([...wanted, OFFLINE_ACCESS])] : wanted;
}
