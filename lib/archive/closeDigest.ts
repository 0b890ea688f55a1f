import {
  type Digest,
  type DigestSigner,
  fingerprintOf,
  formatDigest,
  type LogFile,
  parseDigest,
  sha256,
  signDigest,
} from './digest.ts';
import { HOUR_MS, type Hour, startOf } from './hours.ts';
import { timesOf } from './logFiles.ts';
import { digestKey, type Place, parseLogFileKey } from './names.ts';
import type { ArchiveSink } from './sink.ts';

export interface DigestDeps {
  sink: ArchiveSink;
  signer: DigestSigner;
}

/** The last digest of a chain. */
export interface ChainEnd {
  /** The hour of it. */
  hour: Hour;
  digestS3Object: string;
  hashValue: string;
  signature: string;
}

export interface Closed {
  end: ChainEnd;
  /** The digest, as another one names it. */
  file: LogFile;
  /** Whether the digest, or any file of it, was there already: events may have come to light since then. */
  adopted: boolean;
  /** Events in it; those that happened in earlier hours. */
  events: number;
  late: number;
}

/**
 * Writes the digest of an hour over `files`, which are made unless it is there: one that exists stands.
 * @throws Error when the digest that is there cannot be read
 */
export async function closeDigest(
  { sink, signer }: DigestDeps,
  place: Place,
  hour: Hour,
  previous: ChainEnd | undefined,
  files: () => Promise<{ files: LogFile[]; adopted: boolean }>,
): Promise<Closed> {
  const key = digestKey(place, hour);
  const existing = await sink.read(key);
  if (existing) return closedBy(existing, key, hour, true);
  const { files: logFiles, adopted } = await files();
  const digest = digestOf({ place, hour, key, previous, logFiles, signer });
  const bytes = formatDigest(await signDigest(digest, signer));
  if (await sink.create(key, bytes)) return closedBy(bytes, key, hour, adopted);
  const other = await sink.read(key);
  if (!other) throw new Error(`${key} could be neither created nor read.`);
  return closedBy(other, key, hour, true);
}

function digestOf(parts: {
  place: Place;
  hour: Hour;
  key: string;
  previous: ChainEnd | undefined;
  logFiles: LogFile[];
  signer: DigestSigner;
}): Digest {
  const { place, hour, key, previous, logFiles, signer } = parts;
  return {
    awsAccountId: place.accountId,
    awsRegion: place.region,
    digestStartTime: secondsOf(startOf(hour)),
    digestEndTime: secondsOf(startOf(hour) + HOUR_MS),
    digestS3Object: key,
    digestPublicKeyFingerprint: fingerprintOf(signer.publicKeyPem),
    digestSignatureAlgorithm: signer.algorithm,
    ...timesOf(logFiles),
    previousDigestS3Object: previous?.digestS3Object ?? null,
    previousDigestHashAlgorithm: previous ? 'SHA-256' : null,
    previousDigestHashValue: previous?.hashValue ?? null,
    previousDigestSignature: previous?.signature ?? null,
    logFiles,
  };
}

/** CloudTrail's times have no finer grain. */
function secondsOf(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

function closedBy(bytes: Uint8Array, key: string, hour: Hour, adopted: boolean): Closed {
  const signed = parseDigest(bytes);
  if (!signed) throw new Error(`${key} is no digest file.`);
  const { logFiles, oldestEventTime, newestEventTime } = signed.digest;
  const hashValue = sha256(bytes);
  const sum = (files: readonly LogFile[]) => files.reduce((total, file) => total + file.eventCount, 0);
  const late = logFiles.filter(({ s3Object }) => (parseLogFileKey(s3Object)?.eventHour ?? hour) < hour);
  const events = sum(logFiles);
  return {
    end: { hour, digestS3Object: key, hashValue, signature: signed.signature },
    file: {
      ...{ s3Object: key, hashAlgorithm: 'SHA-256', hashValue },
      ...{ oldestEventTime, newestEventTime, eventCount: events },
    },
    adopted,
    events,
    late: sum(late),
  };
}
