import {
  type AuthorizationServerMetadata,
  discoverAuthorizationServerMetadata,
  IssuerMismatchError,
} from '@modelcontextprotocol/client';
import { scrubServerText } from '../egress/scrub.ts';
import { EgressError } from '../egress/types.ts';
import { checkUrl, type UrlRules } from '../egress/urlPolicy.ts';
import { authorizationUrlFault } from './authorizationUrl.ts';
import { DiscoveryError } from './discoveryErrors.ts';
import { type DiscoveryFetch, metadataFailure } from './discoveryFetch.ts';

const WHAT = 'Metadata of the authorization server';

/**
 * The metadata of an authorization server that a resource names (RFC 8414, OpenID Connect Discovery), of that very
 * issuer.
 * @throws DiscoveryError
 */
export async function namedServer(
  issuer: string,
  requests: DiscoveryFetch,
  rules: UrlRules,
): Promise<AuthorizationServerMetadata> {
  checkForm(issuer, rules, 'The authorization server that the resource names');
  const metadata = await fetched(issuer, false, requests);
  if (metadata) return usable(metadata, rules);
  throw new DiscoveryError('DISCOVERY_METADATA_INVALID', `${WHAT}: ${originOf(issuer)} offers none.`);
}

/**
 * The metadata of a server that is its own authorization server, from before RFC 9728 (MCP 2025-03-26): at its
 * origin, of an issuer of that origin, or else the endpoints that were the default then.
 * @throws DiscoveryError
 */
export async function ownServer(
  endpoint: string,
  isChallenged: boolean,
  requests: DiscoveryFetch,
  rules: UrlRules,
): Promise<AuthorizationServerMetadata> {
  const { origin } = new URL(endpoint);
  const metadata = await fetched(`${origin}/`, true, requests);
  if (!metadata && isChallenged) return defaults(origin);
  if (!metadata) {
    throw new DiscoveryError(
      'DISCOVERY_NOT_OFFERED',
      'the server neither asks for authorization nor says who would give it.',
    );
  }
  if (originOf(metadata.issuer) !== origin) throw otherIssuer(metadata.issuer);
  return usable(metadata, rules);
}

async function fetched(issuer: string, skipIssuerValidation: boolean, requests: DiscoveryFetch) {
  try {
    return await discoverAuthorizationServerMetadata(issuer, {
      fetchFn: requests.fetch,
      skipIssuerValidation,
    });
  } catch (error) {
    if (error instanceof IssuerMismatchError) throw otherIssuer(error.received ?? '');
    throw metadataFailure(error, WHAT, requests);
  }
}

function usable(metadata: AuthorizationServerMetadata, rules: UrlRules): AuthorizationServerMetadata {
  const fault = authorizationUrlFault(metadata.authorization_endpoint, rules);
  if (fault !== undefined) {
    throw new DiscoveryError('DISCOVERY_METADATA_INVALID', `authorization_endpoint: ${fault}`);
  }
  checkForm(metadata.token_endpoint, rules, 'token_endpoint');
  if (metadata.registration_endpoint)
    checkForm(metadata.registration_endpoint, rules, 'registration_endpoint');
  if (!metadata.response_types_supported.includes('code')) {
    throw new DiscoveryError('DISCOVERY_METADATA_INVALID', `${WHAT}: authorization codes are not offered.`);
  }
  // MCP authorization: where the member is missing, PKCE has to be taken as unsupported.
  if (!metadata.code_challenge_methods_supported?.includes('S256')) {
    throw new DiscoveryError(
      'DISCOVERY_PKCE_UNSUPPORTED',
      'the authorization server does not offer PKCE with S256 (code_challenge_methods_supported).',
    );
  }
  return metadata;
}

function checkForm(url: string, rules: UrlRules, what: string): void {
  try {
    checkUrl(url, rules);
  } catch (error) {
    if (!(error instanceof EgressError)) throw error;
    throw new DiscoveryError('DISCOVERY_METADATA_INVALID', `${what}: ${error.message}`);
  }
}

function otherIssuer(issuer: string) {
  const named = scrubServerText(issuer, []);
  return new DiscoveryError(
    'DISCOVERY_ISSUER_MISMATCH',
    `the metadata is of issuer ${named}, which is not the one that was asked (RFC 8414 §3.3).`,
  );
}

function originOf(url: string): string {
  return URL.parse(url)?.origin ?? '';
}

/** MCP 2025-03-26, "Fallbacks for Servers without Metadata Discovery". */
function defaults(origin: string): AuthorizationServerMetadata {
  return {
    issuer: origin,
    authorization_endpoint: `${origin}/authorize`,
    token_endpoint: `${origin}/token`,
    registration_endpoint: `${origin}/register`,
    response_types_supported: ['code'],
    code_challenge_methods_supported: ['S256'],
    token_endpoint_auth_methods_supported: ['none'],
  };
}
