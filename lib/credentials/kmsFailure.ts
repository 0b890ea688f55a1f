import type { KmsFault } from './kmsKeyring.ts';
import { VaultError } from './vault.ts';

/** Says what a failed KMS call means for the caller. KMS's own text, which may name roles, is left out. */
export function kmsFailure({ error, keyArn }: KmsFault): VaultError {
  const name = error instanceof Error ? error.name : '';
  switch (name) {
    case 'AccessDeniedException':
      return new VaultError('KEY_ACCESS_DENIED', DENIED, keyArn);
    case 'NotFoundException':
      return unavailable('does not exist', keyArn);
    case 'DisabledException':
      return unavailable('is disabled', keyArn);
    case 'KMSInvalidStateException':
      return unavailable('is pending deletion or import, or otherwise not in a usable state', keyArn);
    case 'KeyUnavailableException':
      return unavailable('is not available at the moment', keyArn);
    case 'InvalidKeyUsageException':
      return unavailable('is not a symmetric encryption key', keyArn);
    case 'InvalidCiphertextException':
    case 'IncorrectKeyException':
      return new VaultError('CANNOT_DECRYPT', 'KMS refused the stored value: it was altered.', keyArn);
    default:
      return new VaultError('KMS_FAILED', `AWS KMS did not do its part${reason(name)}. Try again.`, keyArn);
  }
}

const DENIED =
  'AWS KMS denied the use of the key. Tag the key switchboard=allowed, and let its key policy admit the ' +
  "deployment's roles (kms:GenerateDataKey, kms:Decrypt).";

function unavailable(state: string, keyArn: string): VaultError {
  return new VaultError('KEY_UNAVAILABLE', `The KMS key ${state}.`, keyArn);
}

/** An error's name, where it looks like one: `ThrottlingException`, `TimeoutError`. */
function reason(name: string): string {
  return /^[A-Za-z]{1,64}$/.test(name) && name !== 'Error' ? ` (${name})` : '';
}
