import { createHash, createPublicKey } from 'node:crypto';
import { GetPublicKeyCommand, type KMSClient, SignCommand } from '@aws-sdk/client-kms';
import { ALGORITHMS, type DigestSigner } from './digest.ts';

/**
 * Signs digests with an asymmetric key of KMS, which nobody can take out of it.
 * @throws Error naming the key, where it is of another kind
 * @see https://docs.aws.amazon.com/kms/latest/APIReference/API_Sign.html
 */
export async function kmsSigner(client: KMSClient, keyId: string): Promise<DigestSigner> {
  const { PublicKey, SigningAlgorithms = [] } = await client.send(new GetPublicKeyCommand({ KeyId: keyId }));
  const algorithm = ALGORITHMS.find(one => SigningAlgorithms.includes(one));
  if (!PublicKey || !algorithm) {
    throw new Error(`AUDIT_SIGNING_KEY_ARN must name a KMS key that signs with ${ALGORITHMS.join(' or ')}.`);
  }
  const publicKey = createPublicKey({ key: Buffer.from(PublicKey), format: 'der', type: 'spki' });
  return {
    algorithm,
    publicKeyPem: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    async sign(message) {
      const { Signature } = await client.send(
        new SignCommand({
          KeyId: keyId,
          SigningAlgorithm: algorithm,
          // KMS takes messages of 4 KB at most; a digest may be longer.
          MessageType: 'DIGEST',
          Message: createHash('sha256').update(message).digest(),
        }),
      );
      if (!Signature) throw new Error('KMS answered without a signature.');
      return Signature;
    },
  };
}
