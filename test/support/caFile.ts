import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sharedTestCa } from './certificates.ts';

let folder: string | undefined;

/** The authority of this process's test servers, as a file; see {@link removeCaFile}. */
export async function caFile(): Promise<string> {
  const { caPem } = await sharedTestCa();
  folder ??= mkdtempSync(join(tmpdir(), 'switchboard-ca-'));
  const file = join(folder, 'ca.pem');
  writeFileSync(file, caPem);
  return file;
}

/** Removes the file, if there is one. */
export function removeCaFile(): void {
  if (folder) rmSync(folder, { recursive: true, force: true });
  folder = undefined;
}
