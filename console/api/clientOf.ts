import { createSwitchboardClient, type SwitchboardClient } from '../../client/src/index.ts';
import type { ConsoleConfig, Session } from './session.ts';

/** The client of the API at this page's origin. */
export function clientOf(config: ConsoleConfig, session: Session): SwitchboardClient {
  return createSwitchboardClient({ baseUrl: location.origin, region: config.region, credentials: session });
}
