import type { Deps } from '../context.ts';
import { type Credential, parseCredential } from '../credentials/credential.ts';
import type { Vault } from '../credentials/vault.ts';
import type { Egress } from '../egress/types.ts';
import type { Log } from '../log/fields.ts';
import { failure, McpError } from '../mcp/mcpError.ts';
import type { CredentialItem, ServiceItem } from '../services/serviceItem.ts';
import { keys } from '../store/keys.ts';
import { getItems, getMany } from '../store/read.ts';
import { clientCredentialsGrant } from './clientCredentials.ts';
import { consentOutdated, loseConsent } from './consentLost.ts';
import { dropLease, hasTimeLeft, LEASE_MS, type Lease, type LeaseItem, takeLease } from './lease.ts';
import { oauthClientOf } from './oauthClient.ts';
import { refreshTokens } from './refresh.ts';
import { saveGrant } from './saveGrant.ts';
import { areOutdated, type OpenTokens, openTokens, type TokenItem, type TokenPlace } from './tokenItem.ts';
import type { Grant } from './types.ts';

/** What stored tokens need of the world. */
export interface StoredTokenDeps extends Deps {
  vault: Vault;
  egress: Egress;
  log: Log;
}

/** Milliseconds that a caller waits for another process: a crashed one's lease runs out, and then some. */
const MAX_WAIT_MS = LEASE_MS + 8_000;
/** Milliseconds between looks at another's progress: a token request takes about this long, and looks cost a read. */
const FIRST_LOOK_MS = 60;
const MAX_LOOK_MS = 400;

/** Why the tokens at hand do not do. */
export interface Wanted {
  /** Whether tokens, once read again, are good after all: then nothing is asked for. */
  isGood(open: OpenTokens): boolean;
  /** Epoch milliseconds; set where the server had refused the tokens. */
  replacedAt?: number;
  /** Whether to wait for another process that is at it. */
  waits: boolean;
}

/** Everything that a refresh is decided on, as of one moment. */
export interface Standing {
  service: ServiceItem;
  stored: CredentialItem;
  credential: Credential;
  item: TokenItem | undefined;
  open: OpenTokens | undefined;
}

/**
 * Tokens that are good, got by whichever process holds the lease: one request to the authorization server however
 * many processes ask. Whoever waited, or was slower, takes what the other wrote.
 * @throws McpError of step `credential`
 */
export async function renewStored(
  place: TokenPlace,
  wanted: Wanted,
  deps: StoredTokenDeps,
): Promise<OpenTokens> {
  const giveUpAt = deps.now() + MAX_WAIT_MS;
  while (deps.now() < giveUpAt) {
    const lease = await takeLease(place, deps);
    if (!lease && !wanted.waits) break;
    const open = lease
      ? await renewHolding(place, lease, wanted, deps)
      : await wait(place, wanted, giveUpAt, deps);
    if (open) return open;
  }
  throw failure('TOKEN_ENDPOINT_UNREACHABLE', 'Another request for this token has not ended yet.');
}

/** Looks on until another's tokens are there, or its lease is free again (then `undefined`). */
async function wait(
  place: TokenPlace,
  wanted: Wanted,
  giveUpAt: number,
  deps: StoredTokenDeps,
): Promise<OpenTokens | undefined> {
  const token = keys.token(place.accountId, place.serviceId);
  const lease = keys.lease(place.accountId, place.serviceId);
  let known: string | undefined;
  for (let look = 0; deps.now() < giveUpAt; look++) {
    await deps.sleep(Math.min(MAX_LOOK_MS, FIRST_LOOK_MS * 1.5 ** look) * (0.5 + deps.random()));
    const items = await getMany<TokenItem | LeaseItem>(deps, [token, lease]);
    const item = items.find(({ sk }) => sk === token.sk) as TokenItem | undefined;
    const held = items.find(({ sk }) => sk === lease.sk) as LeaseItem | undefined;
    if (item && item.version !== known) {
      known = item.version;
      refuseLost(item);
      const open = await openTokens(place, item, deps);
      if (open && wanted.isGood(open)) return open;
    }
    if (!held || held.untilMs < deps.now()) return undefined;
  }
  return undefined;
}

async function renewHolding(
  place: TokenPlace,
  lease: Lease,
  wanted: Wanted,
  deps: StoredTokenDeps,
): Promise<OpenTokens | undefined> {
  let done = false;
  try {
    const standing = await readStanding(place, deps);
    // Another may have been here between the look and the lease.
    if (standing.open && wanted.isGood(standing.open)) return standing.open;
    if (!hasTimeLeft(lease, deps.now())) return undefined;
    const grant = await counted(ask(place, standing, wanted, deps), deps);
    if (!grant) return undefined;
    const open = await saveGrant(place, lease, standing, grant, wanted, deps);
    done = open !== undefined;
    return open;
  } finally {
    if (!done) await dropLease(place, lease, deps).catch(() => {});
  }
}

async function readStanding(place: TokenPlace, deps: StoredTokenDeps): Promise<Standing> {
  const { accountId, serviceId } = place;
  const [service, stored, item] = await getItems<[ServiceItem, CredentialItem, TokenItem]>(deps, [
    keys.service(accountId, serviceId),
    keys.credential(accountId, serviceId),
    keys.token(accountId, serviceId),
  ]);
  if (!service || !stored) throw failure('CREDENTIAL_REJECTED', 'The registration has been removed.');
  if (item) refuseLost(item);
  const text = await deps.vault.decrypt(stored.ciphertext, { accountId, serviceId, purpose: 'credential' });
  const open = item && (await openTokens(place, item, deps));
  return { service, stored, credential: parseCredential(text), item, open };
}

/** @throws McpError where only a person can help */
export function refuseLost(item: TokenItem): void {
  if (!item.consentRequired) return;
  throw failure('CONSENT_REQUIRED', 'The consent that was given is no longer good.');
}

/** A refresh that nothing was asked for counts as none. */
async function counted(
  asked: Promise<Grant | undefined>,
  { measure }: StoredTokenDeps,
): Promise<Grant | undefined> {
  try {
    const grant = await asked;
    if (grant) measure({ kind: 'tokenRefresh', ok: true });
    return grant;
  } catch (error) {
    measure({ kind: 'tokenRefresh', ok: false });
    throw error;
  }
}

/** A new grant; `undefined` where others changed the tokens meanwhile. */
async function ask(
  place: TokenPlace,
  standing: Standing,
  wanted: Wanted,
  deps: StoredTokenDeps,
): Promise<Grant | undefined> {
  const { service, credential, item, open } = standing;
  // No signal: a caller that gives up must not lose a refresh token that was just rotated.
  const tokenDeps = { accountId: place.accountId, egress: deps.egress, now: deps.now };
  if (credential.kind === 'oauth-client-credentials') {
    return clientCredentialsGrant(oauthClientOf(credential), tokenDeps);
  }
  if (credential.kind !== 'oauth-3lo') {
    throw failure('CREDENTIAL_REJECTED', 'The registration no longer uses OAuth.');
  }
  try {
    if (item && areOutdated(item, deps.config)) throw consentOutdated();
    return await refreshTokens(oauthClientOf(credential), open?.tokens ?? { accessToken: '' }, tokenDeps);
  } catch (error) {
    if (!(error instanceof McpError) || error.code !== 'CONSENT_REQUIRED') throw error;
    // One 401 of the server is no proof: without a refresh token to ask with, the token lives to its end.
    const isDoubtful = wanted.replacedAt !== undefined && open && open.tokens.refreshToken === undefined;
    if (!isDoubtful && !(await loseConsent(place, service, item, error, deps))) return undefined;
    throw error;
  }
}
