import { createSwitchboardClient, type SwitchboardClient } from '../../client/src/index.ts';
import type { ConsoleConfig } from './config.ts';
import type { Session } from './session.ts';

/** The client of the API, which is reached through this page's origin. */
export function clientOf({ apiUrl, region }: ConsoleConfig, session: Session): SwitchboardClient {
  return createSwitchboardClient({
    baseUrl: apiUrl,
    region,
    credentials: session,
    fetch: (url, init) => fetch(location.origin + String(url).slice(apiUrl.length), init),
  });
}
