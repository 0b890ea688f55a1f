import { createHash } from 'node:crypto';
import { open, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ArchiveReader } from '../../lib/archive/verifyRun.ts';

const BUFFER_BYTES = 64 * 1024;

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

/** Through one buffer: whatever the archive holds, this takes no more memory. */
async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  const buffer = Buffer.allocUnsafe(BUFFER_BYTES);
  await using file = await open(path);
  for (;;) {
    const { bytesRead } = await file.read(buffer);
    if (bytesRead === 0) return hash.digest('hex');
    hash.update(buffer.subarray(0, bytesRead));
  }
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
