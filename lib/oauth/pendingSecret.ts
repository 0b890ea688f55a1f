import { invalid } from '../api/errors.ts';
import { type OAuthCodeCredential, parseCredential, serializeCredential } from '../credentials/credential.ts';
import { type Vault, VaultError } from '../credentials/vault.ts';
import type { PendingItem } from './pending.ts';
import type { Grant } from './types.ts';

/** What a consent needs to finish. Never log it. */
export interface PendingSecret {
  /** The request that began it, as its operation parsed it. */
  input: unknown;
  credential: OAuthCodeCredential;
  /** PKCE (RFC 7636); gone once the code was used. */
  codeVerifier?: string;
  /** The authorization server says that it always sends `iss` (RFC 9207). */
  issRequired: boolean;
  /** What the operation wants to be told at the end. JSON. */
  memo?: unknown;
  /** Once the code was used. */
  grant?: Grant;
}

type Owner = Pick<PendingItem, 'serviceId' | 'kmsKeyArn'> & { accountId: string };

/**
 * Encrypts for the service that is to be.
 * @throws ValidationException where the caller's own KMS key cannot be used
 */
export async function sealPending(secret: PendingSecret, owner: Owner, vault: Vault): Promise<Uint8Array> {
  const { accountId, serviceId, kmsKeyArn } = owner;
  const text = JSON.stringify({ v: 1, ...secret, credential: serializeCredential(secret.credential) });
  try {
    return await vault.encrypt(text, { accountId, serviceId, purpose: 'credential' }, kmsKeyArn);
  } catch (error) {
    // Only a key that the caller chose is the caller's to mend.
    if (error instanceof VaultError && kmsKeyArn !== undefined) throw invalid('/kmsKeyArn', error.message);
    throw error;
  }
}

/** The inverse of {@link sealPending}. Its errors tell nothing of the text. */
export async function openPending(
  pending: Pick<PendingItem, 'serviceId' | 'ciphertext' | 'caller'>,
  vault: Vault,
): Promise<PendingSecret> {
  const { serviceId, ciphertext, caller } = pending;
  if (!ciphertext) throw new Error('A pending consent holds no secret');
  const context = { accountId: caller.accountId, serviceId, purpose: 'credential' } as const;
  const { v, credential, ...members } = parse(await vault.decrypt(ciphertext, context));
  const parsed = typeof credential === 'string' ? parseCredential(credential) : undefined;
  if (v !== 1 || parsed?.kind !== 'oauth-3lo') throw damaged();
  // The vault vouches for the rest: nothing but sealPending wrote it.
  return { ...(members as Omit<PendingSecret, 'credential'>), credential: parsed };
}

function parse(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    throw damaged();
  }
}

function damaged(): Error {
  return new Error('A pending consent is damaged, or was written by a newer version');
}
