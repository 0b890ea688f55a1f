import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { type Bundle, build, functionNames } from '../../scripts/build.ts';

export const PROJECT_ROOT = resolve(import.meta.dirname, '..', '..');

/** A bundle of the project's own build, in a folder of its own. */
export interface BuiltFunction {
  name: string;
  file: string;
  bytes: number;
  /** Files that went into it, as paths below `node_modules/` or the project. */
  sources: string[];
}

/**
 * Builds the given sources as functions, exactly as `npm run build` does, in a temporary folder: what is
 * measured is never stale, and dist/ stays as it is. Remove the folder with `dispose`.
 */
export async function buildFunctions(sources: ReadonlyMap<string, string>) {
  const root = temporaryProject();
  mkdirSync(join(root, 'functions'));
  for (const [name, source] of sources) writeFileSync(join(root, 'functions', `${name}.ts`), source);
  const bundles = await build({ root, only: 'functions', log: () => {} });
  const functions = bundles.map(bundle => describe(root, bundle));
  return { functions, dispose: () => rmSync(root, { recursive: true, force: true }) };
}

/** The sources of functions/, by name. */
export function functionSources(): Map<string, string> {
  return new Map(
    functionNames(PROJECT_ROOT).map(name => [
      name,
      readFileSync(join(PROJECT_ROOT, 'functions', `${name}.ts`), 'utf8'),
    ]),
  );
}

/** Builds the embedded server in a temporary folder; `main` is the file that `npm start` runs. */
export async function buildServer(): Promise<{ main: string; dispose: () => void }> {
  const root = temporaryProject();
  for (const folder of ['local', 'functions']) symlinkSync(join(PROJECT_ROOT, folder), join(root, folder));
  await build({ root, only: 'local', log: () => {} });
  return {
    main: join(root, 'dist', 'local', 'main.mjs'),
    dispose: () => rmSync(root, { recursive: true, force: true }),
  };
}

function temporaryProject(): string {
  const root = mkdtempSync(join(tmpdir(), 'switchboard-bench-'));
  copyFileSync(join(PROJECT_ROOT, 'package.json'), join(root, 'package.json'));
  for (const folder of ['lib', 'node_modules']) symlinkSync(join(PROJECT_ROOT, folder), join(root, folder));
  return root;
}

function describe(root: string, { name, bytes, sources = [] }: Bundle): BuiltFunction {
  const file = join(root, 'dist', name);
  return { name: basename(dirname(name)), file, bytes, sources: sources.map(belowModules) };
}

function belowModules(source: string): string {
  const [, path] = /^.*node_modules\/(.*)$/.exec(source) ?? [];
  return path ?? source;
}
