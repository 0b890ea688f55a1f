import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PROJECT_ROOT } from '../engine.ts';
import type { StoredItem } from '../table.ts';
import { fromJson, toJson } from './json.ts';
import { type Kind, kindOf } from './kinds.ts';
import type { Told } from './story.ts';

/** A table as a schema version left it, and what its clients were told. */
export interface StoredTable {
  items: StoredItem[];
  told: Told;
}

const ROOT = join(PROJECT_ROOT, 'test/fixtures/storage');
const TOLD = 'told.json';

/** The schema versions that there are fixtures of, oldest first. */
export function storedVersions(): number[] {
  return readdirSync(ROOT)
    .map(name => Number(/^v(\d+)$/.exec(name)?.[1]))
    .filter(version => version > 0)
    .sort((a, b) => a - b);
}

export function hasFixtures(version: number): boolean {
  return existsSync(folderOf(version));
}

/** The kinds that a version has a file of. */
export function storedKinds(version: number): Kind[] {
  return readdirSync(folderOf(version))
    .filter(name => name !== TOLD)
    .map(name => name.replace(/\.json$/, '') as Kind)
    .sort();
}

/** The items of a version, of one kind or of all. */
export function readStored(version: number, kind?: Kind): StoredItem[] {
  const kinds = kind ? [kind] : storedKinds(version);
  return kinds.flatMap(name => (read(version, `${name}.json`) as unknown[]).map(fromJson));
}

export function readTold(version: number): Told {
  return read(version, TOLD) as Told;
}

/** Writes the fixtures of a version: once, by the last code that writes it. */
export function writeStored(version: number, { items, told }: StoredTable): void {
  const folder = folderOf(version);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const write = (name: string, value: unknown) =>
    writeFileSync(join(folder, name), `${JSON.stringify(value, null, 2)}\n`);
  for (const [kind, ofKind] of Object.entries(Object.groupBy(items, kindOf))) {
    write(`${kind}.json`, (ofKind ?? []).map(toJson));
  }
  write(TOLD, told);
}

function folderOf(version: number): string {
  return join(ROOT, `v${version}`);
}

function read(version: number, name: string): unknown {
  return JSON.parse(readFileSync(join(folderOf(version), name), 'utf8'));
}
