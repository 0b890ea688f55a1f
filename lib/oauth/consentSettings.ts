import { flag, list } from '../config.ts';
import type { Deps } from '../context.ts';
import { parseAllowedPrivateCidrs } from '../egress/addressPolicy.ts';
import type { UrlRules } from '../egress/urlPolicy.ts';
import type { ServerDeps } from '../services/serverDeps.ts';

/** What the consent of a person depends on beside the process's own settings. */
export interface ConsentSettings {
  /** `PUBLIC_BASE_URL` without a trailing slash: the only source of URLs that others see. */
  publicBaseUrl: string;
  /** Origins that a browser may be sent back to (`CONSOLE_ORIGINS`; the public base URL's own when unset). */
  consoleOrigins: readonly string[];
  /** Where authorization servers find Switchboard's client metadata document; unset where they could not. */
  clientMetadataUrl?: string;
  /** Whoever began a consent has to complete it, too, with a call of their own (`REQUIRE_INITIATOR_CONFIRMATION`). */
  requireInitiatorConfirmation: boolean;
  /** What the form of URLs that only a browser visits is judged by. */
  urlRules: UrlRules;
}

export interface ConsentDeps extends ServerDeps {
  consent: ConsentSettings;
}

/** The part of it that the consent page needs. */
export type ConsentPageDeps = Deps & Pick<ConsentDeps, 'vault' | 'consent'>;

type Env = Readonly<Record<string, string | undefined>>;

/** Where the embedded server listens unless it is told otherwise; it sets `PUBLIC_BASE_URL` itself. */
const DEFAULT_BASE_URL = 'http://127.0.0.1:4100';

export const CONSENT_PATH = '/v1/register/mcpserver/consent';
export const CALLBACK_PATH = '/v1/register/mcpserver/callback';
export const CLIENT_METADATA_PATH = '/v1/register/mcpserver/client-metadata.json';

/**
 * Reads PUBLIC_BASE_URL, CONSOLE_ORIGINS, CLIENT_METADATA_URL, REQUIRE_INITIATOR_CONFIRMATION and egress's rules of
 * URLs.
 * @throws Error naming the variable and what it takes
 */
export function loadConsentSettings(env: Env): ConsentSettings {
  const base = baseUrl(env.PUBLIC_BASE_URL || DEFAULT_BASE_URL);
  const publicBaseUrl = base.href.replace(/\/$/, '');
  const origins = list(env.CONSOLE_ORIGINS).map(consoleOrigin);
  const clientMetadataUrl = metadataUrl(env.CLIENT_METADATA_URL, publicBaseUrl);
  return {
    publicBaseUrl,
    consoleOrigins: origins.length > 0 ? origins : [base.origin],
    ...(clientMetadataUrl ? { clientMetadataUrl } : {}),
    requireInitiatorConfirmation: flag(env, 'REQUIRE_INITIATOR_CONFIRMATION', false),
    urlRules: {
      allowInsecureHttp: flag(env, 'ALLOW_INSECURE_HTTP', false),
      ownHosts: [base.host],
      opened: parseAllowedPrivateCidrs(list(env.ALLOWED_PRIVATE_CIDRS)),
    },
  };
}

/** The redirect URI of every client, whatever Host header a request carries. */
export function redirectUri({ publicBaseUrl }: ConsentSettings): string {
  return publicBaseUrl + CALLBACK_PATH;
}

function baseUrl(value: string): URL {
  const url = URL.parse(value);
  const isPlain = url && !url.search && !url.hash && !url.username && !url.password;
  if (isPlain && isHttp(url)) return url;
  throw new Error('PUBLIC_BASE_URL must be the URL that clients use, like https://switchboard.example.com.');
}

function consoleOrigin(value: string): string {
  const url = URL.parse(value);
  const isOrigin = url && isHttp(url) && (value === url.origin || value === `${url.origin}/`);
  if (isOrigin) return url.origin;
  throw new Error(
    `CONSOLE_ORIGINS must be comma-separated origins like https://console.example.com, not "${value}".`,
  );
}

/** Authorization servers fetch the document themselves, and take https:// alone. */
function metadataUrl(value: string | undefined, publicBaseUrl: string): string | undefined {
  const url = URL.parse(value || publicBaseUrl + CLIENT_METADATA_PATH);
  if (url?.protocol === 'https:' && url.pathname !== '/') return url.href;
  if (!value) return undefined;
  throw new Error('CLIENT_METADATA_URL must be an https:// URL with a path.');
}

function isHttp(url: URL): boolean {
  return url.protocol === 'https:' || url.protocol === 'http:';
}
