import { createAuthenticationLog } from '../audit/authenticationLog.ts';
import { createGateway, type Gateway } from '../gateway/serve.ts';
import { loadGatewaySettings } from '../gateway/settings.ts';
import { createTokenUse } from '../identity/tokenUse.ts';
import { invocationLog } from './invocationLog.ts';
import { once } from './once.ts';
import { environment, provided } from './provided.ts';
import { serverDeps } from './server.ts';

/** The agents' endpoint of the process, made at its first request. */
export const gateway = once((): Gateway => {
  const deps = serverDeps();
  const accountId = environment().SWITCHBOARD_ACCOUNT_ID || '000000000000';
  return createGateway({
    ...deps,
    gateway: loadGatewaySettings(environment(), provided.ownHosts),
    invocations: invocationLog(),
    authentication: createAuthenticationLog({ ...deps, accountId }),
    noteTokenUse: createTokenUse(deps),
    cancelElsewhere: provided.cancelElsewhere,
  });
});
