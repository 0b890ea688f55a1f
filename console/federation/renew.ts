import { ResponseBodyError } from 'oauth4webapi';
import type { OidcConfig } from '../api/config.ts';
import { type Federation, type Session, SessionEnded } from '../api/session.ts';
import { PoolRefusal } from './identityPool.ts';
import { claimsOf, refresh, type Tokens } from './provider.ts';
import { sessionOf } from './signIn.ts';

/**
 * The session with new credentials. With a refresh token the provider is asked each time, so that whoever it no longer
 * lets in loses access; without one, as long as the id token lasts.
 * @throws SessionEnded where only signing in again helps; other errors may pass
 */
export async function renewed(oidc: OidcConfig, federation: Federation): Promise<Session> {
  try {
    return await sessionOf(oidc, await currentTokens(oidc, federation));
  } catch (error) {
    if (error instanceof ResponseBodyError || error instanceof PoolRefusal) {
      throw new SessionEnded(error.message, { cause: error });
    }
    throw error;
  }
}

async function currentTokens(oidc: OidcConfig, federation: Federation): Promise<Tokens> {
  const { idToken, refreshToken } = federation;
  if (refreshToken !== undefined) return refresh(oidc, refreshToken);
  const claims = claimsOf(idToken);
  if (claims.exp * 1000 > Date.now()) return { ...federation, claims };
  throw new SessionEnded('The id token has expired, and there is no refresh token.');
}
