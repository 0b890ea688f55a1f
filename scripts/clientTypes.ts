/**
 * Writes the generated half of the client package (`npm run client-types`): the types of openapi.yaml, and the
 * operations with what lays their requests out.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import openapiTS, { astToString } from 'openapi-typescript';
import { operationList } from '../lib/api/operations.ts';
import { operationsModule } from './clientTypes/operations.ts';
import { openapiYaml } from './openapi.ts';

const FOLDER = 'client/src/generated';
const BANNER = '// Written by `npm run client-types`: do not edit.\n';

/** The generated files by path below the project's folder, as they are committed. */
export async function clientFiles(): Promise<Record<string, string>> {
  return {
    [`${FOLDER}/openapi.ts`]: `${BANNER}\n${await openapiTypes()}`,
    [`${FOLDER}/operations.ts`]: `${BANNER}${operationsModule(operationList)}`,
  };
}

/** A member with a default stays optional: requests may leave it out. */
async function openapiTypes(): Promise<string> {
  return astToString(await openapiTS(openapiYaml(), { defaultNonNullable: false, silent: true }));
}

if (import.meta.main) {
  const root = join(import.meta.dirname, '..');
  for (const [path, text] of Object.entries(await clientFiles())) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
    console.log(`wrote ${path}`);
  }
}
