/**
 * Bundles what runs (`npm run build`): one file per Lambda function, the embedded server, and the console. `node
 * scripts/build.ts local console` makes the latter two alone, which is all that `npm start` waits for.
 */
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { type BuildOptions, build as esbuild, type Metafile } from 'esbuild';
import { type ConsoleOutput, consoleOutputs } from './build/console.ts';
import { ALIASES, DEFINITIONS, withoutCurves, withoutFallbacks } from './build/leftOut.ts';

export interface BuildRequest {
  /** The folder that holds functions/, local/ and console/, and gets dist/. */
  root: string;
  /** What to bundle; everything when left out. */
  only?: Part;
  log: (line: string) => void;
}

const PARTS = ['functions', 'local', 'console'] as const;
type Part = (typeof PARTS)[number];

/** A bundle that was written: a function's is what its first import loads, without what is only loaded when used. */
export interface Bundle {
  name: string;
  bytes: number;
  /** Files that went into it, relative to the working folder; of functions alone. */
  sources?: string[];
}

const SHARED = {
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node24',
  mainFields: ['module', 'main'],
  outExtension: { '.js': '.mjs' },
  sourcemap: 'external',
  // The sources lie beside; copies of them would be most of the output.
  sourcesContent: false,
  alias: ALIASES,
  define: DEFINITIONS,
  plugins: [withoutCurves],
  legalComments: 'none',
  logLevel: 'warning',
  write: false,
  // CommonJS dependencies ask for Node's own modules with require, which ES modules do not have.
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
} as const satisfies BuildOptions;

/**
 * Writes `dist/functions/<name>/index.mjs` for each file of functions/, `dist/local/main.mjs`, and their source
 * maps below `dist/maps/`, out of the deployed packages. Earlier output is removed.
 * @throws Error of esbuild, already printed
 */
export async function build(request: BuildRequest): Promise<Bundle[]> {
  const { root, only } = request;
  const wants = (part: Part) => only === undefined || only === part;
  const functions = wants('functions') ? await functionOutputs(request) : [];
  const outputs = [
    ...functions.flatMap(({ files }) => files),
    ...(wants('local') ? await localOutputs(request) : []),
    ...(wants('console') ? await consoleOutputs(root, request.log) : []),
  ];
  const dist = join(root, 'dist');
  for (const part of only ? [only] : PARTS) {
    rmSync(join(dist, part), { recursive: true, force: true });
    rmSync(join(dist, 'maps', part), { recursive: true, force: true });
  }
  for (const output of outputs) writeOutput(output, dist);
  const others = outputs.slice(functions.flatMap(({ files }) => files).length);
  return [
    ...functions.map(({ bundle }) => bundle),
    ...others
      .filter(output => !output.path.endsWith('.map'))
      .map(output => ({ name: relative(dist, output.path), bytes: output.contents.byteLength })),
  ];
}

/** The functions of a project: file names below functions/ without their ending. */
export function functionNames(root: string): string[] {
  const folder = join(root, 'functions');
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter(file => file.endsWith('.ts'))
    .map(file => basename(file, '.ts'))
    .sort();
}

interface FunctionOutput {
  bundle: Bundle;
  files: ConsoleOutput[];
}

async function functionOutputs({ root, log }: BuildRequest): Promise<FunctionOutput[]> {
  const names = functionNames(root);
  if (names.length === 0) {
    log('functions/ holds no function: skipped');
    return [];
  }
  return Promise.all(names.map(name => functionOutput(root, name)));
}

/** Each by itself: what the AWS SDK and we import when it is used stays apart from what every cold start loads. */
async function functionOutput(root: string, name: string): Promise<FunctionOutput> {
  const outdir = join(root, 'dist', 'functions');
  const { outputFiles, metafile } = await esbuild({
    ...SHARED,
    entryPoints: [{ in: join(root, 'functions', `${name}.ts`), out: `${name}/index` }],
    chunkNames: `${name}/[name]-[hash]`,
    outdir,
    splitting: true,
    minify: true,
    metafile: true,
    plugins: [...SHARED.plugins, withoutFallbacks],
  });
  const entry = relative(process.cwd(), join(outdir, name, 'index.mjs'));
  return {
    bundle: { name: `functions/${name}/index.mjs`, ...loaded(metafile, posix(entry)) },
    files: outputFiles,
  };
}

/** What importing an output loads: itself, and what it imports by statement. */
function loaded({ outputs }: Metafile, entry: string): { bytes: number; sources: string[] } {
  const paths = new Set([entry]);
  for (const path of paths) {
    for (const { path: imported, kind, external } of outputs[path]?.imports ?? []) {
      if (kind === 'import-statement' && !external) paths.add(imported);
    }
  }
  const files = [...paths].map(path => outputs[path] ?? missing(path));
  return {
    bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
    sources: files.flatMap(({ inputs }) => Object.keys(inputs)),
  };
}

function missing(path: string): never {
  throw new Error(`${path} was not written.`);
}

async function localOutputs({ root, log }: BuildRequest): Promise<ConsoleOutput[]> {
  const local = join(root, 'local');
  const entry = join(local, 'main.ts');
  if (!existsSync(entry)) {
    log('local/main.ts does not exist: skipped');
    return [];
  }
  const { outputFiles } = await esbuild({
    ...SHARED,
    entryPoints: { main: entry, agentProcess: join(local, 'agents', 'agentProcess.ts') },
    outdir: join(root, 'dist', 'local'),
    splitting: true,
  });
  return outputFiles;
}

/** Writes files below `dist/`; maps of Node's code below `dist/maps/`, one folder deeper, with a link to them. */
function writeOutput({ path, contents }: ConsoleOutput, dist: string): void {
  const place = relative(dist, path);
  const target = path.endsWith('.map') ? join(dist, 'maps', place) : path;
  mkdirSync(dirname(target), { recursive: true });
  if (target === path && path.endsWith('.mjs')) {
    const link = posix(relative(dirname(path), join(dist, 'maps', `${place}.map`)));
    writeFileSync(path, Buffer.concat([contents, Buffer.from(`//# sourceMappingURL=${link}\n`)]));
    return;
  }
  if (target === path) {
    writeFileSync(path, contents);
    return;
  }
  const map = JSON.parse(Buffer.from(contents).toString()) as { sources: string[] };
  map.sources = map.sources.map(source => posix(join('..', source)));
  writeFileSync(target, JSON.stringify(map));
}

function posix(path: string): string {
  return path.replaceAll('\\', '/');
}

function printTable(bundles: readonly Bundle[]): void {
  const width = Math.max(...bundles.map(({ name }) => name.length));
  for (const { name, bytes } of bundles) {
    console.log(`${name.padEnd(width)}  ${(bytes / 1000).toFixed(1).padStart(8)} kB`);
  }
}

if (import.meta.main) {
  try {
    const parts = PARTS.filter(part => process.argv.includes(part));
    const request = { root: join(import.meta.dirname, '..'), log: (line: string) => console.log(line) };
    const bundles = parts.length === 0 ? await build(request) : [];
    for (const only of parts) bundles.push(...(await build({ ...request, only })));
    if (process.argv.includes('--verbose')) printTable(bundles);
  } catch (error) {
    process.exitCode = 1;
    // esbuild has printed its own failures, with the source.
    if (!(error instanceof Error && 'errors' in error)) throw error;
  }
}
