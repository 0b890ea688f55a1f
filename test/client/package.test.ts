import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PROJECT_ROOT } from '../support/engine.ts';

const run = promisify(execFile);
const bin = (name: string) => join(PROJECT_ROOT, 'node_modules', '.bin', name);
const readJson = (path: string) => JSON.parse(readFileSync(join(PROJECT_ROOT, path), 'utf8'));

describe('the package as it is built', () => {
  const folder = mkdtempSync(join(tmpdir(), 'switchboard-client-'));
  const installed = join(folder, 'node_modules', '@switchboard', 'client');

  beforeAll(async () => {
    await run(bin('tsc'), ['-p', join(PROJECT_ROOT, 'client'), '--outDir', join(installed, 'dist')]);
    writeFileSync(join(installed, 'package.json'), JSON.stringify(readJson('client/package.json')));
    symlinkSync(join(PROJECT_ROOT, 'node_modules', 'aws4fetch'), join(folder, 'node_modules', 'aws4fetch'));
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('runs in Node.js and exports two values', async () => {
    const script = "console.log(Object.keys(await import('@switchboard/client')).sort().join())";
    const { stdout } = await run(process.execPath, ['--input-type=module', '-e', script], { cwd: folder });
    expect(stdout).toBe('SwitchboardError,createSwitchboardClient\n');
  });

  it.each([
    ['nodenext', 'nodenext'],
    ['bundler', 'esnext'],
  ])('has types for module resolution "%s"', async (moduleResolution, module) => {
    const compilerOptions = { ...CONSUMER, moduleResolution, module };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['use.ts'] }));
    const complaints = async (type: string) => {
      writeFileSync(join(folder, 'use.ts'), `${USE}\nexport const name: ${type} = service.serviceId;\n`);
      const { stdout } = await run(bin('tsc'), { cwd: folder }).catch(error => error);
      return stdout;
    };
    expect(await complaints('string')).toBe('');
    expect(await complaints('number')).toContain("Type 'string' is not assignable to type 'number'");
  });
});

/** Without Node's types, and with the package's own declarations checked. */
const CONSUMER = {
  target: 'es2022',
  lib: ['es2022', 'dom'],
  types: [],
  strict: true,
  exactOptionalPropertyTypes: true,
  noEmit: true,
};

const USE = `import { createSwitchboardClient, SwitchboardError, type Input } from '@switchboard/client';
const client = createSwitchboardClient({
  baseUrl: 'http://127.0.0.1:4100',
  region: 'us-east-1',
  credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
});
const input: Input<'GetService'> = { serviceId: 'x' };
const { service } = await client.getService(input).catch((error: unknown) => {
  throw error instanceof SwitchboardError ? new Error(error.name) : error;
});`;

describe('the bundle for browsers', () => {
  const bundle = (entry: string) =>
    build({
      stdin: { contents: entry, resolveDir: PROJECT_ROOT },
      bundle: true,
      format: 'esm',
      // Modules of Node.js do not resolve here: a bundle that needs one fails.
      platform: 'browser',
      minify: true,
      metafile: true,
      write: false,
      logLevel: 'silent',
    });

  it('holds the client and its signer, and nothing else', async () => {
    const { metafile } = await bundle("export * from './client/src/index.ts'");
    const inputs = Object.keys(metafile.inputs).filter(path => path !== '<stdin>');
    expect(inputs).toContain('client/src/client.ts');
    expect(inputs.filter(path => !/^client\/src\/|aws4fetch\//.test(path))).toEqual([]);
    const imports = Object.values(metafile.outputs).flatMap(output => output.imports);
    expect(imports).toEqual([]);
  });

  it('fails on a module of Node.js, so that the test above would notice', async () => {
    await expect(bundle("export * from 'node:fs'")).rejects.toThrow('node:fs');
  });

  it('is small', async () => {
    const { outputFiles } = await bundle("export * from './client/src/index.ts'");
    // The console may load 350 KB: a layer over fetch should be no part of it that counts. Today it is 6 KB, half of
    // it the signer; a second 6 KB would be another library.
    expect(gzipSync(outputFiles[0]?.contents ?? '').length).toBeLessThan(8_000);
  });
});

describe('client/package.json', () => {
  it('asks for the signer that is tested here, and nothing else', () => {
    const { devDependencies } = readJson('package.json');
    const { dependencies } = readJson('client/package.json');
    expect(dependencies).toEqual({ aws4fetch: devDependencies.aws4fetch });
  });
});
