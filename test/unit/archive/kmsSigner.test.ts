import { GetPublicKeyCommand, KMSClient, SignCommand } from '@aws-sdk/client-kms';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, expect, it } from 'vitest';
import { type Digest, fingerprintOf, isSignedBy, sha256, signDigest } from '../../../lib/archive/digest.ts';
import { kmsSigner } from '../../../lib/archive/kmsSigner.ts';
import { ecKey, rsaKey, type SigningKey } from '../../support/aws/kmsSigning.ts';

const KEY_ID = 'arn:aws:kms:eu-central-1:111122223333:key/a';
const client = new KMSClient({ region: 'eu-central-1' });
const kms = mockClient(client);

function answerWith({ publicKey, signDigest: sign }: SigningKey, more: object = {}) {
  kms.on(GetPublicKeyCommand, { KeyId: KEY_ID }).resolves({ ...publicKey, ...more } as never);
  kms.on(SignCommand).callsFake(({ Message }) => ({ Signature: sign(Message) }));
}

beforeEach(() => kms.reset());

/** Longer than the 4 KB that KMS takes as they are. */
const digest = {
  awsAccountId: '111122223333',
  logFiles: Array.from({ length: 100 }, (_, n) => ({ s3Object: `file-${n}`.repeat(10) })),
} as unknown as Digest;

it.each([
  ['ECC_NIST_P256', ecKey(), 'ECDSA_SHA_256'],
  ['RSA_2048', rsaKey(), 'RSASSA_PKCS1_V1_5_SHA_256'],
] as const)(
  'signs with a key of kind %s, as anybody verifies who has its public key',
  async (_, key, algorithm) => {
    answerWith(key);
    const signer = await kmsSigner(client, KEY_ID);
    expect(signer.algorithm).toBe(algorithm);
    expect(fingerprintOf(signer.publicKeyPem)).toBe(sha256(key.publicKey.PublicKey));
    const signed = await signDigest(digest, signer);
    expect(isSignedBy(signed, signer.publicKeyPem)).toBe(true);
    const changed = { ...signed, digest: { ...digest, awsAccountId: '444455556666' } };
    expect(isSignedBy(changed, signer.publicKeyPem)).toBe(false);
    const [call] = kms.commandCalls(SignCommand);
    expect(call?.args[0].input).toMatchObject({
      KeyId: KEY_ID,
      SigningAlgorithm: algorithm,
      MessageType: 'DIGEST',
    });
  },
);

it('refuses a key of another kind, and passes on what KMS refuses', async () => {
  answerWith(ecKey(), { SigningAlgorithms: ['ECDSA_SHA_512'] });
  await expect(kmsSigner(client, KEY_ID)).rejects.toThrow('AUDIT_SIGNING_KEY_ARN must name a KMS key');
  answerWith(ecKey());
  const signer = await kmsSigner(client, KEY_ID);
  kms.on(SignCommand).rejects(new Error('AccessDeniedException'));
  await expect(signDigest(digest, signer)).rejects.toThrow('AccessDenied');
});
