import { buildDecrypt } from '@aws-crypto/decrypt-node';
import { buildEncrypt } from '@aws-crypto/encrypt-node';
import {
  AlgorithmSuiteIdentifier,
  CommitmentPolicy,
  type EncryptedDataKey,
  type EncryptionContext,
  type KeyringNode,
  NodeAlgorithmSuite,
} from '@aws-crypto/material-management-node';
import { deserializeFactory } from '@aws-crypto/serialize';
import { type VaultContext, VaultError } from './vault.ts';

const OPTIONS = {
  commitmentPolicy: CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT,
  // A value has one wrapping key. More would let a forged header cause a KMS call for each of them.
  maxEncryptedDataKeys: 1,
};
const { encrypt } = buildEncrypt(OPTIONS);
const { decrypt } = buildDecrypt(OPTIONS);

// Key commitment without an ECDSA signature: a signature separates those who encrypt from those who only
// decrypt, and here both are this service; it would cost 1.5 to 2.4 ms a call and 0.3 KB an item.
const SUITE = AlgorithmSuiteIdentifier.ALG_AES256_GCM_IV12_TAG16_HKDF_SHA512_COMMIT_KEY;

/** Encrypts under one data key that `keyring` wraps; the context is authenticated and stored in the clear. */
export async function seal(
  keyring: KeyringNode,
  plaintext: string,
  context: VaultContext,
): Promise<Uint8Array> {
  const encryptionContext = encryptionContextOf(context);
  try {
    const { result } = await encrypt(keyring, plaintext, { suiteId: SUITE, encryptionContext });
    return new Uint8Array(result);
  } catch {
    throw new VaultError('CANNOT_ENCRYPT', 'The value could not be encrypted.');
  }
}

/**
 * Decrypts what {@link seal} made, then compares the authenticated context with the expected one: the SDK takes any
 * context, and any suite that commits to its key.
 */
export async function open(
  keyring: KeyringNode,
  ciphertext: Uint8Array,
  context: VaultContext,
): Promise<string> {
  const expected = encryptionContextOf(context);
  if (parseHeader(ciphertext)?.messageHeader.suiteId !== SUITE) throw cannotDecrypt();
  const { plaintext, messageHeader } = await decrypt(keyring, ciphertext).catch(() => {
    throw cannotDecrypt();
  });
  if (!sameContext(messageHeader.encryptionContext, expected)) {
    throw new VaultError(
      'CONTEXT_MISMATCH',
      'The stored value was encrypted for another account, service or purpose.',
    );
  }
  return plaintext.toString('utf8');
}

const header = deserializeFactory(bytes => Buffer.from(bytes).toString('utf8'), NodeAlgorithmSuite);

/** The wrapped data key of a stored value, read from its header without decrypting, so not authenticated. */
export function wrappedKeyOf(ciphertext: Uint8Array): EncryptedDataKey {
  const dataKey = parseHeader(ciphertext)?.messageHeader.encryptedDataKeys[0];
  if (!dataKey) throw cannotDecrypt();
  return dataKey;
}

function parseHeader(ciphertext: Uint8Array) {
  try {
    return header.deserializeMessageHeader(ciphertext, { maxEncryptedDataKeys: 1 }) || undefined;
  } catch {
    return undefined;
  }
}

function encryptionContextOf({ accountId, serviceId, purpose }: VaultContext): EncryptionContext {
  // An empty member would bind the value to nothing.
  if (!accountId || !serviceId || !purpose) {
    throw new VaultError('CONTEXT_INVALID', 'Encryption needs an account id, a service id and a purpose.');
  }
  return {
    'switchboard:account': accountId,
    'switchboard:service': serviceId,
    'switchboard:purpose': purpose,
  };
}

function sameContext(found: Readonly<EncryptionContext>, expected: EncryptionContext): boolean {
  const names = Object.keys(expected);
  return names.length === Object.keys(found).length && names.every(name => found[name] === expected[name]);
}

function cannotDecrypt(): VaultError {
  return new VaultError(
    'CANNOT_DECRYPT',
    'The stored value cannot be decrypted: it was altered, or its key is not at hand.',
  );
}
