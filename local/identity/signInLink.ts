import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ownerOnlyFile } from '../engine/dataDir.ts';

/** A link that signs a browser in, once. */
export interface SignInLink {
  url: string;
  /** Holds the link too, for its owner alone, until it is used. */
  file: string;
}

/** Where the link is while it works. */
export function signInLinkFile(dataDir: string): string {
  return join(dataDir, 'console-sign-in-link');
}

/** The link, kept in a file: what is not a terminal must not be shown it. A fragment is never sent to a server. */
export function writeSignInLink(baseUrl: string, code: string, dataDir: string): SignInLink {
  const file = signInLinkFile(dataDir);
  const url = `${baseUrl}/console/#code=${code}`;
  ownerOnlyFile(file);
  writeFileSync(file, `${url}\n`);
  return { url, file };
}

export function removeSignInLink(dataDir: string): void {
  rmSync(signInLinkFile(dataDir), { force: true });
}
