import { type DigestSigner, fingerprintOf } from './digest.ts';
import type { ArchiveSink } from './sink.ts';

/** Where an archive keeps the public keys that its digests were signed with, old ones too. */
export const KEY_FOLDER = 'digest-keys/';

export function publicKeyFile(fingerprint: string): string {
  return `${KEY_FOLDER}${fingerprint}.pem`;
}

/** Puts the signer's public key into the archive, for auditors; a key that is there stays. */
export async function publishKey(sink: ArchiveSink, signer: DigestSigner): Promise<void> {
  const { publicKeyPem } = signer;
  await sink.create(publicKeyFile(fingerprintOf(publicKeyPem)), Buffer.from(publicKeyPem));
}
