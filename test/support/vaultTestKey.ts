import type { VaultKey } from '../../lib/credentials/keyFileVault.ts';

/** A fixed wrapping key for tests. */
export function vaultTestKey(): VaultKey {
  return { id: '00112233aabbccdd', material: Buffer.alloc(32, 9) };
}
