import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { keys } from '../store/keys.ts';
import { getItem } from '../store/read.ts';
import { transact } from '../store/transact.ts';
import { authorizationUrl } from './authorizationUrl.ts';
import { problemAnswer, redirectAnswer } from './consentAnswer.ts';
import { browserSecret, consentCookie } from './consentCookie.ts';
import { formValue, headerValues, isOwnForm, queryValues } from './consentEvent.ts';
import { consentPage } from './consentPage.ts';
import { CONSENT_PATH, type ConsentPageDeps, redirectUri } from './consentSettings.ts';
import { consentedPending, isExpired, type PendingItem } from './pending.ts';
import { openPending } from './pendingSecret.ts';
import { hashOf, mintBrowserSecret, readTicket, type Ticket } from './state.ts';

/** GET and POST of the consent page: shows who asks for what, then binds the browser and sends it to the provider. */
export async function consentVisit(
  event: APIGatewayProxyEvent,
  deps: ConsentPageDeps,
): Promise<APIGatewayProxyResult> {
  return event.httpMethod === 'POST' ? goOn(event, deps) : show(event, deps);
}

async function show(event: APIGatewayProxyEvent, deps: ConsentPageDeps): Promise<APIGatewayProxyResult> {
  const [text, ...others] = queryValues(event, 'ticket');
  const found = others.length === 0 ? await find(text, deps) : undefined;
  if (!found) return gone(event);
  return consentPage(found.pending, found.ticket.ticket, deps.consent.publicBaseUrl + CONSENT_PATH);
}

async function goOn(event: APIGatewayProxyEvent, deps: ConsentPageDeps): Promise<APIGatewayProxyResult> {
  const { consent, config, store, vault } = deps;
  if (!isOwnForm(event, consent.publicBaseUrl)) {
    return problemAnswer(403, 'Open the consent link itself: this form came from another page.', idOf(event));
  }
  const found = await find(formValue(event, 'ticket'), deps);
  if (!found) return gone(event);
  const { pending, ticket } = found;
  const { credential, codeVerifier } = await openPending(pending, vault);
  // A browser with several consents under way keeps one secret, or the later would cut off the earlier.
  const secret = browserSecret(headerValues(event, 'cookie'), consent) ?? mintBrowserSecret();
  const key = keys.pending(ticket.accountId, ticket.hash);
  await transact(store, [consentedPending(config.tableName, key, hashOf(secret))], deps);
  const request = { state: ticket.state, redirectUri: redirectUri(consent), codeVerifier };
  return redirectAnswer(authorizationUrl(credential, request), {
    'set-cookie': consentCookie(secret, consent),
  });
}

/** A consent that can still be gone on with. */
async function find(
  text: string | undefined,
  deps: ConsentPageDeps,
): Promise<{ pending: PendingItem; ticket: Ticket } | undefined> {
  const ticket = readTicket(text ?? '');
  if (!ticket) return undefined;
  const pending = await getItem<PendingItem>(deps, keys.pending(ticket.accountId, ticket.hash));
  const isOpen = pending?.status === 'started' || pending?.status === 'consented';
  return isOpen && !isExpired(pending, deps.now(), deps.config) ? { pending, ticket } : undefined;
}

function gone(event: APIGatewayProxyEvent): APIGatewayProxyResult {
  const message = 'This consent link does not exist, was used, or is older than ten minutes. Start again.';
  return problemAnswer(404, message, idOf(event));
}

function idOf(event: APIGatewayProxyEvent): string {
  return event.requestContext.requestId;
}
