import type { ConsoleConfig, OidcConfig } from '../api/config.ts';
import type { Federation, Session } from '../api/session.ts';
import { federation as words } from '../strings/federation.ts';
import { credentialsFor } from './identityPool.ts';
import { problemOf } from './problems.ts';
import { authorizationUrl, discover, endSessionUrl, exchange, newSecrets, type Tokens } from './provider.ts';
import { begin, take } from './transaction.ts';

/**
 * Sends the browser to the provider; the person comes back to `returnTo`.
 * @throws Error with what to tell the person
 */
export async function startSignIn(config: ConsoleConfig, oidc: OidcConfig, returnTo: string): Promise<void> {
  const secrets = newSecrets();
  try {
    const url = await authorizationUrl(await discover(oidc), config, oidc, secrets);
    begin({ ...secrets, returnTo });
    location.assign(url);
  } catch (error) {
    throw new Error(problemOf(error), { cause: error });
  }
}

/** How a sign-in ended: with a session, or with what to tell the person. */
export interface Finished {
  session?: Session;
  problem?: string;
  /** Path of the console to go on at. */
  returnTo: string;
}

/** Ends the sign-in that the browser came back from with an answer. */
export async function finishSignIn(config: ConsoleConfig, oidc: OidcConfig, answer: URL): Promise<Finished> {
  const transaction = take();
  if (!transaction) return { problem: words.notBegun, returnTo: '/console/' };
  const { returnTo } = transaction;
  try {
    const tokens = await exchange(await discover(oidc), config, oidc, answer, transaction);
    return { session: await sessionOf(oidc, tokens), returnTo };
  } catch (error) {
    return { problem: problemOf(error), returnTo };
  }
}

/** The session of somebody with these tokens. */
export async function sessionOf(oidc: OidcConfig, { claims, ...federation }: Tokens): Promise<Session> {
  const credentials = await credentialsFor(oidc, federation.idToken);
  const name = [claims.email, claims.preferred_username, claims.name, claims.sub].find(
    claim => typeof claim === 'string',
  );
  return { ...credentials, userName: String(name), federation };
}

/** Ends the session with the provider, where it has such an end; the browser comes back to the console. */
export async function leaveProvider(
  config: ConsoleConfig,
  oidc: OidcConfig,
  { idToken }: Federation,
): Promise<void> {
  const url = await endSessionUrl(config, oidc, idToken).catch(() => undefined);
  if (url !== undefined) location.assign(url);
}
