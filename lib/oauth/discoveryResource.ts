import {
  checkResourceAllowed,
  discoverOAuthProtectedResourceMetadata,
  extractWWWAuthenticateParams,
  type OAuthProtectedResourceMetadata,
} from '@modelcontextprotocol/client';
import { scrubServerText } from '../egress/scrub.ts';
import { DiscoveryError, egressCause } from './discoveryErrors.ts';
import { type DiscoveryFetch, metadataFailure } from './discoveryFetch.ts';
import { scopesIn } from './scopes.ts';

/** What a server says of how it is protected (RFC 9728, MCP authorization). */
export interface ProtectedResource {
  /** Its metadata; left out where it has none. */
  metadata?: OAuthProtectedResourceMetadata;
  /** It refused a request without a credential. */
  isChallenged: boolean;
  /** Scopes that the challenge asks for. */
  challengedScopes: string[];
}

/** A request as any client's first; it needs no answer but the refusal. */
const HELLO = JSON.stringify({
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: {
    protocolVersion: '2025-11-25',
    capabilities: {},
    clientInfo: { name: 'switchboard', version: '1' },
  },
});

/**
 * Asks the server without a credential, then looks where its challenge points, or at the well-known places.
 * @throws DiscoveryError
 */
export async function protectedResource(
  endpoint: string,
  requests: DiscoveryFetch,
): Promise<ProtectedResource> {
  const challenged = await challenge(endpoint, requests);
  const metadata = await resourceMetadata(endpoint, challenged?.resourceMetadataUrl, requests);
  if (metadata) checkResource(endpoint, metadata.resource);
  return {
    ...(metadata ? { metadata } : {}),
    isChallenged: challenged !== undefined,
    challengedScopes: scopesIn(challenged?.scope),
  };
}

async function challenge(endpoint: string, { endpointFetch }: DiscoveryFetch) {
  try {
    const response = await endpointFetch(endpoint, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
      body: HELLO,
    });
    await response.body?.cancel();
    return response.status === 401 ? extractWWWAuthenticateParams(response) : undefined;
  } catch (error) {
    const message = egressCause(error)?.message ?? 'The server did not answer in time.';
    throw new DiscoveryError('DISCOVERY_SERVER_UNREACHABLE', message);
  }
}

async function resourceMetadata(
  endpoint: string,
  resourceMetadataUrl: URL | undefined,
  requests: DiscoveryFetch,
): Promise<OAuthProtectedResourceMetadata | undefined> {
  const options = resourceMetadataUrl ? { resourceMetadataUrl } : {};
  try {
    return await discoverOAuthProtectedResourceMetadata(endpoint, options, requests.fetch);
  } catch (error) {
    const { status = 0 } = requests.last;
    // Servers from before RFC 9728 (MCP 2025-03-26) have none; what a challenge names has to be there.
    if (!resourceMetadataUrl && status >= 400 && status < 500) return undefined;
    throw metadataFailure(error, 'Metadata of the protected resource', requests);
  }
}

/** RFC 9728 §3.3: of another resource's metadata nothing is to be believed. A parent path covers the endpoint. */
function checkResource(endpoint: string, resource: string): void {
  const isOurs =
    !resource.includes('#') &&
    checkResourceAllowed({ requestedResource: endpoint, configuredResource: resource });
  if (isOurs) return;
  throw new DiscoveryError(
    'DISCOVERY_RESOURCE_MISMATCH',
    `the metadata is of ${scrubServerText(resource, [])}, not of the endpoint.`,
  );
}
