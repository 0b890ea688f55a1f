import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { problemAnswer, redirectAnswer } from './consentAnswer.ts';
import { CONSENT_ERRORS } from './consentErrors.ts';
import type { ConsentSettings } from './consentSettings.ts';
import type { PendingItem } from './pending.ts';
import { returnUrl } from './returnTo.ts';

/** The browser's way back to the console, with the outcome and nothing else; a page where no way back is allowed. */
export function outcomeAnswer(
  pending: PendingItem,
  event: APIGatewayProxyEvent,
  settings: ConsentSettings,
): APIGatewayProxyResult {
  const { failure, serviceId, returnTo } = pending;
  const outcome = failure ? { error: failure } : { serviceId };
  const location = returnUrl(returnTo, outcome, settings);
  if (location) return redirectAnswer(location);
  const message = failure
    ? `${CONSENT_ERRORS[failure]} (${failure})`
    : 'Done. You can close this page: the server is connected.';
  return problemAnswer(failure ? 400 : 200, message, event.requestContext.requestId);
}

/** A callback that proves nothing: which part was wrong is not said. */
export function unknownAnswer(event: APIGatewayProxyEvent): APIGatewayProxyResult {
  const message =
    'This sign-in does not belong to a consent that this browser began, or it is over. Start again from the console.';
  return problemAnswer(400, message, event.requestContext.requestId);
}
