import type { RequestContext } from '../context.ts';
import { type ConsentRequest, startConsent } from '../oauth/consent.ts';
import type { ConsentDeps } from '../oauth/consentSettings.ts';
import { discoverAuthorization } from '../oauth/discoverAuthorization.ts';
import { ENDPOINT_PATH } from '../oauth/discoveryErrors.ts';
import type { TransactClause } from '../store/transact.ts';
import { AUTHORIZATION_PATH, type Authorization } from './authorization.ts';

type Consented = Exclude<Authorization, { kind: 'direct' }>;
type Subject = Omit<ConsentRequest, 'credential' | 'returnTo' | 'issRequired'> & {
  /** Scopes that discovery asks for beside those that the server names. */
  further?: readonly string[];
};

/** A consent that begins when `item` is committed; `additionalStep` is what the caller has to do. */
export interface BegunConsent {
  additionalStep: { oauth: { authorizationUrl: string } };
  item: TransactClause;
}

/**
 * Prepares the consent that a registration or an update waits for; with discovery, the server is asked first
 * who grants access to it.
 * @throws ValidationException pointing at the member at fault
 */
export async function beginConsent(
  { further = [], ...subject }: Subject,
  authorization: Consented,
  ctx: RequestContext,
  deps: ConsentDeps,
): Promise<BegunConsent> {
  const { returnTo } = authorization;
  const method = authorization.kind === 'discovery' ? 'authorizationDiscovery' : 'oAuth3LO';
  const path = `${AUTHORIZATION_PATH}/${method}`;
  const found =
    authorization.kind === 'discovery'
      ? await discoverAuthorization(subject.server.endpoint, path, further, ctx, deps)
      : { credential: authorization.credential, issRequired: false };
  const paths = {
    returnTo: `${path}/returnToEndpoint`,
    endpoint: ENDPOINT_PATH,
    ...(authorization.kind === 'discovery'
      ? {}
      : { authorizationUrl: `${path}/authorizationUrl`, exchangeUrl: `${path}/exchangeUrl` }),
  };
  const { authorizationUrl, item } = await startConsent({ ...subject, ...found, returnTo }, paths, ctx, deps);
  return { additionalStep: { oauth: { authorizationUrl } }, item };
}
