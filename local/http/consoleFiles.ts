import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { contentTypeOf } from '../../lib/console/files.ts';

/** One file of the built console. */
export interface ConsoleFile {
  type: string;
  bytes: Buffer;
  /** Compressed when it is first asked for. */
  gzipped(): Buffer;
}

/** The built console; nothing where it was not built. */
export interface ConsoleFiles {
  index: ConsoleFile;
  /** By name. Their names hold a hash of what is in them. */
  assets: ReadonlyMap<string, ConsoleFile>;
}

/** Reads all of it once: it is a few megabytes, and no request then names a file of the disk. */
export function loadConsole(folder: string): ConsoleFiles | undefined {
  const index = join(folder, 'index.html');
  if (!existsSync(index)) return undefined;
  const assets = join(folder, 'assets');
  return {
    index: read(index),
    assets: new Map(readdirSync(assets).map(name => [name, read(join(assets, name))])),
  };
}

function read(path: string): ConsoleFile {
  const bytes = readFileSync(path);
  let gzipped: Buffer | undefined;
  return {
    type: contentTypeOf(path),
    bytes,
    gzipped() {
      gzipped ??= gzipSync(bytes);
      return gzipped;
    },
  };
}
