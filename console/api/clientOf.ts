import { createSwitchboardClient, type SwitchboardClient } from '../../client/src/index.ts';
import type { ConsoleConfig } from './config.ts';
import { renewing } from './renewing.ts';
import type { Session } from './session.ts';

/** The client of the API, which is reached through this page's origin. */
export function clientOf({ apiUrl, region, oidc }: ConsoleConfig, session: Session): SwitchboardClient {
  const { accessKeyId, secretAccessKey, sessionToken } = session;
  return createSwitchboardClient({
    baseUrl: apiUrl,
    region,
    credentials:
      oidc && session.federation ? renewing(oidc, session) : { accessKeyId, secretAccessKey, sessionToken },
    fetch: (url, init) => fetch(location.origin + String(url).slice(apiUrl.length), init),
  });
}
