import type { Hour } from './hours.ts';
import { type Place, placeFolder } from './names.ts';

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
export class Tampered extends Error {
  readonly file: string;
  constructor(file: string, reason: string) {
    super(reason);
    this.file = file;
  }
}

export interface Run {
  archive: ArchiveReader;
  request: VerifyRequest;
  keys: ReadonlyMap<string, string>;
  found: Verified;
}

/** The names of folders in a folder that may have nothing else. */
export async function foldersIn(archive: ArchiveReader, folder: string): Promise<string[]> {
  const entries = await archive.entries(folder);
  const file = entries.find(entry => !entry.endsWith('/'));
  if (file !== undefined) throw new Tampered(`${folder}${file}`, 'No digest names this file.');
  return entries.map(entry => entry.slice(0, -1));
}

/** The files of a place, from folders of years, months and days. */
export async function* filesOf(archive: ArchiveReader, kind: string, place: Place): AsyncGenerator<string> {
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
