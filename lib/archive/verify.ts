import { fingerprintOf, isSignedBy, parseDigest, type SignedDigest, sha256 } from './digest.ts';
import { HOUR_MS, type Hour, hoursBetween, startOf } from './hours.ts';
import {
  ACCOUNTS_ROOT,
  ALL_ACCOUNTS,
  DIGEST_FOLDER,
  digestKey,
  LOG_FOLDER,
  type Place,
  parseDigestKey,
  parseLogFileKey,
  placeFolder,
  ROOT,
} from './names.ts';

/** An archive as an auditor has it. */
export interface ArchiveReader {
  read(key: string): Promise<Uint8Array | undefined>;
  /** SHA-256 in hex, of a file of any size. */
  hash(key: string): Promise<string | undefined>;
  /** Files and folders in a folder, sorted; folders end in a slash. Nothing where there is no such folder. */
  entries(folder: string): Promise<string[]>;
}

export interface VerifyRequest {
  /** Hours that are closed from the first to the last, both included. From the chain's beginning when left out. */
  first?: Hour;
  last: Hour;
  /** Accounts that must be there; all that are found when left out. */
  accounts?: readonly string[];
  /** The public keys that are trusted, as PEM. */
  publicKeys: readonly string[];
}

export interface Verified {
  /** What is wrong first, if anything: by account and region, then by hour. */
  problem?: { file: string; reason: string };
  chains: (Place & { first: Hour; last: Hour })[];
  digests: number;
  logFiles: number;
  events: number;
}

/** Something that is not as it was written. */
class Tampered extends Error {
  readonly file: string;
  constructor(file: string, reason: string) {
    super(reason);
    this.file = file;
  }
}

interface Run {
  archive: ArchiveReader;
  request: VerifyRequest;
  keys: ReadonlyMap<string, string>;
  found: Verified;
}

/**
 * Proves that nothing of the hours asked for was changed, removed, inserted or reordered: each hour of a chain has its
 * digest, signed and chained to the one before; each file is as its digest says; and there is no other file.
 */
export async function verifyArchive(archive: ArchiveReader, request: VerifyRequest): Promise<Verified> {
  const keys = new Map(request.publicKeys.map(pem => [fingerprintOf(pem), pem]));
  const found: Verified = { chains: [], digests: 0, logFiles: 0, events: 0 };
  const run: Run = { archive, request, keys, found };
  if (request.first !== undefined && request.first > request.last) {
    throw new RangeError('There is no hour to verify: the range ends before it begins.');
  }
  try {
    for (const place of await placesOf(run)) await verifyChain(run, place);
    for (const place of await accountsPlaces(run)) await verifyChain(run, place);
  } catch (error) {
    if (!(error instanceof Tampered)) throw error;
    found.problem = { file: error.file, reason: error.message };
  }
  return found;
}

/** The chains that say which accounts there are; of no use to whoever has, or asks for, some of them. */
async function accountsPlaces({ archive, request }: Run): Promise<Place[]> {
  if (request.accounts) return [];
  const regions = await foldersIn(archive, `${ACCOUNTS_ROOT}/`);
  if (regions.length === 0) throw new Tampered(`${ACCOUNTS_ROOT}/`, 'There is no digest of all accounts.');
  return regions.map(region => ({ accountId: ALL_ACCOUNTS, region }));
}

/** The chains there are, by account and region. */
async function placesOf({ archive, request }: Run): Promise<Place[]> {
  const places: Place[] = [];
  const accounts = (await foldersIn(archive, `${ROOT}/`)).filter(
    accountId => request.accounts?.includes(accountId) ?? true,
  );
  for (const accountId of accounts) {
    const folder = `${ROOT}/${accountId}/`;
    const kinds = await foldersIn(archive, folder);
    const strange = kinds.find(kind => kind !== LOG_FOLDER && kind !== DIGEST_FOLDER);
    if (strange !== undefined)
      throw new Tampered(`${folder}${strange}/`, 'Switchboard makes no such folder.');
    const regions = new Set<string>();
    for (const kind of kinds)
      for (const region of await foldersIn(archive, `${folder}${kind}/`)) regions.add(region);
    for (const region of [...regions].sort()) places.push({ accountId, region });
  }
  const missing = request.accounts?.find(account => !places.some(({ accountId }) => accountId === account));
  if (missing !== undefined) throw new Tampered(`${ROOT}/${missing}/`, 'There is nothing of this account.');
  if (places.length === 0) throw new Tampered(`${ROOT}/`, 'There is no archive.');
  return places;
}

/** The names of folders in a folder that may have nothing else. */
async function foldersIn(archive: ArchiveReader, folder: string): Promise<string[]> {
  const entries = await archive.entries(folder);
  const file = entries.find(entry => !entry.endsWith('/'));
  if (file !== undefined) throw new Tampered(`${folder}${file}`, 'No digest names this file.');
  return entries.map(entry => entry.slice(0, -1));
}

async function verifyChain(run: Run, place: Place): Promise<void> {
  const { request, found } = run;
  const hours = await digestHours(run, place);
  const earliest = hours[0];
  const first = request.first ?? earliest;
  if (first === undefined || earliest === undefined) {
    throw new Tampered(digestKey(place, first ?? request.last), 'There is no digest at all.');
  }
  if (earliest > request.last) return await refuseUnlessLater(run, place, earliest);
  const named = new Map<string, Hour>();
  let previous = await before(run, place, first);
  for (const hour of hoursBetween(first < earliest ? earliest : first, request.last)) {
    const key = digestKey(place, hour);
    previous = await verifyDigest(run, place, hour, previous);
    for (const { s3Object } of previous.signed.digest.logFiles) {
      if (named.has(s3Object)) throw new Tampered(key, `It names ${s3Object}, as an earlier digest does.`);
      named.set(s3Object, hour);
    }
  }
  if (place.accountId === ALL_ACCOUNTS) return;
  await refuseOthers(run, place, { first, last: request.last, named });
  found.chains.push({ ...place, first: first < earliest ? earliest : first, last: request.last });
}

/** A chain that begins after the hours asked for has nothing of them; one that was cut off has not got less to show. */
async function refuseUnlessLater(run: Run, place: Place, earliest: Hour): Promise<void> {
  const { signed } = await readDigest(run, digestKey(place, earliest));
  if (signed.digest.previousDigestS3Object === null) return;
  throw new Tampered(digestKey(place, run.request.last), 'The digest of this hour is missing.');
}

interface Link {
  key: string;
  hash: string;
  signed: SignedDigest;
}

/** The digest before the first one that is asked for, where the archive still has it. */
async function before({ archive }: Run, place: Place, first: Hour): Promise<Link | undefined> {
  const hour = new Date(startOf(first) - HOUR_MS).toISOString().slice(0, 13);
  const key = digestKey(place, hour);
  const bytes = await archive.read(key);
  const signed = bytes && parseDigest(bytes);
  return signed && { key, hash: sha256(bytes), signed };
}

async function verifyDigest(run: Run, place: Place, hour: Hour, previous: Link | undefined): Promise<Link> {
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
async function readDigest({ archive, keys }: Run, key: string): Promise<Link> {
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

/** The hours of a place that have a digest, in order. */
async function digestHours({ archive }: Run, place: Place): Promise<Hour[]> {
  const hours: Hour[] = [];
  for await (const key of filesOf(archive, DIGEST_FOLDER, place)) {
    const name = parseDigestKey(key);
    if (!name) throw new Tampered(key, 'Switchboard writes no such file.');
    hours.push(name.hour);
  }
  return hours.sort();
}

/** Whatever hour its events are of: a file that was archived in the hours asked for is in a digest of theirs. */
async function refuseOthers(
  { archive }: Run,
  place: Place,
  range: { first: Hour; last: Hour; named: ReadonlyMap<string, Hour> },
): Promise<void> {
  for await (const key of filesOf(archive, LOG_FOLDER, place)) {
    const name = parseLogFileKey(key);
    if (!name) throw new Tampered(key, 'Switchboard writes no such file.');
    const asked = name.closedHour >= range.first && name.closedHour <= range.last;
    if (asked && range.named.get(key) !== name.closedHour)
      throw new Tampered(key, 'No digest names this file.');
  }
}

/** The files of a place, from folders of years, months and days. */
async function* filesOf(archive: ArchiveReader, kind: string, place: Place): AsyncGenerator<string> {
  const top = placeFolder(kind, place);
  for (const year of await foldersIn(archive, top)) {
    for (const month of await foldersIn(archive, `${top}${year}/`)) {
      for (const day of await foldersIn(archive, `${top}${year}/${month}/`)) {
        const folder = `${top}${year}/${month}/${day}/`;
        for (const entry of await archive.entries(folder)) yield `${folder}${entry}`;
      }
    }
  }
}
