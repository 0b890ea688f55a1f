import { createKmsVault } from '../credentials/kmsVault.ts';
import type { Vault } from '../credentials/vault.ts';
import { once } from './once.ts';
import { environment, provided } from './provided.ts';

/** What credentials are encrypted with, made at the process's first need of it. */
export const vault = once((): Vault => provided.vault ?? vaultFromEnvironment(environment().KMS_KEY_ARN));

function vaultFromEnvironment(keyArn: string | undefined): Vault {
  if (!keyArn) throw new Error('KMS_KEY_ARN must name the key that credentials are encrypted under.');
  return createKmsVault({ defaultKeyArn: keyArn });
}
