import type { McpError } from '../mcp/mcpError.ts';
import { type Callback, endConsent, moved } from './callbackEnd.ts';
import { type ConsentFailure, consentFailure, exchangeFailure } from './callbackFailure.ts';
import { type CallbackParameters, describeError } from './callbackParameters.ts';
import { forgetClient } from './clientRegistrationStore.ts';
import { exchangeCode } from './codeExchange.ts';
import { redirectUri } from './consentSettings.ts';
import { oauthClientOf } from './oauthClient.ts';
import { exchangedPending, exchangingPending, type PendingItem } from './pending.ts';
import { openPending, type PendingSecret, sealPending } from './pendingSecret.ts';
import { speaksFor } from './responseIssuer.ts';
import { TOKEN_REQUEST_TIMEOUT_MS } from './tokenRequest.ts';
import type { Grant } from './types.ts';

/** Milliseconds after which a code that is being used never will be: the request's own bound, and room to write. */
const EXCHANGE_LOST_MS = TOKEN_REQUEST_TIMEOUT_MS + 5_000;
/** Milliseconds between looks at an exchange of another callback. */
const LOOK_AGAIN_MS = 250;

/** From `consented` to `exchanged`: judges the provider's answer, takes the code, keeps the tokens. */
export async function exchangeConsented(callback: Callback, pending: PendingItem): Promise<void> {
  const { parameters, key, deps } = callback;
  const secret = await openPending(pending, deps.vault);
  const rejected = (await rejectIssuer(callback, pending, secret)) ?? reject(parameters, secret);
  if (rejected) {
    if (saysClientIsUnknown(parameters))
      await forgetClient(secret.credential, pending.caller.accountId, deps);
    return endConsent(callback, pending, 'consented', rejected);
  }
  const table = deps.config.tableName;
  if (!(await moved(callback, [exchangingPending(table, key, deps.now())]))) return;
  const grant = await exchange(callback, pending, secret);
  if (!grant) return;
  const { codeVerifier: _, ...rest } = secret;
  const owner = { ...pending, accountId: pending.caller.accountId };
  const ciphertext = await sealPending({ ...rest, grant }, owner, deps.vault);
  await moved(callback, [exchangedPending(table, key, ciphertext, deps.now())]);
}

/** Waits a little for a callback that was first, and gives up on one that died. */
export async function awaitExchange(callback: Callback, pending: PendingItem): Promise<void> {
  const { deps } = callback;
  if (deps.now() - (pending.exchangingSince ?? 0) < EXCHANGE_LOST_MS) return deps.sleep(LOOK_AGAIN_MS);
  const lost = consentFailure(
    'exchange_interrupted',
    'The process ended while the authorization code was being used. Codes work once: start the consent again.',
  );
  return endConsent(callback, pending, 'exchanging', lost);
}

/**
 * RFC 9207 §2.4, errors among them: an answer of another server's is not to be believed in anything. Where the issuer
 * was not discovered, it is whoever speaks for the authorization endpoint that was configured.
 */
async function rejectIssuer(
  { parameters, deps }: Callback,
  { caller }: PendingItem,
  { credential, issRequired }: PendingSecret,
): Promise<ConsentFailure | undefined> {
  const { iss } = parameters;
  const { issuer, authorizationUrl } = credential;
  const asked = issuer ?? authorizationUrl;
  if (iss === undefined) {
    return issuer !== undefined && issRequired ? fromElsewhere('does not name its issuer', asked) : undefined;
  }
  const isAsked =
    issuer === undefined ? await speaksFor(iss, authorizationUrl, caller.accountId, deps) : iss === issuer;
  return isAsked ? undefined : fromElsewhere('comes from another issuer', asked);
}

function fromElsewhere(what: string, asked: string): ConsentFailure {
  const message = `The answer of the authorization server ${what}: ${asked} was asked (RFC 9207).`;
  return consentFailure('response_rejected', message);
}

/** Why an answer of the provider's cannot be gone on with; judged before anything of it is used. */
function reject(parameters: CallbackParameters, secret: PendingSecret): ConsentFailure | undefined {
  const { error, code } = parameters;
  const { codeVerifier, credential } = secret;
  const known = [credential.clientSecret, codeVerifier].filter(value => value !== undefined);
  if (error === 'access_denied') {
    return consentFailure('access_denied', describeError(parameters, known), 'AccessDeniedException');
  }
  if (error !== undefined) return consentFailure('provider_error', describeError(parameters, known));
  if (code !== undefined) return undefined;
  return consentFailure('response_rejected', 'The answer of the authorization server holds no code.');
}

async function exchange(
  callback: Callback,
  pending: PendingItem,
  { credential, codeVerifier }: PendingSecret,
): Promise<Grant | undefined> {
  const { deps, parameters } = callback;
  const { accountId } = pending.caller;
  const { egress, now } = deps;
  const code = { code: parameters.code ?? '', redirectUri: redirectUri(deps.consent), codeVerifier };
  try {
    return await exchangeCode(oauthClientOf(credential), code, { accountId, egress, now });
  } catch (error) {
    const failure = exchangeFailure(error);
    if (!failure) throw error;
    if ((error as McpError).code === 'TOKEN_CLIENT_REJECTED') await forgetClient(credential, accountId, deps);
    await endConsent(callback, pending, 'exchanging', failure);
    return undefined;
  }
}

function saysClientIsUnknown({ error }: CallbackParameters): boolean {
  return error === 'invalid_client' || error === 'unauthorized_client';
}
