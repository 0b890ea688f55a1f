import { count } from '../config.ts';
import { loadConsentSettings } from '../oauth/consentSettings.ts';
import type { GatewaySettings } from './types.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** Lambda ends a function after 15 minutes. */
const MAX_CALL_SECONDS = 900;

/**
 * Reads CALL_TIMEOUT_SECONDS, CATALOGUE_REFRESH_SECONDS, the rate limits, and the origins that consents may go back to.
 * Pages of `ownHosts` may call too: they are the process's own.
 * @throws Error naming the variable and what it takes
 */
export function loadGatewaySettings(env: Env, ownHosts: readonly string[] = []): GatewaySettings {
  const { consoleOrigins, publicBaseUrl } = loadConsentSettings(env);
  const { protocol, host } = new URL(publicBaseUrl);
  const ownOrigins = [host, ...ownHosts].map(name => new URL(`${protocol}//${name}`).origin);
  return {
    callTimeoutMs: count(env, 'CALL_TIMEOUT_SECONDS', MAX_CALL_SECONDS, 1, MAX_CALL_SECONDS) * 1000,
    catalogueMaxAgeMs: count(env, 'CATALOGUE_REFRESH_SECONDS', 60, 1, 86_400) * 1000,
    requestsPerMinute: {
      token: count(env, 'QUOTA_REQUESTS_PER_MINUTE_PER_TOKEN', 1_200),
      space: count(env, 'QUOTA_REQUESTS_PER_MINUTE_PER_SPACE', 6_000),
    },
    allowedOrigins: new Set([...consoleOrigins, ...ownOrigins]),
  };
}
