import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, type OutputFile, type Plugin, transform } from 'esbuild';

/** A file of the built console; no more of esbuild's than what is written. */
export type ConsoleOutput = Pick<OutputFile, 'path' | 'contents'>;

/**
 * The console for `dist/console`: `index.html`, scripts that are split by page, and one style sheet. All but the first
 * have a hash of their contents in their names.
 * @throws Error of esbuild, already printed
 */
export async function consoleOutputs(root: string, log: (line: string) => void): Promise<ConsoleOutput[]> {
  const entry = join(root, 'console', 'main.tsx');
  if (!existsSync(entry)) {
    log('console/main.tsx does not exist: skipped');
    return [];
  }
  const folder = join(root, 'dist', 'console');
  const sheets = new Map<string, string>();
  const { outputFiles, metafile } = await build({
    entryPoints: { console: entry },
    outdir: join(folder, 'assets'),
    entryNames: '[name]-[hash]',
    chunkNames: '[name]-[hash]',
    bundle: true,
    splitting: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    jsx: 'automatic',
    // Cloudscape's messages are parsed already.
    alias: { '@formatjs/icu-messageformat-parser': '@formatjs/icu-messageformat-parser/lib/no-parser.js' },
    define: { 'process.env.NODE_ENV': '"production"' },
    legalComments: 'none',
    logLevel: 'warning',
    metafile: true,
    absWorkingDir: root,
    write: false,
    plugins: [collectStyles(sheets), leaveOutUnused],
  });
  const style = await styleSheet(sheets, join(folder, 'assets'));
  const [script] =
    Object.entries(metafile.outputs).find(([, { entryPoint }]) => entryPoint?.endsWith('main.tsx')) ?? [];
  const page = readFileSync(join(root, 'console', 'index.html'), 'utf8')
    .replace('%SCRIPT%', nameOf(script ?? ''))
    .replace('%STYLE%', nameOf(style.path));
  return [...outputFiles, style, { path: join(folder, 'index.html'), contents: Buffer.from(page) }];
}

/** esbuild would split style sheets with the scripts, and nothing would load those of later pages. */
function collectStyles(sheets: Map<string, string>): Plugin {
  return {
    name: 'collect-styles',
    setup: ({ onLoad }) => {
      onLoad({ filter: /\.css$/ }, ({ path }) => {
        sheets.set(path, readFileSync(path, 'utf8'));
        return { contents: '', loader: 'js' };
      });
    },
  };
}

/**
 * A drawer of Cloudscape's for news of AWS services, which nothing here opens. It alone would bring drag and drop and a
 * library of dates into every page, 35 KB.
 */
const leaveOutUnused: Plugin = {
  name: 'leave-out-unused',
  setup: ({ onLoad }) =>
    onLoad({ filter: /[\\/]feature-notifications-drawer-content\.js$/ }, () => ({
      contents: 'export default () => null; export const RuntimeContentPart = () => null;',
    })),
};

/** The order is that of paths, whatever the order of loading; the global styles come first. */
async function styleSheet(sheets: ReadonlyMap<string, string>, folder: string): Promise<ConsoleOutput> {
  const rank = (path: string) => `${path.includes('global-styles') ? 0 : 1}${path}`;
  const paths = [...sheets.keys()].sort((a, b) => (rank(a) < rank(b) ? -1 : 1));
  const { code } = await transform(paths.map(path => sheets.get(path)).join('\n'), {
    loader: 'css',
    minify: true,
  });
  const hash = createHash('sha256').update(code).digest('base64url').replace(/[-_]/g, '').slice(0, 8);
  return { path: join(folder, `console-${hash}.css`), contents: Buffer.from(code) };
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
