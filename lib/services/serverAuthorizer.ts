import { type Credential, credentialHeaders } from '../credentials/credential.ts';
import { type RequestAuthorizer, staticAuthorizer } from '../mcp/authorizer.ts';
import { bearerAuthorizer } from '../oauth/bearerAuthorizer.ts';
import { memoryTokens } from '../oauth/memoryTokens.ts';
import { oauthClientOf } from '../oauth/oauthClient.ts';
import type { Grant } from '../oauth/types.ts';
import { sigv4Authorizer } from '../sigv4/sigv4Authorizer.ts';
import { roleOf } from '../sigv4/sigv4Credential.ts';
import type { ServerDeps } from './serverDeps.ts';
import type { ServiceItem } from './serviceItem.ts';

/** A credential that is about to be proven: nothing of it is stored yet. */
export interface NewAccess {
  authorizer: RequestAuthorizer;
  /** What the credential was exchanged for in the meantime, when it is of that kind. */
  grant(): Grant | undefined;
}

/** How requests prove themselves with a new credential; `first` is what a consent granted. */
export function newAccess(
  credential: Credential,
  accountId: string,
  deps: ServerDeps,
  first?: Grant,
): NewAccess {
  if (credential.kind !== 'oauth-client-credentials' && credential.kind !== 'oauth-3lo') {
    return { authorizer: direct(credential, { accountId }, deps), grant: () => undefined };
  }
  const { egress, now } = deps;
  const tokens = memoryTokens(oauthClientOf(credential), { accountId, egress, now }, first);
  return { authorizer: bearerAuthorizer(tokens), grant: () => tokens.last() };
}

/** How requests to a registered server prove themselves; its tokens are shared by all processes. */
export function registeredAuthorizer(
  { serviceId, kmsKeyArn }: Pick<ServiceItem, 'serviceId' | 'kmsKeyArn'>,
  credential: Credential,
  accountId: string,
  deps: ServerDeps,
): RequestAuthorizer {
  if (credential.kind !== 'oauth-client-credentials' && credential.kind !== 'oauth-3lo') {
    return direct(credential, { accountId, serviceId }, deps);
  }
  return bearerAuthorizer(deps.tokens.holder({ accountId, serviceId, kmsKeyArn }));
}

type DirectCredential = Exclude<Credential, { kind: 'oauth-client-credentials' | 'oauth-3lo' }>;

/** Credentials that need no authorization server. */
function direct(
  credential: DirectCredential,
  owner: { accountId: string; serviceId?: string },
  deps: ServerDeps,
): RequestAuthorizer {
  if (credential.kind !== 'sigv4') return staticAuthorizer(credentialHeaders(credential));
  const credentials = deps.aws.sourceFor({ ...owner, roleArn: roleOf(credential) });
  return sigv4Authorizer(credential, { credentials, now: deps.now });
}
