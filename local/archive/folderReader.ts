import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { ArchiveReader } from '../../lib/archive/verifyRun.ts';

/** Reads an archive in a folder, a copy of a bucket for instance. Never writes. */
export function folderReader(root: string): ArchiveReader {
  return {
    read: key => orNothing(readFile(join(root, key))),
    hash: key => orNothing(hashOf(join(root, key))),
    async entries(folder) {
      const entries = await orNothing(readdir(join(root, folder), { withFileTypes: true }));
      return (entries ?? []).map(entry => `${entry.name}${entry.isDirectory() ? '/' : ''}`).sort();
    },
  };
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path, { highWaterMark: 1 << 18 }), hash);
  return hash.digest('hex');
}

/** Nothing where there is no such file, or where it is something else. */
async function orNothing<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EISDIR') return undefined;
    throw error;
  }
}
