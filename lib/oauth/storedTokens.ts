import { errorName } from '../log/errorName.ts';
import { failure, McpError } from '../mcp/mcpError.ts';
import { keys } from '../store/keys.ts';
import { getItem } from '../store/read.ts';
import { rememberDemanded } from './demandedScopes.ts';
import { refuseLost, renewStored, type StoredTokenDeps, type Wanted } from './refreshStored.ts';
import { type OpenTokens, openTokens, type TokenItem, type TokenPlace } from './tokenItem.ts';
import type { TokenHolder, TokenSet } from './types.ts';

/** Milliseconds that tokens are used without looking whether they changed: a rotated credential counts within this. */
const TRUSTED_MS = 5_000;
/** Milliseconds until a refresh that failed is tried again, while the old token is still good. */
const RETRY_MS = 5_000;
/** Milliseconds between replacements of tokens that the server refuses: one that refuses all must not be asked for ever. */
const REPLACE_MS = 30_000;
/** Milliseconds that a token must still be good for to be used while, or although not, another is being got. */
const SPARE_MS = 5_000;
/** Registrations whose tokens are kept in memory: some KB each. */
const MAX_ENTRIES = 1_000;
/** Tokens that a holder remembers in order not to show them: two of each refresh while one connection lasts. */
const MAX_SEEN = 20;

/** The tokens of registered servers: one for each process. */
export interface StoredTokens {
  /** For one connection to one server; holders of the same registration share what they learn. */
  holder(place: TokenPlace): TokenHolder;
}

/** What this process knows of one registration's tokens. */
interface Entry {
  open?: OpenTokens;
  /** When the table last said so, epoch milliseconds. */
  confirmedAt: number;
  /** Not before then is a failed refresh tried again. */
  retryAt: number;
  /** What the server asked for last, and is written down. */
  demanded?: string;
  /** The one look-up or refresh under way. */
  flight?: Promise<OpenTokens> | undefined;
}

/** Tokens kept encrypted in the table, and in memory for {@link TRUSTED_MS} at a time. */
export function createStoredTokens(deps: StoredTokenDeps): StoredTokens {
  const entries = new Map<string, Entry>();
  return {
    holder(place) {
      const key = `${place.accountId}/${place.serviceId}`;
      const entry = entries.get(key) ?? { confirmedAt: Number.NEGATIVE_INFINITY, retryAt: 0 };
      // The one used longest ago goes first.
      entries.delete(key);
      entries.set(key, entry);
      const [oldest] = entries.keys();
      if (entries.size > MAX_ENTRIES && oldest !== undefined) entries.delete(oldest);
      return holderOf(place, entry, deps);
    },
  };
}

function holderOf(place: TokenPlace, entry: Entry, deps: StoredTokenDeps): TokenHolder {
  const seen = new Set<string>();
  const remember = ({ tokens }: OpenTokens): TokenSet => {
    seen.add(tokens.accessToken);
    if (tokens.refreshToken !== undefined) seen.add(tokens.refreshToken);
    for (const oldest of seen) if (seen.size > MAX_SEEN) seen.delete(oldest);
    return tokens;
  };
  return {
    secrets: () => [...seen],
    async current() {
      const { open } = entry;
      if (open && isTrusted(open, entry, deps.now())) return remember(open);
      return remember(await oneFlight(entry, deps, () => lookUp(place, entry, deps)));
    },
    async replace(rejected) {
      if (entry.flight) await entry.flight;
      for (let tries = 0; tries < 2 && isStill(rejected, entry); tries++) {
        // Whoever asks from now on waits for the outcome.
        entry.confirmedAt = Number.NEGATIVE_INFINITY;
        await oneFlight(entry, deps, () => replaced(place, entry, rejected, deps));
      }
      return !isStill(rejected, entry);
    },
    async lacks(sent, scopes) {
      // Somebody may have consented to more a moment ago.
      entry.confirmedAt = Number.NEGATIVE_INFINITY;
      const { tokens } = await oneFlight(entry, deps, () => lookUp(place, entry, deps));
      if (tokens.accessToken !== sent.accessToken) return true;
      const demanded = scopes.join(' ');
      if (entry.demanded !== demanded) await rememberDemanded(place, scopes, deps);
      entry.demanded = demanded;
      return false;
    },
  };
}

function isTrusted(open: OpenTokens, { confirmedAt, flight, retryAt }: Entry, now: number): boolean {
  if (now - confirmedAt >= TRUSTED_MS) return false;
  return now < open.refreshAt || ((flight !== undefined || now < retryAt) && isSpare(open, now));
}

function isSpare({ tokens }: OpenTokens, now: number): boolean {
  return tokens.expiresAt !== undefined && tokens.expiresAt - now > SPARE_MS;
}

function isStill(tokens: TokenSet, { open }: Entry): boolean {
  return open?.tokens.accessToken === tokens.accessToken;
}

/** Joins the work under way, or begins it. What it learns is kept for everyone. */
function oneFlight(
  entry: Entry,
  deps: StoredTokenDeps,
  work: () => Promise<OpenTokens>,
): Promise<OpenTokens> {
  entry.flight ??= work()
    .then(open => Object.assign(entry, { open }).open)
    .catch(error => {
      const failed = typed(error, deps);
      if (failed.code === 'CONSENT_REQUIRED') delete entry.open;
      throw failed;
    })
    .finally(() => {
      entry.flight = undefined;
    });
  return entry.flight;
}

/** What the table holds now; decrypted only when it changed. */
async function read(place: TokenPlace, entry: Entry, deps: StoredTokenDeps): Promise<OpenTokens | undefined> {
  const askedAt = deps.now();
  const item = await getItem<TokenItem>(deps, keys.token(place.accountId, place.serviceId));
  if (item) refuseLost(item);
  entry.confirmedAt = askedAt;
  if (item && item.version === entry.open?.version) return entry.open;
  return item && (await openTokens(place, item, deps));
}

async function lookUp(place: TokenPlace, entry: Entry, deps: StoredTokenDeps): Promise<OpenTokens> {
  const open = await read(place, entry, deps);
  const now = deps.now();
  if (open && now < open.refreshAt) return open;
  const spare = open && isSpare(open, now) ? open : undefined;
  if (spare && now < entry.retryAt) return spare;
  try {
    return await renew(place, entry, { isGood: other => deps.now() < other.refreshAt, waits: !spare }, deps);
  } catch (error) {
    if (!spare || !isPassing(error)) throw error;
    entry.retryAt = deps.now() + RETRY_MS;
    return spare;
  }
}

async function replaced(
  place: TokenPlace,
  entry: Entry,
  rejected: TokenSet,
  deps: StoredTokenDeps,
): Promise<OpenTokens> {
  const open = await read(place, entry, deps);
  const isOther = (other: OpenTokens) => other.tokens.accessToken !== rejected.accessToken;
  if (open && isOther(open)) return open;
  const now = deps.now();
  if (open && now < open.refreshAt && now - open.replacedAt < REPLACE_MS) return open;
  return renew(place, entry, { isGood: isOther, replacedAt: now, waits: true }, deps);
}

async function renew(
  place: TokenPlace,
  entry: Entry,
  wanted: Wanted,
  deps: StoredTokenDeps,
): Promise<OpenTokens> {
  const open = await renewStored(place, wanted, deps);
  entry.confirmedAt = deps.now();
  return open;
}

/** Whether waiting may help. */
function isPassing(error: unknown): boolean {
  return error instanceof McpError && error.code === 'TOKEN_ENDPOINT_UNREACHABLE';
}

/** A failure of our own parts is told to whoever runs the process, and to the caller without its words. */
function typed(error: unknown, deps: StoredTokenDeps): McpError {
  if (error instanceof McpError) return error;
  deps.log('token unavailable', { error: errorName(error) });
  return failure('TOKEN_ENDPOINT_UNREACHABLE', 'The stored token could not be read or written. Try again.');
}
