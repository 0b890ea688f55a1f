import { discoverAuthorizationServerMetadata } from '@modelcontextprotocol/client';
import { checkUrl } from '../egress/urlPolicy.ts';
import type { ConsentDeps } from './consentSettings.ts';
import { discoveryFetch } from './discoveryFetch.ts';

/**
 * Whether an issuer speaks for a configured authorization endpoint: it is of the same origin, or its own metadata
 * (RFC 8414) names that endpoint. What cannot be found out counts as no.
 */
export async function speaksFor(
  issuer: string,
  authorizationUrl: string,
  accountId: string,
  { egress, consent }: ConsentDeps,
): Promise<boolean> {
  const asked = new URL(authorizationUrl);
  if (URL.parse(issuer)?.origin === asked.origin) return true;
  try {
    checkUrl(issuer, consent.urlRules);
    const { fetch: fetchFn } = discoveryFetch({ accountId, egress });
    const metadata = await discoverAuthorizationServerMetadata(issuer, { fetchFn });
    const named = URL.parse(metadata?.authorization_endpoint ?? '');
    return named?.origin === asked.origin && named.pathname === asked.pathname;
  } catch {
    return false;
  }
}
