import { createHash, randomBytes } from 'node:crypto';
import * as z from 'zod';

export const ROLES = ['admin', 'operator', 'auditor'] as const;
export type Role = (typeof ROLES)[number];

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** The user that the root key stands for; no other key may take the name. */
export const ROOT_USER = 'root';

/** An entry of the access keys file. */
export const AccessKey = z.strictObject({
  accessKeyId: z.string().regex(/^\w{3,128}$/, 'must be 3 to 128 letters, digits or _'),
  secretAccessKey: z.string().min(16, 'must have at least 16 characters').max(256),
  accountId: z.string().regex(/^\d{12}$/, 'must be 12 digits'),
  role: z.enum(ROLES),
  // IAM's own pattern for user names.
  userName: z.string().regex(/^[\w+=,.@-]{1,64}$/, 'may hold letters, digits and _+=,.@-, at most 64'),
  createdAt: z.iso.datetime(),
});
export type AccessKey = z.output<typeof AccessKey>;

/** What identity policies and audit events call the holder of a key (IAM ARN formats). */
export function arnOf({ accountId, userName }: Pick<AccessKey, 'accountId' | 'userName'>): string {
  return userName === ROOT_USER
    ? `arn:aws:iam::${accountId}:root`
    : `arn:aws:iam::${accountId}:user/${userName}`;
}

/** Stable for a user however many keys it has; the root user's is its account, as in CloudTrail. */
export function principalIdOf({ accountId, userName }: Pick<AccessKey, 'accountId' | 'userName'>): string {
  if (userName === ROOT_USER) return accountId;
  const digest = createHash('sha256').update(`${accountId}/${userName}`).digest('hex');
  return `SWBU${digest.slice(0, 16).toUpperCase()}`;
}

/** A new id (`SWBK` and 80 random bits) and secret (240 bits in 40 characters that a shell takes as they are). */
export function newSecret(): Pick<AccessKey, 'accessKeyId' | 'secretAccessKey'> {
  const id = Array.from(randomBytes(16), byte => BASE32[byte % 32]).join('');
  return { accessKeyId: `SWBK${id}`, secretAccessKey: randomBytes(30).toString('base64url') };
}
