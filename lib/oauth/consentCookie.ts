import type { ConsentSettings } from './consentSettings.ts';
import { CONSENT_LIFETIME_MS, isBrowserSecret } from './state.ts';

const NAME = 'switchboard-consent';

type Base = Pick<ConsentSettings, 'publicBaseUrl'>;

/**
 * `__Host-` keeps other hosts of the domain from setting it, and takes `Secure`, which browsers refuse over plain
 * HTTP: there, in development, it goes without.
 */
function cookieName({ publicBaseUrl }: Base): string {
  return publicBaseUrl.startsWith('https:') ? `__Host-${NAME}` : NAME;
}

/** `Set-Cookie` that binds a browser for as long as a consent may take. `Lax`: the provider sends it back by a link. */
export function consentCookie(secret: string, settings: Base): string {
  const name = cookieName(settings);
  const secure = name === NAME ? '' : ' Secure;';
  return `${name}=${secret}; Path=/; Max-Age=${CONSENT_LIFETIME_MS / 1000}; HttpOnly;${secure} SameSite=Lax`;
}

/** The browser's secret in the values of its `Cookie` headers; `undefined` where there is none, or more than one. */
export function browserSecret(cookieHeaders: readonly string[], settings: Base): string | undefined {
  const name = cookieName(settings);
  const found = cookieHeaders
    .flatMap(header => header.split(';'))
    .map(pair => pair.trim())
    .filter(pair => pair.startsWith(`${name}=`))
    .map(pair => pair.slice(name.length + 1));
  const [only, ...others] = found;
  return only !== undefined && others.length === 0 && isBrowserSecret(only) ? only : undefined;
}
