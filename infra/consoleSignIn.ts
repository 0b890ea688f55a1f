import type { ConsoleConfig } from '../console/api/config.ts';
import { join, type Resource, ref, type Value } from './cloudformation.ts';
import type { Deployed } from './consoleConfig.ts';
import { consoleProvider } from './consoleProvider.ts';
import { consoleRoles } from './consoleRoles.ts';
import { identityOrigin } from './identityProvider.ts';
import type { Resolver } from './params.ts';

// biome-ignore lint/suspicious/noTemplateCurlyInString: osls resolves it
const PREFIX = '${self:service}-${sls:stage}';

export interface ConsoleSignIn {
  resources: Record<string, Resource>;
  /** Origins that the console's page has to reach beside its own. */
  connect: Value[];
  /** For the console's settings. */
  config: Deployed<Pick<ConsoleConfig, 'oidc'>>;
}

/**
 * An identity pool that gives people credentials for the console at an origin, and who signs them in.
 * @throws Error naming a parameter that cannot be used, or is missing
 */
export async function consoleSignIn(resolver: Resolver, origin: Value): Promise<ConsoleSignIn> {
  const provider = await consoleProvider(resolver, origin);
  if (!provider) return { resources: {}, connect: [], config: {} };
  const { issuer, clientId, scope } = provider;
  return {
    resources: {
      ...provider.resources,
      ConsoleIdentityPool: {
        Type: 'AWS::Cognito::IdentityPool',
        Properties: {
          IdentityPoolName: PREFIX,
          AllowUnauthenticatedIdentities: false,
          AllowClassicFlow: false,
          ...provider.poolSettings,
        },
      },
      ...(await consoleRoles(resolver, provider)),
    },
    connect: [...provider.origins, identityOrigin],
    config: {
      oidc: {
        issuer,
        clientId,
        scope,
        identityPoolId: ref('ConsoleIdentityPool'),
        identityUrl: join(identityOrigin, '/'),
      },
    },
  };
}
