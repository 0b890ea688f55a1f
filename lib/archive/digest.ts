import { createHash, createPublicKey, verify } from 'node:crypto';
import * as z from 'zod';

const Hash = z.string().regex(/^[0-9a-f]{64}$/);
const Hex = z.string().regex(/^([0-9a-f]{2})+$/);
const Time = z.string().nullable();

const LogFile = z.strictObject({
  s3Object: z.string(),
  hashAlgorithm: z.literal('SHA-256'),
  hashValue: Hash,
  oldestEventTime: Time,
  newestEventTime: Time,
  eventCount: z.int().min(0),
});

/** Signatures of digests, as KMS names them. */
export const ALGORITHMS = ['ECDSA_SHA_256', 'RSASSA_PKCS1_V1_5_SHA_256'] as const;

const Digest = z.strictObject({
  awsAccountId: z.string(),
  awsRegion: z.string(),
  digestStartTime: z.string(),
  digestEndTime: z.string(),
  digestS3Object: z.string(),
  digestPublicKeyFingerprint: Hash,
  digestSignatureAlgorithm: z.enum(ALGORITHMS),
  oldestEventTime: Time,
  newestEventTime: Time,
  /** `null` in the first digest of a chain alone. */
  previousDigestS3Object: z.string().nullable(),
  previousDigestHashAlgorithm: z.literal('SHA-256').nullable(),
  previousDigestHashValue: Hash.nullable(),
  previousDigestSignature: Hex.nullable(),
  logFiles: z.array(LogFile),
});

const Signed = z.strictObject({ digest: Digest, signature: Hex });

/** A file of events as a digest names it. */
export type LogFile = z.output<typeof LogFile>;
/** What one hour of an account and region left in the archive, as CloudTrail's digest files tell it. */
export type Digest = z.output<typeof Digest>;
/** A digest as it is stored. */
export type SignedDigest = z.output<typeof Signed>;

/** Who signs: an asymmetric key of KMS, or a key of the machine's own. */
export interface DigestSigner {
  algorithm: (typeof ALGORITHMS)[number];
  /** SPKI. */
  publicKeyPem: string;
  /** Over the message itself; ECDSA signatures are DER, as KMS has them. */
  sign(message: Uint8Array): Promise<Uint8Array>;
}

export function sha256(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** SHA-256 of the key in its DER form. @throws Error if it is no public key */
export function fingerprintOf(publicKeyPem: string): string {
  return sha256(createPublicKey(publicKeyPem).export({ type: 'spki', format: 'der' }));
}

/** Signs a digest's very JSON text. */
export async function signDigest(digest: Digest, signer: DigestSigner): Promise<SignedDigest> {
  const signature = await signer.sign(Buffer.from(JSON.stringify(digest)));
  return { digest, signature: Buffer.from(signature).toString('hex') };
}

export function isSignedBy({ digest, signature }: SignedDigest, publicKeyPem: string): boolean {
  const message = Buffer.from(JSON.stringify(digest));
  return verify('sha256', message, publicKeyPem, Buffer.from(signature, 'hex'));
}

/** The bytes of a digest file: one form for each digest, so that no byte can change unnoticed. */
export function formatDigest(signed: SignedDigest): Buffer {
  return Buffer.from(`${JSON.stringify(signed)}\n`);
}

/** The digest of a file; nothing where the file is anything but what {@link formatDigest} makes of one. */
export function parseDigest(bytes: Uint8Array): SignedDigest | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(bytes).toString());
    const signed = Signed.safeParse(value).data;
    return signed && formatDigest(value as SignedDigest).equals(bytes) ? (value as SignedDigest) : undefined;
  } catch {
    return undefined;
  }
}
