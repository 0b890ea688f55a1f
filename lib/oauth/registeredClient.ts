import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { fail } from '../api/errors.ts';
import type { Deps } from '../context.ts';
import type { Credential } from '../credentials/credential.ts';
import type { Vault } from '../credentials/vault.ts';
import { holds } from '../store/conditional.ts';
import { conditionFailed } from '../store/conditionFailed.ts';
import { type Key, keys } from '../store/keys.ts';
import type { TransactClause } from '../store/transact.ts';
import { put, update } from '../store/write.ts';
import type { ClientManagement } from './clientManagement.ts';

/**
 * Milliseconds after which a client that no service uses is abandoned. A consent that was begun with it ends within
 * two times ten minutes; the rest is for clocks that differ, and for people who try again.
 */
export const ABANDONED_MS = 60 * 60_000;

const NOT_REMOVED = 'attribute_exists(pk) AND attribute_not_exists(removingAtMs)';

/** Which registration of which account's: `<hash of issuer and redirect URI>.<id>`. */
export interface Registration {
  accountId: string;
  registration: string;
}

/** A client that can be removed where it was registered. It stays for as long as a service uses it. */
export interface RegisteredClientItem extends Key {
  /** Its {@link ClientManagement}, encrypted. */
  ciphertext: Uint8Array;
  /** Services whose credential it is part of. */
  used: number;
  /** When a consent was last begun with it, epoch milliseconds. */
  begunAtMs: number;
  /** Set while it is being removed: it is no longer used then. */
  removingAtMs?: number;
}

/** A look that is due: whether a client was abandoned. */
export interface ClientLookItem extends Key, Registration {
  /** Removals that did not get through. */
  tries: number;
}

export function registeredClientKey({ accountId, registration }: Registration): Key {
  const [hash = '', id = ''] = registration.split('.');
  return keys.registeredClient(accountId, hash, id);
}

/** What the vault binds what belongs to a registered client to: it has no service's name. */
export function clientContext({ accountId, registration }: Registration) {
  const [hash] = registration.split('.');
  return { accountId, serviceId: `oauth-client-${hash}`, purpose: 'credential' } as const;
}

/** The writes that remember a new client, and to look whether it is abandoned. */
export async function rememberClient(
  registration: Registration,
  management: ClientManagement,
  deps: Deps & { vault: Vault },
): Promise<TransactClause[]> {
  const now = deps.now();
  const table = deps.config.tableName;
  const ciphertext = await deps.vault.encrypt(JSON.stringify(management), clientContext(registration));
  return [
    put(table, registeredClientKey(registration), { ciphertext, used: 0, begunAtMs: now }),
    lookAt(registration, now + ABANDONED_MS, deps),
  ];
}

/** The write that has a client looked at, `at` epoch milliseconds. */
export function lookAt(
  { accountId, registration }: Registration,
  at: number,
  { config, newId }: Pick<Deps, 'config' | 'newId'>,
  tries = 0,
): TransactClause {
  const key = keys.clientLook(new Date(at).toISOString(), newId(at));
  return put(config.tableName, key, { accountId, registration, tries });
}

/** Keeps a client from being taken for abandoned while a consent with it lasts; `false` where it is too late. */
export function beginWithClient(registration: Registration, deps: Deps): Promise<boolean> {
  return holds(
    deps.store.send(
      new UpdateCommand({
        TableName: deps.config.tableName,
        Key: registeredClientKey(registration),
        UpdateExpression: 'SET begunAtMs = :now',
        ConditionExpression: NOT_REMOVED,
        ExpressionAttributeValues: { ':now': deps.now() },
      }),
    ),
  );
}

/** The registration that a credential is part of, if any. */
export function registrationOf(credential: Credential): string | undefined {
  return credential.kind === 'oauth-3lo' ? credential.registration : undefined;
}

/** A service goes over from one client to another; either may be none. Whoever was the last leaves a look behind. */
export function clientUse(
  accountId: string,
  { before, after }: { before?: string | undefined; after?: string | undefined },
  at: number,
  deps: Pick<Deps, 'config' | 'newId'>,
): TransactClause[] {
  if (before === after) return [];
  const table = deps.config.tableName;
  const taken = (registration: string) =>
    update(
      table,
      registeredClientKey({ accountId, registration }),
      { add: { used: 1 } },
      {
        name: 'client',
        condition: NOT_REMOVED,
      },
    );
  const left = (registration: string) => [
    update(table, registeredClientKey({ accountId, registration }), { add: { used: -1 } }),
    lookAt({ accountId, registration }, at, deps),
  ];
  return [...(after ? [taken(after)] : []), ...(before ? left(before) : [])];
}

/** @throws ConflictException where the client was removed between the consent and its end */
export function refuseRemovedClient(error: unknown): void {
  if (!conditionFailed(error, 'client')) return;
  throw fail('ConflictException', 'The OAuth client of this consent was removed meanwhile. Start it again.');
}
