import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import * as z from 'zod';
import { AccessKey } from './accessKey.ts';
import { withFileLock } from './fileLock.ts';

const KeyFile = z.strictObject({ version: z.literal(1), keys: z.array(AccessKey) });

/**
 * The keys in the file; none when there is no file.
 * @throws Error naming the file and the entry, never a value of it
 */
export function readKeyFile(file: string): AccessKey[] {
  const text = readText(file);
  if (text === undefined) return [];
  const parsed = KeyFile.safeParse(parseJson(file, text));
  if (parsed.success) return parsed.data.keys;
  const where = parsed.error.issues[0]?.path.join('.') ?? '';
  throw new Error(`The access keys file ${file} is not valid at "${where}": correct it or move it away.`);
}

/**
 * Changes the keys in the file: no other process edits it meanwhile, readers see the old or the new file,
 * and only its owner may read it. `change` returns the keys to write, or nothing to leave the file as it is.
 */
export function editKeyFile(file: string, change: (keys: AccessKey[]) => AccessKey[] | undefined): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  withFileLock(`${file}.lock`, () => {
    const keys = change(readKeyFile(file));
    if (keys) replaceFile(file, `${JSON.stringify({ version: 1, keys }, null, 2)}\n`);
    else restrict(file);
  });
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new Error(`Cannot read the access keys file ${file} (${(error as NodeJS.ErrnoException).code}).`);
  }
}

function parseJson(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own message quotes the text, which holds secrets.
    throw new Error(`The access keys file ${file} is not valid JSON: correct it or move it away.`);
  }
}

function replaceFile(file: string, text: string): void {
  const draft = `${file}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    const handle = openSync(draft, 'wx', 0o600);
    try {
      writeSync(handle, text);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    renameSync(draft, file);
  } finally {
    rmSync(draft, { force: true });
  }
}

function restrict(file: string): void {
  try {
    chmodSync(file, 0o600);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}
