import type { AccessKey } from './accessKey.ts';

/**
 * What a person is shown of a new key: lines to paste into a shell on a terminal; anywhere else (a log, a
 * pipe) only the file that holds the secret.
 */
export function showKey(key: AccessKey, file: string, terminal: boolean): string {
  if (!terminal) return `Access key ${key.accessKeyId} (${key.role}): its secret is in ${file}`;
  return [
    `export AWS_ACCESS_KEY_ID=${key.accessKeyId}`,
    `export AWS_SECRET_ACCESS_KEY=${key.secretAccessKey}`,
  ].join('\n');
}
