import { generateKeyPairSync, randomBytes } from 'node:crypto';
import type { Configuration } from 'oidc-provider';
import { type BrowserClient, browserClientMetadata, clientMetadata } from './clients.ts';
import { memoryAdapter } from './memoryAdapter.ts';

export interface ProviderOptions {
  /** How long access tokens live; an hour when left out. */
  accessTokenSeconds?: number;
  /** Beside {@link REDIRECT_URI}, for the static clients. */
  redirectUris?: readonly string[];
  /** Scopes beside `openid` and `offline_access`. */
  scopes?: readonly string[];
  /** Scopes that a resource grants at most: what is asked beyond them is left out of the token. */
  resourceScopes?: readonly string[];
  /** Dynamic client registration; on when left out. An initial access token is asked for when given. */
  registration?: boolean | { initialAccessToken: string };
  /** A client whose pages ask by themselves. */
  browserClient?: BrowserClient;
  /** Takes client ID metadata documents, fetched with this. */
  metadataDocuments?: { fetch: typeof fetch };
}

export const DEFAULT_SCOPES = ['mcp:read', 'mcp:write'] as const;

const TWO_WEEKS = 14 * 86_400;
const HOUR = 3_600;

/** A provider that grants everything MCP clients ask for; refresh tokens rotate, and reuse revokes their family. */
export function providerConfiguration(options: ProviderOptions): Configuration {
  const { accessTokenSeconds = HOUR, scopes = DEFAULT_SCOPES, redirectUris = [] } = options;
  const resourceScopes = options.resourceScopes ?? scopes;
  return {
    adapter: memoryAdapter(),
    clients: [
      ...clientMetadata(redirectUris),
      ...(options.browserClient ? [browserClientMetadata(options.browserClient)] : []),
    ],
    clientBasedCORS: (_ctx, origin) => origin === options.browserClient?.origin,
    clientDefaults: { id_token_signed_response_alg: 'ES256' },
    scopes: ['openid', 'offline_access', ...scopes],
    jwks: { keys: [signingKey()] },
    cookies: { keys: [randomBytes(16).toString('hex')] },
    findAccount: (_ctx, accountId) => ({ accountId, claims: async () => ({ sub: accountId }) }),
    interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
    rotateRefreshToken: () => true,
    ttl: {
      AccessToken: accessTokenSeconds,
      ClientCredentials: accessTokenSeconds,
      AuthorizationCode: 60,
      RefreshToken: TWO_WEEKS,
      Grant: TWO_WEEKS,
      Session: TWO_WEEKS,
      IdToken: HOUR,
      Interaction: HOUR,
    },
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      introspection: { enabled: true },
      revocation: { enabled: true },
      ...registrationFeatures(options.registration ?? true),
      ...metadataDocumentFeature(options.metadataDocuments),
      resourceIndicators: {
        enabled: true,
        // The types ask for a string; no resource is what the provider itself defaults to.
        defaultResource: () => undefined as unknown as string,
        useGrantedResource: () => true,
        getResourceServerInfo: (_ctx, resource) => ({
          scope: resourceScopes.join(' '),
          audience: resource,
          accessTokenTTL: accessTokenSeconds,
          accessTokenFormat: 'opaque' as const,
        }),
      },
    },
    ...(options.metadataDocuments ? { fetch: options.metadataDocuments.fetch } : {}),
  };
}

function registrationFeatures(wanted: boolean | { initialAccessToken: string }) {
  if (wanted === false) return {};
  return {
    registration: {
      enabled: true,
      initialAccessToken: typeof wanted === 'object' ? wanted.initialAccessToken : false,
    },
    registrationManagement: { enabled: true, rotateRegistrationAccessToken: false },
  };
}

function metadataDocumentFeature(wanted: ProviderOptions['metadataDocuments']) {
  if (!wanted) return {};
  return { clientIdMetadataDocument: { enabled: true, ack: 'draft-02', allowFetch: () => true } };
}

function signingKey() {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return { ...privateKey.export({ format: 'jwk' }), kid: 'signing', use: 'sig', alg: 'ES256' };
}
