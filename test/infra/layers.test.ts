import { spawnSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PROJECT_ROOT } from '../support/engine.ts';

// The check reads TypeScript with a compiler that it finds by itself. Where it finds none it reads no file, and all
// is well: so a tree that breaks each rule must be refused.
describe('npm run check:layers', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'switchboard-layers-'));
    for (const file of ['.dependency-cruiser.mjs', 'tsconfig.json', 'package.json']) {
      cpSync(join(PROJECT_ROOT, file), join(root, file));
    }
    symlinkSync(join(PROJECT_ROOT, 'node_modules'), join(root, 'node_modules'));
  });
  afterEach(() => rmSync(root, { recursive: true }));

  const SOUND: Record<string, string> = {
    'lib/a.ts': "import type { B } from './b.ts';\nexport const a = (b: B) => b;\n",
    'lib/b.ts': 'export interface B {\n  b: string;\n}\n',
    'lib/egress/door.ts': "import 'node:net';\nimport { Pool } from 'undici';\nexport const pool = Pool;\n",
    'functions/f.ts': "import '../lib/a.ts';\nimport '../lib/egress/door.ts';\nexport const handler = 1;\n",
    'local/main.ts': "import 'node:http';\nimport '../functions/f.ts';\n",
    'infra/i.ts': "import '../lib/a.ts';\nexport const i = 1;\n",
    'console/main.tsx': "import '../client/src/index.ts';\nimport 'react';\n",
    'client/src/index.ts': "import { AwsV4Signer } from 'aws4fetch';\nexport const s = AwsV4Signer;\n",
  };
  /** Each file breaks the rule that its name begins with. */
  const BREACHES: Record<string, string> = {
    'lib/lib-stands-alone.ts': "import '../functions/f.ts';\n",
    'lib/lib-stands-alone-types.ts': "import type { i } from '../infra/i.ts';\nexport type I = typeof i;\n",
    'functions/functions-bind-only.ts': "import '../local/main.ts';\n",
    'infra/local-is-not-a-test.ts': "import '../test/t.ts';\n",
    'lib/egress-is-the-only-door.ts': "import { fetch } from 'undici';\nexport const f = fetch;\n",
    'lib/egress-is-the-only-socket.ts':
      "import { lookup } from 'node:dns/promises';\nexport const l = lookup;\n",
    'functions/egress-is-the-only-socket.ts':
      "import { request } from 'node:https';\nexport const r = request;\n",
    'client/src/client-stands-alone.ts': "import '../../lib/a.ts';\nexport const c = 1;\n",
    'client/src/client-stands-alone-of-node.ts': "import 'node:fs';\nexport const n = 1;\n",
    'console/console-uses-the-client.ts': "import '../lib/a.ts';\nexport const c = 1;\n",
    'lib/no-cycles.ts': "import './there-and-back.ts';\nexport const a = 1;\n",
    'lib/no-orphans.ts': 'export const c = 1;\n',
  };

  /** What the check says of a tree. */
  function check(files: Record<string, string>) {
    for (const [path, text] of Object.entries({ ...files, 'test/t.ts': 'export const t = 1;\n' })) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
    const { scripts } = JSON.parse(readFileSync(join(PROJECT_ROOT, 'package.json'), 'utf8'));
    return spawnSync('npx', scripts['check:layers'].split(' '), { cwd: root, encoding: 'utf8' });
  }

  it('finds nothing wrong with a sound tree', () => {
    const { status, stdout } = check(SOUND);
    expect(stdout).toMatch(/no dependency violations found \([1-9]\d* modules/);
    expect(status).toBe(0);
  });

  it('finds each breach of each rule', async () => {
    const { status, stdout } = check({
      ...SOUND,
      ...BREACHES,
      'lib/there-and-back.ts': "import './no-cycles.ts';\nexport const b = 1;\n",
    });
    const found = [...stdout.matchAll(/error (\S+): (\S+)/g)].map(([, rule, path]) => `${rule} in ${path}`);
    const { default: configuration } = await import(join(PROJECT_ROOT, '.dependency-cruiser.mjs'));
    const rules: string[] = configuration.forbidden.map(({ name }: { name: string }) => name);
    const broken = Object.keys(BREACHES).map(path => {
      const rule = rules.find(name => path.includes(`/${name}`)) ?? 'no rule';
      return `${rule} in ${path}`;
    });
    expect(found).toEqual(expect.arrayContaining(broken));
    expect(new Set(broken.map(breach => breach.split(' ')[0]))).toEqual(new Set(rules));
    expect(status).not.toBe(0);
  });
});

/** Files of lib/ and functions/ that hold something which no rule of imports can see. */
function holding(what: RegExp): string[] {
  const sources = ['lib', 'functions'].flatMap(folder =>
    readdirSync(join(PROJECT_ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter(name => name.endsWith('.ts'))
      .map(name => join(folder, name)),
  );
  expect(sources.length).toBeGreaterThan(100);
  return sources.filter(path => what.test(readFileSync(join(PROJECT_ROOT, path), 'utf8')));
}

it('nothing calls the global fetch', () => {
  expect(holding(/(?<![.\w])fetch\(|\b(?:globalThis|global)\.fetch\b/)).toEqual([]);
});

it('items are read in one place, which refuses those of a newer schema version', () => {
  const readers = holding(/new (?:Get|Query|Scan|BatchGet|TransactGet)(?:Item|Items)?Command\(/);
  expect(readers).toEqual(['lib/store/read.ts']);
});
