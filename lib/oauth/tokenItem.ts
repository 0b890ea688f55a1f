import * as z from 'zod';
import { timeOfEventId } from '../audit/eventId.ts';
import type { Config, Deps } from '../context.ts';
import type { Vault } from '../credentials/vault.ts';
import { isOutdated } from '../identity/outdated.ts';
import { type Key, keys } from '../store/keys.ts';
import type { TransactClause } from '../store/transact.ts';
import { absent, type Guard, put, remove } from '../store/write.ts';
import { refreshAt } from './tokenLife.ts';
import type { TokenSet } from './types.ts';

/** The stored tokens of one registration. Times are epoch milliseconds. */
export interface TokenItem extends Key {
  /** A UUIDv7, unique to each write: whoever knows it knows the tokens. */
  version: string;
  /** Left out once the consent is lost. */
  ciphertext?: Uint8Array;
  expiresAtMs?: number;
  refreshAtMs?: number;
  /** When tokens were last replaced because the server refused them. */
  replacedAtMs?: number;
  /** Only a person can help; nothing is asked of the authorization server until then. */
  consentRequired?: true;
}

/** Stored tokens in the clear: inside this process only. */
export interface OpenTokens {
  tokens: TokenSet;
  version: string;
  refreshAt: number;
  replacedAt: number;
}

/** Whose tokens. */
export interface TokenPlace {
  accountId: string;
  serviceId: string;
  /** The key that the registration's secrets are encrypted under, where it has its own. */
  kmsKeyArn?: string | undefined;
}

export type TokenWriteDeps = Pick<Deps, 'config' | 'now' | 'newId'> & { vault: Vault };

const Sealed = z.strictObject({
  v: z.literal(1),
  accessToken: z.string(),
  expiresAt: z.number().optional(),
  refreshToken: z.string().optional(),
  scopes: z.array(z.string()).optional(),
});

/**
 * Tokens as a write for the transaction that brings them: a registration's, an update's, a refresh's. Whatever was
 * stored is replaced, unless a guard says otherwise; a refresh that is under way then yields to it.
 */
export async function tokenWrite(
  place: TokenPlace,
  tokens: TokenSet,
  deps: TokenWriteDeps,
  more: { guard?: Guard; replacedAt?: number } = {},
): Promise<{ clause: TransactClause; open: OpenTokens }> {
  const { accountId, serviceId, kmsKeyArn } = place;
  const now = deps.now();
  const due = refreshAt(tokens.expiresAt, now);
  const ciphertext = await deps.vault.encrypt(
    JSON.stringify({ v: 1, ...tokens }),
    { accountId, serviceId, purpose: 'token' },
    kmsKeyArn,
  );
  const item: Omit<TokenItem, keyof Key> = {
    version: deps.newId(now),
    ciphertext,
    ...(tokens.expiresAt === undefined ? {} : { expiresAtMs: tokens.expiresAt, refreshAtMs: due }),
    ...(more.replacedAt === undefined ? {} : { replacedAtMs: more.replacedAt }),
  };
  return {
    clause: put(deps.config.tableName, keys.token(accountId, serviceId), item, more.guard),
    open: { tokens, version: item.version, refreshAt: due, replacedAt: more.replacedAt ?? 0 },
  };
}

/** Tokens and lease of a registration that goes, or goes over to a credential without tokens. */
export function tokenRemovals(table: string, accountId: string, serviceId: string): TransactClause[] {
  return [remove(table, keys.token(accountId, serviceId)), remove(table, keys.lease(accountId, serviceId))];
}

/** The stored tokens must still be those that were read. */
export function sameTokens(read: TokenItem | undefined): Guard {
  if (!read) return absent('token');
  return {
    name: 'token',
    condition: '#version = :expected',
    names: { '#version': 'version' },
    values: { ':expected': read.version },
  };
}

/** Whether stored tokens were got before `TOKENS_VALID_FROM`, or tell no time: they may have been used up since. */
export function areOutdated({ version }: TokenItem, config: Pick<Config, 'tokensValidFrom'>): boolean {
  return isOutdated(timeOfEventId(version) ?? Number.NaN, config);
}

/** The tokens behind a stored item; `undefined` where it holds none that may be used. */
export async function openTokens(
  { accountId, serviceId }: TokenPlace,
  item: TokenItem,
  { vault, config }: { vault: Vault; config: Pick<Config, 'tokensValidFrom'> },
): Promise<OpenTokens | undefined> {
  if (!item.ciphertext || areOutdated(item, config)) return undefined;
  const text = await vault.decrypt(item.ciphertext, { accountId, serviceId, purpose: 'token' });
  return {
    tokens: parse(text),
    version: item.version,
    refreshAt: item.refreshAtMs ?? Number.POSITIVE_INFINITY,
    replacedAt: item.replacedAtMs ?? 0,
  };
}

/** Its error tells nothing of the text. */
function parse(text: string): TokenSet {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = undefined;
  }
  const sealed = Sealed.safeParse(value);
  if (!sealed.success) throw new Error('A stored token is damaged, or was written by a newer version');
  const { accessToken, expiresAt, refreshToken, scopes } = sealed.data;
  return {
    accessToken,
    ...(expiresAt === undefined ? {} : { expiresAt }),
    ...(refreshToken === undefined ? {} : { refreshToken }),
    ...(scopes === undefined ? {} : { scopes }),
  };
}
