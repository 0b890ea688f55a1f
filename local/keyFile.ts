import { createSecretKey, hkdfSync, randomBytes } from 'node:crypto';
import { join, resolve } from 'node:path';
import type { VaultKey } from '../lib/credentials/keyFileVault.ts';
import { createOnce, readPrivate, replace } from './keyFileDisk.ts';
import {
  formatKeyFile,
  ID_BYTES,
  KEY_BYTES,
  type KeyFile,
  KeyFileError,
  parseKeyFile,
  type StoredKey,
} from './keyFileFormat.ts';

export interface OpenKeyFileOptions {
  path: string;
  /**
   * Whether the data folder already had a database. Must be found out before this call: a starter beside this
   * one makes the key file first and the database second.
   */
  databaseExists: boolean;
  /** Epoch milliseconds. */
  now: () => number;
}

/** Where the key file is: `SWITCHBOARD_KEY_FILE`, else in the data folder. */
export function keyFilePath(env: Readonly<Record<string, string | undefined>>, dataDir: string): string {
  return resolve(env.SWITCHBOARD_KEY_FILE || join(dataDir, 'key-file.json'));
}

/**
 * Reads the key file; makes it at the first start. With a database and no key file it refuses rather than make
 * a new key, under which no stored credential could ever be read. Throws {@link KeyFileError}.
 */
export async function openKeyFile({ path, databaseExists, now }: OpenKeyFileOptions): Promise<KeyFile> {
  const existing = await load(path);
  if (existing) return existing;
  if (databaseExists) throw missing(path);
  const key = newKey(now());
  await createOnce(path, formatKeyFile(key.id, [key]));
  return await loadOrRefuse(path);
}

/**
 * Rotation: adds a key and makes it current; older keys stay, so that what they encrypted stays readable. A
 * running server uses it after its next start. Derived keys change with it. Throws {@link KeyFileError}.
 */
export async function addKey(path: string, now: () => number): Promise<KeyFile> {
  await replace(path, async () => {
    const { keys } = await loadOrRefuse(path);
    const key = newKey(now());
    return formatKeyFile(key.id, [...keys, key]);
  });
  return await loadOrRefuse(path);
}

/** The vault's keys, current one first. The file's material itself encrypts nothing: every use derives its own. */
export function vaultKeys({ keys, currentId }: KeyFile): VaultKey[] {
  const isCurrent = (key: StoredKey) => Number(key.id === currentId);
  return keys
    .toSorted((a, b) => isCurrent(b) - isCurrent(a))
    .map(key => ({ id: key.id, material: derive(key, 'switchboard/vault/1') }));
}

/**
 * 32 bytes for another purpose, such as `page-tokens` (HKDF-SHA256, RFC 5869). The same current key and purpose
 * give the same bytes at every start.
 */
export function deriveKey({ keys, currentId }: KeyFile, purpose: string): Uint8Array {
  const current = keys.find(key => key.id === currentId);
  if (!current) throw new Error('A key file holds its current key');
  return derive(current, `switchboard/purpose/1/${purpose}`);
}

/** The same as {@link deriveKey} from the first key of the file: rotation does not change it. */
export function deriveLastingKey({ keys }: KeyFile, purpose: string): Uint8Array {
  const [first] = keys;
  if (!first) throw new Error('A key file holds at least one key');
  return derive(first, `switchboard/purpose/1/${purpose}`);
}

/** Without salt: the material is uniformly random already (RFC 5869 section 3.1). */
function derive(key: StoredKey, info: string): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', key.material, '', info, KEY_BYTES));
}

function newKey(at: number): StoredKey {
  return {
    id: randomBytes(ID_BYTES).toString('hex'),
    created: new Date(at).toISOString(),
    material: createSecretKey(randomBytes(KEY_BYTES)),
  };
}

async function load(path: string): Promise<KeyFile | undefined> {
  const text = await readPrivate(path);
  return text === undefined ? undefined : parseKeyFile(path, text);
}

async function loadOrRefuse(path: string): Promise<KeyFile> {
  const keyFile = await load(path);
  if (!keyFile) throw missing(path);
  return keyFile;
}

function missing(path: string): KeyFileError {
  return new KeyFileError(
    'MISSING',
    `The key file ${path} is missing, but there is a database whose credentials only its keys can open. ` +
      'Restore it from a backup, or point SWITCHBOARD_KEY_FILE to where it is. To start over without the ' +
      'stored credentials, move the data folder away.',
  );
}
