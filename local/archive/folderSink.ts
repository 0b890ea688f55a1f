import { randomUUID } from 'node:crypto';
import { link, mkdir, open, readdir, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ArchiveSink } from '../../lib/archive/sink.ts';

/** Beside the archive's own folders: what a crash leaves here is no part of it. */
const UNFINISHED = '.unfinished';

/**
 * An archive in a folder, for its owner alone. A file is written elsewhere, flushed to the disk, and then linked to its
 * place: linking, unlike renaming, never replaces.
 */
export function folderSink(root: string): ArchiveSink {
  return {
    async create(key, bytes) {
      const path = join(root, key);
      await makeFolder(dirname(path));
      const unfinished = join(root, UNFINISHED, randomUUID());
      await makeFolder(dirname(unfinished));
      try {
        await writeFlushed(unfinished, bytes);
        const created = await unless('EEXIST', link(unfinished, path));
        if (created) await flush(dirname(path));
        return created;
      } finally {
        await rm(unfinished, { force: true });
      }
    },
    async read(key) {
      let bytes: Uint8Array | undefined;
      await unless(
        'ENOENT',
        readFile(join(root, key)).then(read => {
          bytes = read;
        }),
      );
      return bytes;
    },
    async list(prefix) {
      let names: string[] = [];
      await unless(
        'ENOENT',
        readdir(join(root, prefix)).then(found => {
          names = found;
        }),
      );
      return names.sort().map(name => `${prefix}${name}`);
    },
  };
}

/** Removes what earlier processes did not finish. One process at a time writes to a data folder. */
export async function removeUnfinished(root: string): Promise<void> {
  await rm(join(root, UNFINISHED), { recursive: true, force: true });
}

/** Makes a folder and those above it, and sees to it that it outlasts a crash. */
async function makeFolder(folder: string): Promise<void> {
  // The topmost that was not there, as a path of the same form.
  const first = await mkdir(folder, { recursive: true, mode: 0o700 });
  if (first === undefined) return;
  for (let made = folder; made.length >= first.length; made = dirname(made)) await flush(dirname(made));
}

async function writeFlushed(path: string, bytes: Uint8Array): Promise<void> {
  await using file = await open(path, 'wx', 0o600);
  await file.writeFile(bytes);
  await file.sync();
}

async function flush(folder: string): Promise<void> {
  await using handle = await open(folder, 'r');
  await handle.sync();
}

/** Whether the work went well; other failures than the one that is named are thrown. */
async function unless(code: string, work: Promise<void>): Promise<boolean> {
  try {
    await work;
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === code) return false;
    throw error;
  }
}
