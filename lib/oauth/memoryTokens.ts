import { clientCredentialsGrant } from './clientCredentials.ts';
import { refreshTokens } from './refresh.ts';
import { refreshAt } from './tokenLife.ts';
import { clientSecrets } from './tokenRequest.ts';
import type { Grant, OAuthClient, TokenDeps, TokenHolder } from './types.ts';

/** Tokens of a server that is not registered yet. */
export interface MemoryTokens extends TokenHolder {
  /** The newest grant, for storing it; `undefined` until one was needed. Its warnings are those of the first. */
  last(): Grant | undefined;
}

/**
 * Holds tokens for the time of a validation. `first` is what a consent gave, and is refreshed; without it the client
 * asks for tokens itself (client credentials), once however many callers wait.
 */
export function memoryTokens(client: OAuthClient, deps: TokenDeps, first?: Grant): MemoryTokens {
  const seen = new Set(clientSecrets(client));
  const isConsent = first !== undefined;
  let grant: Grant | undefined;
  let goodUntil = 0;
  let flight: Promise<void> | undefined;
  let replaced = false;

  const keep = (next: Grant) => {
    const { accessToken, refreshToken, expiresAt } = next.tokens;
    grant = { ...next, warnings: grant?.warnings ?? next.warnings };
    goodUntil = refreshAt(expiresAt, deps.now());
    seen.add(accessToken);
    if (refreshToken !== undefined) seen.add(refreshToken);
  };
  if (first) keep(first);

  const get = (): Promise<void> => {
    flight ??= ask()
      .then(keep)
      .finally(() => {
        flight = undefined;
      });
    return flight;
  };
  const ask = async (): Promise<Grant> => {
    const known = { ...client, authMethod: grant?.authMethod ?? client.authMethod };
    return isConsent && grant
      ? refreshTokens(known, grant.tokens, deps)
      : clientCredentialsGrant(known, deps);
  };

  return {
    last: () => grant,
    secrets: () => [...seen],
    async current() {
      if (!grant || deps.now() >= goodUntil) await get();
      if (!grant) throw new Error('A grant that succeeded left no tokens');
      return grant.tokens;
    },
    async replace(rejected) {
      const differs = () => grant?.tokens.accessToken !== rejected.accessToken;
      if (flight) await flight;
      if (differs()) return true;
      // A server that refuses a second token will refuse a third.
      if (replaced || (isConsent && grant?.tokens.refreshToken === undefined)) return false;
      replaced = true;
      await get();
      return differs();
    },
  };
}
