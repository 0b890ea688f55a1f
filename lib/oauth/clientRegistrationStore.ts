import { createHash } from 'node:crypto';
import { DeleteCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { OAuthCodeCredential } from '../credentials/credential.ts';
import { type Key, keys } from '../store/keys.ts';
import { getItem } from '../store/read.ts';
import { transact } from '../store/transact.ts';
import { put } from '../store/write.ts';
import type { ClientManagement } from './clientManagement.ts';
import { type ConsentDeps, redirectUri } from './consentSettings.ts';
import { beginWithClient, clientContext, rememberClient } from './registeredClient.ts';

/** A client that an authorization server made for an account (RFC 7591). */
export interface RegisteredClient {
  clientId: string;
  clientSecret?: string | undefined;
  authMethod: 'client_secret_basic' | 'client_secret_post' | 'none';
  /** Those it was registered with. */
  scopes: string[];
  /** Where it can be removed again (RFC 7592): see registeredClient.ts. */
  registration?: string | undefined;
}

/** What a server says beside the client itself. */
export interface ClientTerms {
  /** Epoch seconds, 0 for never (RFC 7591 §3.2.1). */
  secretExpiresAt: number;
  management: ClientManagement | undefined;
}

interface ClientItem extends Key {
  ciphertext: Uint8Array;
  /** In the clear, for whoever removes the client. */
  registration?: string;
  /** Epoch seconds. */
  expiresAt: number;
}

/**
 * Milliseconds that a client is used for new consents. Servers forget clients without telling, and then show the
 * person an error of their own, which never comes back here: a month bounds how long that can go on.
 */
const KEEP_MS = 30 * 86_400_000;
/** Milliseconds before its secret expires that a client is no longer begun with. */
const EXPIRY_MARGIN_MS = 3_600_000;

const Sealed = z.strictObject({
  v: z.literal(1),
  clientId: z.string(),
  clientSecret: z.string().optional(),
  authMethod: z.enum(['client_secret_basic', 'client_secret_post', 'none']),
  scopes: z.array(z.string()),
});

/** The account's client at an issuer, if one is kept that may ask for `scopes`. */
export async function knownClient(
  accountId: string,
  issuer: string,
  scopes: readonly string[],
  deps: ConsentDeps,
): Promise<RegisteredClient | undefined> {
  const hash = clientHash(issuer, deps);
  const item = await getItem<ClientItem>(deps, keys.oauthClient(accountId, hash));
  if (!item || item.expiresAt * 1000 <= deps.now()) return undefined;
  const { registration } = item;
  const { v: _, ...client } = Sealed.parse(
    JSON.parse(await deps.vault.decrypt(item.ciphertext, contextOf(accountId, hash))),
  );
  if (!scopes.every(scope => client.scopes.includes(scope))) return undefined;
  if (registration === undefined) return client;
  return (await beginWithClient({ accountId, registration }, deps)) ? { ...client, registration } : undefined;
}

/** Keeps a new client; with its registration, where the server lets it be removed again. */
export async function keepClient(
  accountId: string,
  issuer: string,
  client: RegisteredClient,
  { secretExpiresAt, management }: ClientTerms,
  deps: ConsentDeps,
): Promise<RegisteredClient> {
  const hash = clientHash(issuer, deps);
  const now = deps.now();
  const kept = now + KEEP_MS;
  const until = secretExpiresAt > 0 ? Math.min(kept, secretExpiresAt * 1000 - EXPIRY_MARGIN_MS) : kept;
  const text = JSON.stringify({ v: 1, ...client });
  const ciphertext = await deps.vault.encrypt(text, contextOf(accountId, hash));
  const registration = management && `${hash}.${deps.newId(now)}`;
  const item = { ciphertext, expiresAt: Math.floor(until / 1000), ...(registration ? { registration } : {}) };
  const clauses = [put(deps.config.tableName, keys.oauthClient(accountId, hash), item)];
  if (registration) {
    clauses.push(...(await rememberClient({ accountId, registration }, management, deps)));
  }
  await transact(deps.store, clauses, deps);
  return { ...client, registration };
}

/** Drops a discovered client that its authorization server does not know any more; others are the operator's. */
export async function forgetClient(
  { discovered, issuer }: OAuthCodeCredential,
  accountId: string,
  deps: ConsentDeps,
): Promise<void> {
  if (!discovered || issuer === undefined) return;
  const Key = { ...keys.oauthClient(accountId, clientHash(issuer, deps)) };
  await deps.store.send(new DeleteCommand({ TableName: deps.config.tableName, Key }));
}

function clientHash(issuer: string, { consent }: ConsentDeps): string {
  return createHash('sha256')
    .update(`${issuer}\n${redirectUri(consent)}`)
    .digest('base64url');
}

function contextOf(accountId: string, hash: string) {
  return clientContext({ accountId, registration: hash });
}
