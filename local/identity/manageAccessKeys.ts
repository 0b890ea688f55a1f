import { AccessKey, newSecret, ROOT_USER, type Role } from './accessKey.ts';
import { editKeyFile, readKeyFile } from './accessKeyFile.ts';

/** What `npm run keys` may not do; its message is meant for the terminal. */
export class AccessKeyError extends Error {
  override readonly name = 'AccessKeyError';
}

export interface NewAccessKey {
  role: Role;
  accountId: string;
  /** Made from role and key id when left out. */
  userName?: string;
}

/**
 * Adds a key to the file.
 * @throws AccessKeyError when a value is unfit
 */
export function createAccessKey(file: string, wanted: NewAccessKey, now: () => number): AccessKey {
  if (wanted.userName === ROOT_USER) throw new AccessKeyError(`The name "${ROOT_USER}" is the root key's.`);
  const secret = newSecret();
  const userName = wanted.userName ?? `${wanted.role}-${secret.accessKeyId.slice(-6).toLowerCase()}`;
  const createdAt = new Date(now()).toISOString();
  const parsed = AccessKey.safeParse({ ...secret, ...wanted, userName, createdAt });
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new AccessKeyError(`${String(issue?.path[0])} ${issue?.message}.`);
  }
  editKeyFile(file, keys => [...keys, parsed.data]);
  return parsed.data;
}

/**
 * Removes a key from the file; a running server stops accepting it within about a second.
 * @param otherAdmin whether an admin key exists outside the file (the environment's)
 * @throws AccessKeyError when the key is unknown or the last admin key
 */
export function deleteAccessKey(file: string, accessKeyId: string, otherAdmin = false): void {
  editKeyFile(file, keys => {
    const rest = keys.filter(key => key.accessKeyId !== accessKeyId);
    if (rest.length === keys.length) throw new AccessKeyError(`There is no access key ${accessKeyId}.`);
    const wasAdmin = keys.some(key => key.accessKeyId === accessKeyId && key.role === 'admin');
    if (wasAdmin && !otherAdmin && !rest.some(key => key.role === 'admin')) {
      throw new AccessKeyError('This is the last admin key: create another one before deleting it.');
    }
    return rest;
  });
}

/** The keys in the file, oldest first. */
export function listAccessKeys(file: string): AccessKey[] {
  return readKeyFile(file);
}
