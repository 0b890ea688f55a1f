import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type BuildRequest, build } from '../../scripts/build.ts';

const node = (...args: string[]) => promisify(execFile)(process.execPath, args);

describe('build', () => {
  let root = '';
  const write = (path: string, text: string) => writeFileSync(join(root, path), text);
  const read = (path: string) => readFileSync(join(root, path), 'utf8');
  const run = async (options: Partial<BuildRequest> = {}) => {
    const lines: string[] = [];
    return { bundles: await build({ root, log: line => lines.push(line), ...options }), lines };
  };
  const writeAgentProcess = () => write('local/agents/agentProcess.ts', "console.log('agents');\n");

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'switchboard-build-'));
    mkdirSync(join(root, 'functions'));
    mkdirSync(join(root, 'local', 'agents'), { recursive: true });
    write('old.cjs', "const os = require('node:os'); module.exports = () => os.EOL.length > 0;");
    write(
      'functions/getThing.ts',
      "import old from '../old.cjs'; export const handler = async () => old();\n",
    );
    write('functions/failThing.ts', "export const handler = () => {\n  throw new Error('on line 2');\n};\n");
  });

  afterEach(() => rmSync(root, { recursive: true, force: true }));

  it('makes one ES module per function, old dependencies included', async () => {
    const { bundles } = await run();
    expect(bundles.map(bundle => bundle.name)).toEqual([
      'functions/failThing/index.mjs',
      'functions/getThing/index.mjs',
    ]);
    const script = `import { handler } from '${join(root, 'dist/functions/getThing/index.mjs')}'; console.log(await handler());`;
    expect((await node('--input-type=module', '-e', script)).stdout).toBe('true\n');
  });

  it('keeps source maps aside, linked, and true to their sources', async () => {
    await run();
    expect(existsSync(join(root, 'dist/functions/failThing/index.mjs.map'))).toBe(false);
    expect(read('dist/functions/failThing/index.mjs')).toContain(
      '../../maps/functions/failThing/index.mjs.map',
    );
    const script = `import { handler } from '${join(root, 'dist/functions/failThing/index.mjs')}'; handler();`;
    const failure = await node('--enable-source-maps', '--input-type=module', '-e', script).catch(
      error => error,
    );
    expect(failure.stderr).toContain(`${join(root, 'functions/failThing.ts')}:2`);
  });

  it('bundles the embedded server, and says when there is none', async () => {
    expect((await run()).lines).toContain('local/main.ts does not exist: skipped');
    write('local/main.ts', "const { late } = await import('./late.ts');\nconsole.log(late);\n");
    write('local/late.ts', "export const late: string = 'late';\n");
    writeAgentProcess();
    expect((await run()).lines).toEqual(['console/main.tsx does not exist: skipped']);
    expect((await node(join(root, 'dist/local/main.mjs'))).stdout).toBe('late\n');
    expect((await node(join(root, 'dist/local/agentProcess.mjs'))).stdout).toBe('agents\n');
  });

  it('bundles the console: a page, scripts split where they are loaded late, and one style sheet', async () => {
    mkdirSync(join(root, 'console'));
    write('console/index.html', '<link href="%STYLE%"><script src="%SCRIPT%"></script>');
    write('console/main.tsx', "import './own.css';\nvoid import('./late.tsx');\n");
    write('console/late.tsx', "import './late.css';\nexport const late = 1;\n");
    write('console/own.css', 'a { color: red; }');
    write('console/late.css', 'b { color: blue; }');
    const { bundles } = await run({ only: 'console' });
    const html = readFileSync(join(root, 'dist/console/index.html'), 'utf8');
    const [, style = '', script = ''] = /"(console-\w+\.css)".*"(console-\w+\.js)"/.exec(html) ?? [];
    const read = (name: string) => readFileSync(join(root, 'dist/console/assets', name), 'utf8');
    expect(read(style)).toBe('b{color:#00f}a{color:red}\n');
    expect(read(script)).toMatch(/import\("\.\/late-\w+\.js"\)/);
    expect(bundles.map(({ name }) => name.replace(/-\w+\./, '-.')).sort()).toEqual([
      'console/assets/console-.css',
      'console/assets/console-.js',
      'console/assets/late-.js',
      'console/index.html',
    ]);
  });

  it('bundles one part and leaves the other', async () => {
    await run();
    write('local/main.ts', 'export {};\n');
    writeAgentProcess();
    const { bundles } = await run({ only: 'local' });
    expect(bundles.map(bundle => bundle.name)).toEqual(['local/main.mjs', 'local/agentProcess.mjs']);
    expect(existsSync(join(root, 'dist/functions/getThing/index.mjs'))).toBe(true);
  });

  it('removes what is no longer built', async () => {
    await run();
    rmSync(join(root, 'functions/failThing.ts'));
    await run();
    expect(existsSync(join(root, 'dist/functions/failThing'))).toBe(false);
    expect(existsSync(join(root, 'dist/maps/functions/failThing'))).toBe(false);
  });

  it('fails on a missing import and leaves the earlier build', async () => {
    await run();
    write(
      'functions/getThing.ts',
      "import { nothing } from './nothing.ts'; export const handler = nothing;\n",
    );
    await expect(build({ root, log: () => {} })).rejects.toThrow('nothing.ts');
    expect(existsSync(join(root, 'dist/functions/getThing/index.mjs'))).toBe(true);
  });
});
