/** What an encrypted value is bound to (AWS Encryption SDK encryption context). */
export interface VaultContext {
  accountId: string;
  serviceId: string;
  purpose: 'credential' | 'token';
}

/** Encrypts credentials at rest. Every failure is a {@link VaultError}. */
export interface Vault {
  /** Encrypts under the deployment's key, or under `kmsKeyArn` where the deployment has KMS. */
  encrypt(plaintext: string, context: VaultContext, kmsKeyArn?: string): Promise<Uint8Array>;
  /** Returns the plaintext only when it is unaltered and was encrypted for this very context. */
  decrypt(ciphertext: Uint8Array, context: VaultContext): Promise<string>;
}

export type VaultErrorCode =
  /** The named key is one that this deployment may not use; nothing was asked of KMS. */
  | 'KEY_NOT_ALLOWED'
  /** KMS denied the use of the key: its policy, or the tag `switchboard=allowed` is missing. */
  | 'KEY_ACCESS_DENIED'
  /** The key is missing, disabled, pending deletion, or of the wrong kind. */
  | 'KEY_UNAVAILABLE'
  /** KMS did not answer, or failed on its side; trying again may help. */
  | 'KMS_FAILED'
  /** The context of a request is incomplete. */
  | 'CONTEXT_INVALID'
  /** The value is genuine but belongs to another account, service or purpose. */
  | 'CONTEXT_MISMATCH'
  | 'CANNOT_ENCRYPT'
  /** Altered, cut short, or encrypted under a key that is not at hand. */
  | 'CANNOT_DECRYPT';

/** A refused or failed use of the vault. It carries no plaintext, no key material, and no cause that might. */
export class VaultError extends Error {
  override readonly name = 'VaultError';
  readonly code: VaultErrorCode;
  /** The KMS key concerned, where one is. */
  readonly keyArn: string | undefined;
  constructor(code: VaultErrorCode, message: string, keyArn?: string) {
    super(message);
    this.code = code;
    this.keyArn = keyArn;
  }
}
