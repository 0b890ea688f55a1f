import { randomBytes } from 'node:crypto';
import { type FileHandle, link, mkdir, open, realpath, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { KeyFileError } from './keyFileFormat.ts';

const PRIVATE = 0o600;
/** A thousand rotations take some 100 KB; more is no key file, and not worth reading. */
const MAX_BYTES = 1_000_000;

/** The text of a file that only its owner may use; undefined when there is none. */
export async function readPrivate(path: string): Promise<string | undefined> {
  try {
    await using file = await open(path, 'r');
    await assertPrivate(path, file);
    return await file.readFile('utf8');
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return undefined;
    throw unusable(path, error);
  }
}

/**
 * Creates the file, whole and flushed to disk, unless it exists: of any number of starters one wins, and
 * nobody ever sees a part of it. Linking, unlike renaming, never replaces.
 */
export async function createOnce(path: string, text: string): Promise<void> {
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await writeNew(temporary, text);
    await link(temporary, path).catch(ignore('EEXIST'));
    await flushFolder(path);
  } catch (error) {
    throw unusable(path, error);
  } finally {
    await rm(temporary, { force: true }).catch(() => undefined);
  }
}

/** Replaces the file by what `change` makes of it; one change at a time, so that none is lost. */
export async function replace(path: string, change: () => Promise<string>): Promise<void> {
  const target = await realpath(path).catch(() => path);
  const next = `${target}.new`;
  const file = await open(next, 'wx', PRIVATE).catch(error => {
    throw errnoOf(error) === 'EEXIST' ? busy(next) : unusable(next, error);
  });
  try {
    await writeAndClose(file, change);
    await rename(next, target);
  } catch (error) {
    await rm(next, { force: true });
    throw unusable(path, error);
  }
  await flushFolder(target);
}

async function writeNew(path: string, text: string): Promise<void> {
  await writeAndClose(await open(path, 'wx', PRIVATE), async () => text);
}

async function writeAndClose(file: FileHandle, text: () => Promise<string>): Promise<void> {
  await using open = file;
  await open.writeFile(await text());
  await open.sync();
}

/** Checks the opened file, not its name: the name may point elsewhere a moment later. */
async function assertPrivate(path: string, file: FileHandle): Promise<void> {
  const stat = await file.stat();
  if (!stat.isFile() || stat.size > MAX_BYTES) {
    throw new KeyFileError(
      'DAMAGED',
      `SWITCHBOARD_KEY_FILE must name a key file, or one that can be made: ${path} is not a regular file of a likely size.`,
    );
  }
  // Windows has no such bits; its files belong to their user's profile.
  if (process.platform === 'win32' || (stat.mode & 0o177) === 0) return;
  const mode = (stat.mode & 0o777).toString(8).padStart(4, '0');
  throw new KeyFileError(
    'PERMISSIONS',
    `The key file ${path} has mode ${mode}; only its owner may use it. Close it with: chmod 600 ${quoted(path)}`,
  );
}

/** A new name in a folder survives a power cut only once the folder is flushed too. */
async function flushFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  await using folder = await open(dirname(path), 'r');
  await folder.sync();
}

function quoted(path: string): string {
  return /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`;
}

function busy(next: string): KeyFileError {
  return new KeyFileError(
    'BUSY',
    `Another key rotation is running, or was interrupted: ${next} exists. When none is running, delete it ` +
      '(its key was never used) and try again.',
  );
}

function unusable(path: string, error: unknown): KeyFileError {
  if (error instanceof KeyFileError) return error;
  return new KeyFileError(
    'UNUSABLE',
    `The key file ${path} cannot be used: ${errnoOf(error) ?? 'unknown error'}.`,
  );
}

function errnoOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined;
}

function ignore(errno: string): (error: unknown) => void {
  return error => {
    if (errnoOf(error) !== errno) throw error;
  };
}
