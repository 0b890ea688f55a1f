import { MultiKeyringNode } from '@aws-crypto/material-management-node';
import { RawAesKeyringNode, RawAesWrappingSuiteIdentifier } from '@aws-crypto/raw-aes-keyring-node';
import { open, seal, wrappedKeyOf } from './envelope.ts';
import { type Vault, VaultError } from './vault.ts';

/** A 256-bit wrapping key. Ids must be of one length: the keyring finds keys by the beginning of a name. */
export interface VaultKey {
  id: string;
  material: Uint8Array;
}

const NAMESPACE = 'switchboard-key-file';
// After its name a raw AES keyring stores tag length (4 bytes), IV length (4) and IV (12).
const BYTES_AFTER_KEY_NAME = 20;

/** A vault over raw AES keys held in memory: the first encrypts, all decrypt. */
export function createKeyFileVault(options: { keys: readonly VaultKey[] }): Vault {
  const [current, ...older] = options.keys.map(keyringOf);
  if (!current) throw new Error('A vault needs at least one key');
  const all = new MultiKeyringNode({ children: [current, ...older] });
  return {
    async encrypt(plaintext, context, kmsKeyArn) {
      if (kmsKeyArn !== undefined) {
        throw new VaultError('KEY_NOT_ALLOWED', 'This deployment has no KMS: it encrypts with its key file.');
      }
      return await seal(current, plaintext, context);
    },
    decrypt: (ciphertext, context) => open(all, ciphertext, context),
  };
}

/**
 * Tells whether a stored value is wrapped by any other key than `currentKeyId`; decrypting and encrypting it
 * again moves it to the current key. Reads the header only. Throws {@link VaultError} `CANNOT_DECRYPT` for
 * bytes that are no stored value.
 */
export function needsReencryption(ciphertext: Uint8Array, currentKeyId: string): boolean {
  const { providerId, rawInfo } = wrappedKeyOf(ciphertext);
  const name = Buffer.from(rawInfo ?? []).subarray(0, -BYTES_AFTER_KEY_NAME);
  return providerId !== NAMESPACE || name.toString('utf8') !== currentKeyId;
}

function keyringOf({ id, material }: VaultKey): RawAesKeyringNode {
  return new RawAesKeyringNode({
    keyName: id,
    keyNamespace: NAMESPACE,
    // The keyring insists on memory of its own.
    unencryptedMasterKey: Uint8Array.from(material),
    wrappingSuite: RawAesWrappingSuiteIdentifier.AES256_GCM_IV12_TAG16_NO_PADDING,
  });
}
