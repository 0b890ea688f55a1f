import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { functionNames } from '../../scripts/build.ts';

export interface TemplateResource {
  Type: string;
  DeletionPolicy?: string;
  // biome-ignore lint/suspicious/noExplicitAny: CloudFormation's own, different for each type
  Properties: any;
  DependsOn?: string[];
}

export interface Packaged {
  resources: Record<string, TemplateResource>;
  /** By name; as they are before CloudFormation resolves them. */
  outputs: Record<string, { Value: unknown }>;
  templateBytes: number;
  /** Paths of a function's package. */
  filesOf(name: string): Promise<string[]>;
  remove(): void;
}

/**
 * Runs `serverless package` on a copy of the project with empty bundles, in a home of its own, without
 * credentials.
 * @throws Error with the output of serverless
 */
export async function packageProject(...args: string[]): Promise<Packaged> {
  const project = process.cwd();
  const folder = mkdtempSync(join(tmpdir(), 'switchboard-package-'));
  cpSync(join(project, 'serverless.yml'), join(folder, 'serverless.yml'));
  symlinkSync(join(project, 'infra'), join(folder, 'infra'));
  for (const name of functionNames(project)) {
    mkdirSync(join(folder, 'dist/functions', name), { recursive: true });
    writeFileSync(join(folder, 'dist/functions', name, 'index.mjs'), 'export const handler = () => {};\n');
    // As with what a bundle loads when it is used.
    writeFileSync(join(folder, 'dist/functions', name, 'chunk-A1.mjs'), 'export const part = 1;\n');
  }
  const cli = join(project, 'node_modules/serverless/bin/serverless.js');
  const env = { PATH: process.env.PATH, HOME: folder };
  const remove = () => rmSync(folder, { recursive: true, force: true });
  try {
    await promisify(execFile)(process.execPath, [cli, 'package', ...args], { cwd: folder, env });
  } catch (error) {
    remove();
    throw error;
  }
  const text = readFileSync(join(folder, '.serverless/cloudformation-template-update-stack.json'), 'utf8');
  return {
    resources: JSON.parse(text).Resources,
    outputs: JSON.parse(text).Outputs,
    templateBytes: Buffer.byteLength(text),
    filesOf: async name => listZip(readFileSync(join(folder, '.serverless', `${name}.zip`))),
    remove,
  };
}

/** File names of a ZIP archive, from its central directory (APPNOTE.TXT 4.3.12). */
function listZip(zip: Buffer): string[] {
  const end = zip.lastIndexOf(Buffer.from('PK\x05\x06'));
  const names: string[] = [];
  let at = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left--) {
    const length = zip.readUInt16LE(at + 28);
    names.push(zip.toString('utf8', at + 46, at + 46 + length));
    at += 46 + length + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  }
  return names;
}
