import { isSignedBy, parseDigest, type SignedDigest, sha256 } from './digest.ts';
import { HOUR_MS, type Hour, hourAt, startOf } from './hours.ts';
import { ALL_ACCOUNTS, digestKey, type Place, parseDigestKey } from './names.ts';
import { type Run, Tampered, type Verified } from './verifyRun.ts';

/** A digest that another one follows. */
export interface Link {
  key: string;
  hash: string;
  signed: SignedDigest;
}

/** The digest before the first one that is asked for, where the archive still has it. */
export async function before({ archive }: Run, place: Place, first: Hour): Promise<Link | undefined> {
  const key = digestKey(place, hourAt(startOf(first) - HOUR_MS));
  const bytes = await archive.read(key);
  const signed = bytes && parseDigest(bytes);
  return signed && { key, hash: sha256(bytes), signed };
}

/** One hour: its digest, what it follows, and each file that it names. */
export async function verifyDigest(
  run: Run,
  place: Place,
  hour: Hour,
  previous: Link | undefined,
): Promise<Link> {
  const { archive, found } = run;
  const key = digestKey(place, hour);
  const { hash, signed } = await readDigest(run, key);
  const { digest } = signed;
  verifyLink(run, key, signed, previous);
  for (const file of digest.logFiles) {
    const hash = await archive.hash(file.s3Object);
    if (hash === undefined) throw new Tampered(file.s3Object, `The file is missing: ${key} names it.`);
    if (hash !== file.hashValue) throw new Tampered(file.s3Object, `It is not what ${key} says.`);
  }
  if (place.accountId !== ALL_ACCOUNTS) count(found, digest);
  return { key, hash, signed };
}

function count(found: Verified, { logFiles }: SignedDigest['digest']): void {
  found.digests++;
  found.logFiles += logFiles.length;
  found.events += logFiles.reduce((sum, { eventCount }) => sum + eventCount, 0);
}

/** A digest that is what its name says, and signed with a trusted key. */
export async function readDigest({ archive, keys }: Run, key: string): Promise<Link> {
  const bytes = await archive.read(key);
  if (!bytes) throw new Tampered(key, 'The digest of this hour is missing.');
  const signed = parseDigest(bytes);
  if (!signed) throw new Tampered(key, 'This is no digest file.');
  const { digestPublicKeyFingerprint: fingerprint, digestS3Object } = signed.digest;
  const publicKey = keys.get(fingerprint);
  if (publicKey === undefined)
    throw new Tampered(key, `It is signed with a key that is not trusted: ${fingerprint}.`);
  if (!isSignedBy(signed, publicKey)) throw new Tampered(key, 'Its signature is wrong.');
  if (digestS3Object !== key) throw new Tampered(key, `It was written as ${digestS3Object}.`);
  return { key, hash: sha256(bytes), signed };
}

function verifyLink(
  { request }: Run,
  key: string,
  { digest }: SignedDigest,
  previous: Link | undefined,
): void {
  const { previousDigestS3Object, previousDigestHashValue, previousDigestSignature } = digest;
  if (previous) {
    const linked =
      previousDigestS3Object === previous.key &&
      previousDigestHashValue === previous.hash &&
      previousDigestSignature === previous.signed.signature;
    if (!linked) throw new Tampered(previous.key, `It is not the digest that ${key} follows.`);
    return;
  }
  if (previousDigestS3Object === null) return;
  // The one before lies before what is asked for, and need not be kept.
  const { hour } = parseDigestKey(previousDigestS3Object) ?? {};
  if (request.first !== undefined && hour !== undefined && hour < request.first) return;
  throw new Tampered(previousDigestS3Object, `The digest is missing: ${key} follows it.`);
}
