import { statSync } from 'node:fs';
import { join } from 'node:path';
import { AccessKey, newSecret, ROLES, ROOT_USER } from './identity/accessKey.ts';
import { editKeyFile, readKeyFile } from './identity/accessKeyFile.ts';

/** How long a deleted key may go on working; looking more often costs a system call per request. */
const RECHECK_MS = 1000;

/** Where the access keys are kept: a file that only its owner may read. */
export function accessKeysFile(dataDir: string): string {
  return join(dataDir, 'access-keys.json');
}

/**
 * The root key that the environment sets; it is never written to disk.
 * @throws Error naming the variable that is missing or unfit
 */
export function rootKeyFromEnv(
  env: Readonly<Record<string, string | undefined>>,
  accountId: string,
): AccessKey | undefined {
  const accessKeyId = env.SWITCHBOARD_ACCESS_KEY_ID;
  const secretAccessKey = env.SWITCHBOARD_SECRET_ACCESS_KEY;
  if (!accessKeyId && !secretAccessKey) return undefined;
  if (!accessKeyId || !secretAccessKey) {
    throw new Error('Set both SWITCHBOARD_ACCESS_KEY_ID and SWITCHBOARD_SECRET_ACCESS_KEY, or neither.');
  }
  const parsed = AccessKey.safeParse({ ...rootEntry(accountId), accessKeyId, secretAccessKey });
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new Error(`${variableOf(issue?.path[0])} ${issue?.message}.`);
}

/** Makes the account's root key when it has no admin key yet. Answers the key that was made, else nothing. */
export function ensureRootKey(file: string, accountId: string, now: () => number): AccessKey | undefined {
  let made: AccessKey | undefined;
  editKeyFile(file, keys => {
    if (keys.some(key => key.role === 'admin' && key.accountId === accountId)) return undefined;
    made = { ...rootEntry(accountId, now()), ...newSecret() };
    return [...keys, made];
  });
  return made;
}

export interface AccessKeysOptions {
  file: string;
  /** The environment's key; it outranks an entry of the file with the same id. */
  root?: AccessKey | undefined;
  /** Epoch milliseconds. */
  now: () => number;
  /** Told once per unreadable state of the file; holds no secret. */
  onProblem: (message: string) => void;
}

/** The keys as a running server sees them. */
export interface AccessKeys {
  find(accessKeyId: string): AccessKey | undefined;
}

/** Reads the keys and follows edits of the file. A file that cannot be read holds no keys: it fails closed. */
export function openAccessKeys({ file, root, now, onProblem }: AccessKeysOptions): AccessKeys {
  let keys = new Map<string, AccessKey>();
  let version: string | undefined;
  let checkedAt = Number.NEGATIVE_INFINITY;

  function refresh(): void {
    const at = now();
    // A clock that was set back must not stop the checks.
    if (Math.abs(at - checkedAt) < RECHECK_MS) return;
    checkedAt = at;
    const current = versionOf(file);
    if (current === version) return;
    version = current;
    keys = new Map(load(file, onProblem).map(key => [key.accessKeyId, key]));
  }

  refresh();
  return {
    find(accessKeyId) {
      if (root && root.accessKeyId === accessKeyId) return root;
      refresh();
      return keys.get(accessKeyId);
    },
  };
}

function load(file: string, onProblem: (message: string) => void): AccessKey[] {
  try {
    return readKeyFile(file);
  } catch (error) {
    onProblem((error as Error).message);
    return [];
  }
}

/** Changes whenever the file is replaced or edited in place. */
function versionOf(file: string): string {
  try {
    const { ino, mtimeNs, ctimeNs, size } = statSync(file, { bigint: true });
    return `${ino}/${mtimeNs}/${ctimeNs}/${size}`;
  } catch (error) {
    return String((error as NodeJS.ErrnoException).code);
  }
}

function rootEntry(accountId: string, at = 0) {
  return { accountId, role: ROLES[0], userName: ROOT_USER, createdAt: new Date(at).toISOString() };
}

function variableOf(member: PropertyKey | undefined): string {
  if (member === 'accessKeyId') return 'SWITCHBOARD_ACCESS_KEY_ID';
  return member === 'secretAccessKey' ? 'SWITCHBOARD_SECRET_ACCESS_KEY' : 'SWITCHBOARD_ACCOUNT_ID';
}
