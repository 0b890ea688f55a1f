import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { keys } from '../store/keys.ts';
import { getItem } from '../store/read.ts';
import type { BrowserRun } from './browserEndpoint.ts';
import { type Callback, type CompleteConsent, endConsent, finishConsent } from './callbackEnd.ts';
import { awaitExchange, exchangeConsented } from './callbackExchange.ts';
import { consentFailure } from './callbackFailure.ts';
import { outcomeAnswer, unknownAnswer } from './callbackOutcome.ts';
import { readCallback } from './callbackParameters.ts';
import { askInitiator } from './confirmation.ts';
import { browserSecret } from './consentCookie.ts';
import { headerValues } from './consentEvent.ts';
import type { ConsentDeps } from './consentSettings.ts';
import { isExpired, type PendingItem } from './pending.ts';
import { matches, readState } from './state.ts';

/**
 * Where the provider sends the browser back to. Nothing happens without a `state` of ours and the cookie of the
 * browser that went on; then the consent is taken from wherever it stands to its end: a reload resumes it, a second
 * callback waits for the first, and the code is used once.
 */
export function oauthCallback(complete: CompleteConsent): BrowserRun<ConsentDeps> {
  return async (event, deps) => {
    const parameters = readCallback(event);
    const pointer = readState(parameters?.state ?? '');
    if (!parameters || !pointer) return unknownAnswer(event);
    const key = keys.pending(pointer.accountId, pointer.hash);
    const pending = await getItem<PendingItem>(deps, key);
    if (!pending || !isItsBrowser(pending, event, deps)) return unknownAnswer(event);
    return settle({ event, parameters, key, hash: pointer.hash, deps, complete }, pending);
  };
}

/** One step at a time, each conditioned on the status it goes from, until the consent has ended. */
async function settle(callback: Callback, found: PendingItem): Promise<APIGatewayProxyResult> {
  const { event, key, deps } = callback;
  for (let pending: PendingItem | undefined = found; pending; pending = await getItem(deps, key)) {
    if (pending.status === 'done' || pending.status === 'failed') {
      return outcomeAnswer(pending, event, deps.consent);
    }
    if (waitsForInitiator(pending, deps)) {
      const answer = await askInitiator(callback, pending);
      if (answer) return answer;
    } else {
      await step(callback, pending);
    }
  }
  return unknownAnswer(event);
}

async function step(callback: Callback, pending: PendingItem): Promise<void> {
  const { now, config } = callback.deps;
  if (isExpired(pending, now(), config)) {
    const late = consentFailure('consent_expired', 'The consent was not finished within ten minutes.');
    return endConsent(callback, pending, pending.status, late);
  }
  switch (pending.status) {
    case 'consented':
      return exchangeConsented(callback, pending);
    case 'exchanging':
      return awaitExchange(callback, pending);
    case 'exchanged':
      return finishConsent(callback, pending);
    default:
      throw new Error(`A consent that is ${pending.status} has no cookie yet`);
  }
}

function waitsForInitiator(pending: PendingItem, { consent, now, config }: ConsentDeps): boolean {
  if (!consent.requireInitiatorConfirmation || pending.status !== 'exchanged') return false;
  return !isExpired(pending, now(), config);
}

function isItsBrowser(pending: PendingItem, event: APIGatewayProxyEvent, deps: ConsentDeps): boolean {
  const secret = browserSecret(headerValues(event, 'cookie'), deps.consent);
  return secret !== undefined && pending.browserHash !== undefined && matches(secret, pending.browserHash);
}
