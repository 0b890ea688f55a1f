import { type Hour, hoursBetween } from './hours.ts';
import {
  ALL_ACCOUNTS,
  DIGEST_FOLDER,
  digestKey,
  LOG_FOLDER,
  type Place,
  parseDigestKey,
  parseLogFileKey,
} from './names.ts';
import { before, readDigest, verifyDigest } from './verifyDigest.ts';
import { filesOf, type Run, Tampered } from './verifyRun.ts';

/** One chain of digests: each hour that is asked for, and no other file than they name. */
export async function verifyChain(run: Run, place: Place): Promise<void> {
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
