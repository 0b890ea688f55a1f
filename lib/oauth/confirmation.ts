import type { APIGatewayProxyResult } from 'aws-lambda';
import type { Caller } from '../identity/caller.ts';
import { type Callback, moved } from './callbackEnd.ts';
import { problemAnswer, redirectAnswer } from './consentAnswer.ts';
import { confirmablePending, type PendingItem } from './pending.ts';
import { returnUrl } from './returnTo.ts';
import { hashOf, mintConfirmation } from './state.ts';

/**
 * Sends the browser to the console with what the initiator needs to complete the consent: whoever was sent somebody
 * else's link and consented unread brings it to a console where nobody is signed in as its initiator. `undefined`
 * where the consent has moved on.
 */
export async function askInitiator(
  callback: Callback,
  pending: PendingItem,
): Promise<APIGatewayProxyResult | undefined> {
  const { event, key, hash, deps } = callback;
  const { token, secret } = mintConfirmation(hash);
  const write = confirmablePending(deps.config.tableName, key, hashOf(secret));
  if (!(await moved(callback, [write]))) return undefined;
  const location = returnUrl(pending.returnTo, { confirmation: token }, deps.consent);
  if (location) return redirectAnswer(location);
  return problemAnswer(400, NO_WAY_BACK, event.requestContext.requestId);
}

const NO_WAY_BACK =
  'Whoever began this has to complete it, and there is no console to go back to. Start again from one that is allowed.';

/** Whether a caller is who began a consent: the same principal, with any of its access keys. */
export function isInitiator({ caller }: Pick<PendingItem, 'caller'>, who: Caller): boolean {
  const { accountId, arn, principalId } = caller;
  return who.accountId === accountId && who.arn === arn && who.principalId === principalId;
}
