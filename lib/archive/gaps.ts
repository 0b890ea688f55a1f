import type { ChainEnd } from './closeDigest.ts';
import { sha256 } from './digest.ts';
import { HOUR_MS, type Hour, hourAt, hoursBetween, startOf } from './hours.ts';
import { DIGEST_FOLDER, dayFolder, digestKey, type Place } from './names.ts';
import type { ArchiveSink } from './sink.ts';

/** A chain of digests, from its first hour on. */
export interface Chain {
  place: Place;
  first: Hour;
  end: ChainEnd;
}

/** Hours, up to a chain's end, whose digests are looked for. */
const LOOK_BACK_HOURS = 24;

/**
 * Digests of a chain's last day that somebody has removed, and its last one if that is another than was written.
 * A look that costs two requests or three: only `npm run audit -- verify` proves the whole archive.
 */
export async function gapsOf(sink: ArchiveSink, { place, first, end }: Chain): Promise<string[]> {
  const from = [first, hourAt(startOf(end.hour) - LOOK_BACK_HOURS * HOUR_MS)].sort()[1] ?? first;
  const folders = new Set([from, end.hour].map(hour => dayFolder(DIGEST_FOLDER, place, hour)));
  const there = new Set<string>();
  for (const folder of folders) for (const key of await sink.list(folder)) there.add(key);
  const missing = [...hoursBetween(from, end.hour)].map(hour => digestKey(place, hour));
  const gaps = missing.filter(key => !there.has(key));
  if (gaps.includes(end.digestS3Object)) return gaps;
  const last = await sink.read(end.digestS3Object);
  return last && sha256(last) === end.hashValue ? gaps : [...gaps, end.digestS3Object];
}
