import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { type AccessKey, newSecret, ROOT_USER } from './accessKey.ts';

/** Long enough to find the terminal again; a link that nobody used is worth nothing later. */
const LINK_LIFE_MS = 15 * 60_000;

/** A working day. */
const SESSION_LIFE_MS = 12 * 3_600_000;

/** What a browser gets for a code. */
export interface Session extends Pick<AccessKey, 'accessKeyId' | 'secretAccessKey' | 'userName' | 'role'> {
  /** ISO 8601. */
  expiresAt: string;
}

export interface SignIn {
  /** Of the link: 256 random bits. */
  code: string;
  /** The session that the code stands for, once and in time. */
  exchange(code: string): Session | undefined;
  /** The access key of a session that goes on. */
  find(accessKeyId: string): AccessKey | undefined;
  /** Ends a session; its secret shows that it is the holder's wish. */
  end(accessKeyId: string, secretAccessKey: string): void;
}

export interface SignInOptions {
  accountId: string;
  /** Epoch milliseconds. */
  now: () => number;
  /** Told when the code was used: it is worth nothing from then on. */
  onUsed: () => void;
}

/**
 * A sign-in link of one start of the server. It stands for an access key of the root user that lives in memory alone,
 * for 12 hours at most, never for the root key itself.
 */
export function createSignIn({ accountId, now, onUsed }: SignInOptions): SignIn {
  const code = randomBytes(32).toString('base64url');
  const madeAt = now();
  let wanted: Buffer | undefined = digest(code);
  let session: { key: AccessKey; expiresAt: number } | undefined;
  const find = (accessKeyId: string) =>
    session && session.expiresAt > now() && session.key.accessKeyId === accessKeyId ? session.key : undefined;
  return {
    code,
    exchange(given) {
      const isGood = wanted && now() - madeAt < LINK_LIFE_MS && timingSafeEqual(digest(given), wanted);
      if (!isGood) return undefined;
      wanted = undefined;
      session = newSession(accountId, now());
      onUsed();
      const { accessKeyId, secretAccessKey, userName, role } = session.key;
      const expiresAt = new Date(session.expiresAt).toISOString();
      return { accessKeyId, secretAccessKey, userName, role, expiresAt };
    },
    find,
    end(accessKeyId, secretAccessKey) {
      const key = find(accessKeyId);
      if (key && timingSafeEqual(digest(key.secretAccessKey), digest(secretAccessKey))) session = undefined;
    },
  };
}

function newSession(accountId: string, at: number) {
  const key: AccessKey = {
    ...newSecret(),
    accountId,
    role: 'admin',
    userName: ROOT_USER,
    createdAt: new Date(at).toISOString(),
  };
  return { key, expiresAt: at + SESSION_LIFE_MS };
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
