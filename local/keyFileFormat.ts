import { createSecretKey, type KeyObject } from 'node:crypto';
import * as z from 'zod';

export type KeyFileErrorCode =
  /** There is no key file, yet there is a database whose credentials it would open. */
  | 'MISSING'
  /** Its mode is wider than 0600. */
  | 'PERMISSIONS'
  | 'DAMAGED'
  /** Another rotation runs, or was interrupted. */
  | 'BUSY'
  /** The file system refuses. */
  | 'UNUSABLE';

/** Why the key file cannot be used, and what to do. Never holds any of the file's content. */
export class KeyFileError extends Error {
  override readonly name = 'KeyFileError';
  readonly code: KeyFileErrorCode;
  constructor(code: KeyFileErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** One key. A KeyObject prints as nothing, so that no log or dump can carry the material. */
export interface StoredKey {
  id: string;
  /** ISO 8601. */
  created: string;
  material: KeyObject;
}

export interface KeyFile {
  path: string;
  currentId: string;
  /** Oldest first. */
  keys: readonly StoredKey[];
}

/** AES-256, and HKDF-SHA256's own output size. */
export const KEY_BYTES = 32;
/** Ids are of one length: no id begins with another, which the raw AES keyring relies on. */
export const ID_BYTES = 8;

const Content = z
  .strictObject({
    v: z.literal(1),
    current: z.string(),
    keys: z
      .array(
        z.strictObject({
          id: z.string().regex(/^[0-9a-f]{16}$/),
          created: z.iso.datetime(),
          material: z.base64().refine(text => Buffer.from(text, 'base64').length === KEY_BYTES),
        }),
      )
      .min(1),
  })
  .refine(({ keys }) => new Set(keys.map(key => key.id)).size === keys.length, { path: ['keys'] })
  .refine(({ current, keys }) => keys.some(key => key.id === current), { path: ['current'] });

/** The keys in the text of a key file, or a {@link KeyFileError} `DAMAGED` that names the member at fault. */
export function parseKeyFile(path: string, text: string): KeyFile {
  const content = Content.safeParse(jsonOf(text));
  if (!content.success) throw damaged(path, content.error.issues[0]?.path.join('.') ?? '');
  const keys = content.data.keys.map(({ material, ...key }) => ({
    ...key,
    material: createSecretKey(material, 'base64'),
  }));
  return { path, currentId: content.data.current, keys };
}

/** The text of a key file: secret. */
export function formatKeyFile(currentId: string, keys: readonly StoredKey[]): string {
  const listed = keys.map(({ id, created, material }) => ({
    id,
    created,
    material: material.export().toString('base64'),
  }));
  return `${JSON.stringify({ v: 1, current: currentId, keys: listed }, null, 2)}\n`;
}

function damaged(path: string, member: string): KeyFileError {
  const where = member ? ` at "${member}"` : ': it is not a key file in JSON';
  return new KeyFileError(
    'DAMAGED',
    `The key file ${path} is damaged${where}, or was written by a newer version. Restore it from a backup: ` +
      'without it the stored credentials cannot be read.',
  );
}

/** JSON.parse quotes its input in errors, so none of them may get out. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
