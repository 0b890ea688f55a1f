import type { RequestContext } from '../context.ts';
import type { OAuthCodeCredential } from '../credentials/credential.ts';
import type { TransactClause } from '../store/transact.ts';
import { checkAuthorizationUrl, checkFetchedUrl, requestedScopes } from './authorizationUrl.ts';
import { CONSENT_PATH, type ConsentDeps } from './consentSettings.ts';
import { type PendingKind, startedPending } from './pending.ts';
import { sealPending } from './pendingSecret.ts';
import { mintCodeVerifier } from './pkce.ts';
import { checkReturnTo } from './returnTo.ts';
import { mintTicket } from './state.ts';

/** A registration or update that a person has to consent to. */
export interface ConsentRequest {
  kind: PendingKind;
  /** Minted ahead for a registration. */
  serviceId: string;
  /** The operation's input, as parsed: it is encrypted, and recorded (redacted) when the consent ends. */
  input: unknown;
  credential: OAuthCodeCredential;
  server: { name: string; endpoint: string };
  returnTo: string;
  kmsKeyArn?: string | undefined;
  /** The authorization server says that it always sends `iss` (RFC 9207): from discovery. */
  issRequired?: boolean | undefined;
  /** What the operation wants to be told at the end, such as the version that was read. JSON. */
  memo?: unknown;
}

/** JSON Pointers of the request's members that can be refused. */
export interface ConsentPaths {
  returnTo: string;
  endpoint: string;
  /** Left out for discovery, which judges the URLs itself. */
  authorizationUrl?: string;
  exchangeUrl?: string;
}

/** A consent that begins when `item` is committed, with the audit event of the request. */
export interface StartedConsent {
  /** `additionalStep.oauth.authorizationUrl`: a page of ours. As sensitive as a password until it is used. */
  authorizationUrl: string;
  item: TransactClause;
}

/**
 * Prepares the consent of a person: nothing is stored yet, and nothing is asked of anyone.
 * @throws ValidationException for a URL that is refused, or a KMS key
 */
export async function startConsent(
  request: ConsentRequest,
  paths: ConsentPaths,
  ctx: RequestContext,
  deps: ConsentDeps,
): Promise<StartedConsent> {
  const { credential, returnTo, serviceId, kmsKeyArn, kind, server } = request;
  const { accountId } = ctx.caller;
  checkUrls(request, paths, deps);
  const secret = {
    input: request.input,
    credential,
    ...(credential.supportCodeChallenge ? { codeVerifier: mintCodeVerifier() } : {}),
    issRequired: request.issRequired ?? false,
    ...(request.memo === undefined ? {} : { memo: request.memo }),
  };
  const owner = { accountId, serviceId, ...(kmsKeyArn === undefined ? {} : { kmsKeyArn }) };
  const ciphertext = await sealPending(secret, owner, deps.vault);
  const ticket = mintTicket(accountId);
  const pending = {
    kind,
    serviceId,
    caller: ctx.caller,
    requestId: ctx.requestId,
    server: { name: server.name, endpoint: server.endpoint },
    scopes: requestedScopes(credential),
    provider: new URL(credential.authorizationUrl).origin,
    returnTo,
    ...(kmsKeyArn === undefined ? {} : { kmsKeyArn }),
    ciphertext,
  };
  return {
    authorizationUrl: `${deps.consent.publicBaseUrl}${CONSENT_PATH}?ticket=${ticket.ticket}`,
    item: startedPending(deps.config.tableName, ticket, pending, ctx.at),
  };
}

function checkUrls(
  { credential, returnTo, server }: ConsentRequest,
  paths: ConsentPaths,
  { consent }: ConsentDeps,
): void {
  const { urlRules } = consent;
  checkReturnTo(returnTo, consent, paths.returnTo);
  checkFetchedUrl(server.endpoint, urlRules, paths.endpoint);
  if (paths.authorizationUrl) {
    checkAuthorizationUrl(credential.authorizationUrl, urlRules, paths.authorizationUrl);
  }
  if (paths.exchangeUrl) checkFetchedUrl(credential.exchangeUrl, urlRules, paths.exchangeUrl);
}
