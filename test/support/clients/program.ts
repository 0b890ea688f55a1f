import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const GUARD = new URL('./loopbackOnly.ts', import.meta.url).href;

/** Where client programs run: with a home of their own, without anything to open a browser, on loopback only. */
export interface Sandbox {
  env: Record<string, string>;
  /** Hosts beyond loopback that a program tried to reach. */
  strayed(): string[];
  remove(): void;
}

/** Makes a sandbox; settings and caches that programs write go with it. */
export function newSandbox(): Sandbox {
  const home = mkdtempSync(join(tmpdir(), 'switchboard-client-'));
  const log = join(home, 'left-loopback');
  writeFileSync(log, '');
  return {
    env: { HOME: home, PATH: home, NODE_OPTIONS: `--import ${GUARD}`, LEFT_LOOPBACK: log, DO_NOT_TRACK: '1' },
    strayed: () => readFileSync(log, 'utf8').split('\n').filter(Boolean),
    remove: () => rmSync(home, { recursive: true, force: true }),
  };
}

/** The file of a package's program. */
export function programOf(path: string): string {
  return new URL(`../../../node_modules/${path}`, import.meta.url).pathname;
}
