/**
 * Every `error` that a browser brings back to `returnToEndpoint`. They say no more than what to do next; the audit
 * event of the registration or update says what happened.
 */
export const CONSENT_ERRORS = {
  /** The person, or the provider for them, declined. */
  access_denied: 'The access was declined.',
  /** The provider sent the browser back with another error. */
  provider_error: 'The authorization server reported an error.',
  /** The provider's answer lacks the code, or comes from another issuer. */
  response_rejected: 'The answer of the authorization server cannot be used.',
  /** Ten minutes passed. */
  consent_expired: 'The consent took longer than ten minutes.',
  /** The token endpoint did not give tokens for the code. */
  exchange_failed: 'The authorization server did not grant access.',
  /** The process ended while the code was being used, and codes work once. */
  exchange_interrupted: 'The consent was interrupted.',
  /** The server does not work with what was granted. */
  validation_failed: 'The MCP server could not be used with the access that was granted.',
  /** The name was taken, or the service changed, in the meantime. */
  conflict: 'Something else was changed in the meantime.',
  /** The account has as many services as it may. */
  quota_exceeded: 'The account has as many services as it may have.',
  /** Anything else that refuses a registration or update. */
  registration_refused: 'The server could not be registered.',
} as const;

export type ConsentErrorCode = keyof typeof CONSENT_ERRORS;
