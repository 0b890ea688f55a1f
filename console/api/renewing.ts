import type { Credentials } from '../../client/src/index.ts';
import type { OidcConfig } from './config.ts';
import { type Session, SessionEnded, storedSession, storeSession } from './session.ts';

/** As long before they expire as the client asks for others. */
const RENEW_BEFORE_MS = 5 * 60_000;

/**
 * Credentials of somebody who signed in with a provider, renewed before they expire, also in what the tab keeps.
 * @throws SessionEnded, and whatever keeps the provider or the pool from answering
 */
export function renewing(oidc: OidcConfig, first: Session): () => Promise<Credentials> {
  let session = first;
  return async () => {
    if (expiryOf(session) - RENEW_BEFORE_MS <= Date.now()) session = await renewedOrGood(oidc, session);
    return { ...session, expiration: new Date(expiryOf(session)) };
  };
}

/** Those that are still good will do when new ones cannot be had for the moment. */
async function renewedOrGood(oidc: OidcConfig, session: Session): Promise<Session> {
  if (!session.federation) return session;
  try {
    const { renewed } = await import('../federation/renew.ts');
    const next = await renewed(oidc, session.federation);
    // Unless the person signed out meanwhile.
    if (storedSession()) storeSession(next);
    return next;
  } catch (error) {
    if (error instanceof SessionEnded || expiryOf(session) <= Date.now()) throw error;
    return session;
  }
}

function expiryOf({ expiration = '' }: Session): number {
  return Date.parse(expiration) || 0;
}
