import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { accessKeysFile } from '../../../../local/accessKeys.ts';
import { listAccessKeys } from '../../../../local/identity/manageAccessKeys.ts';

const script = fileURLToPath(new URL('../../../../scripts/keys.ts', import.meta.url));
let dir: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'keys-script-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

function environment(extra: Record<string, string> = {}) {
  return { PATH: process.env.PATH, SWITCHBOARD_DATA_DIR: dir, ...extra };
}

function keys(args: string[], extra?: Record<string, string>) {
  const done = spawnSync(process.execPath, [script, ...args], { env: environment(extra), encoding: 'utf8' });
  return { status: done.status, out: done.stdout, err: done.stderr };
}

const stored = () => listAccessKeys(accessKeysFile(dir));

describe('npm run keys', () => {
  it('creates, lists and deletes, and keeps secrets out of a pipe', () => {
    const made = keys(['create', '--role', 'admin', '--account', '111111111111', '--name', 'ann']);
    expect(made.err).toBe('');
    const [key] = stored();
    expect(key).toMatchObject({ role: 'admin', accountId: '111111111111', userName: 'ann' });
    expect(made.out).toContain(accessKeysFile(dir));
    expect(statSync(accessKeysFile(dir)).mode & 0o777).toBe(0o600);
    keys(['create', '--role', 'auditor']);
    const auditor = stored()[1];
    const listed = keys(['list']);
    expect(listed.out).toContain(`${key?.accessKeyId}  admin     111111111111  ann`);
    expect(listed.out).toContain(`${auditor?.accessKeyId}  auditor   000000000000`);
    for (const { secretAccessKey } of stored()) {
      expect(made.out + listed.out).not.toContain(secretAccessKey);
    }
    expect(keys(['delete', auditor?.accessKeyId ?? ''])).toMatchObject({ status: 0, err: '' });
    expect(stored()).toEqual([key]);
    const last = keys(['delete', key?.accessKeyId ?? '']);
    expect(last).toMatchObject({ status: 1, out: '' });
    expect(last.err).toContain('last admin key');
  });

  it('lets the last admin key of the file go when the environment sets one', () => {
    const env = { SWITCHBOARD_ACCESS_KEY_ID: 'AKIDROOT', SWITCHBOARD_SECRET_ACCESS_KEY: 'canary-'.repeat(4) };
    keys(['create', '--role', 'admin']);
    expect(keys(['list'], env).out).toMatch(/AKIDROOT.*set by the environment/);
    expect(keys(['list'], env).out).not.toContain('canary-');
    expect(keys(['delete', stored()[0]?.accessKeyId ?? ''], env).status).toBe(0);
  });

  it.each([
    [['create'], '--role must be one of admin, operator, auditor.'],
    [['create', '--role', 'owner'], '--role must be one of admin, operator, auditor.'],
    [['create', '--role'], "'--role <value>' argument missing"],
    [['create', '--role', 'admin', '--account', '12'], 'accountId must be 12 digits.'],
    [['create', '--role', 'admin', '--name', 'root'], "is the root key's"],
    [
      ['create', '--role', 'admin', '--colour', 'red'],
      "Unknown option '--colour'. Options are --role, --account, --name. See npm run keys -- create --help.",
    ],
    [['create', 'admin', '--role', 'admin'], 'Unexpected argument "admin".'],
    [['list', 'all'], 'Unexpected argument "all".'],
    [['delete'], '<accessKeyId> is missing'],
    [['delete', 'SWBKNONE'], 'There is no access key SWBKNONE.'],
    [['rotate'], 'There is no command "rotate".'],
  ])('%j says what is wrong', (args, message) => {
    const { status, out, err } = keys(args);
    expect(err).toContain(message);
    expect(err).not.toMatch(/\bat .*\.ts:\d+/);
    expect([status, out]).toEqual([1, '']);
    expect(stored()).toEqual([]);
  });

  it('explains itself', () => {
    expect(keys([])).toMatchObject({ status: 0, err: '' });
    for (const args of [['--help'], ['help'], ['create', '--help'], ['list', '-h'], ['delete', '--help']]) {
      expect(keys(args).out).toContain('npm run keys -- create --role admin|operator|auditor');
    }
  });

  const terminal = spawnSync('script', ['--version']).status === 0;
  it.skipIf(!terminal)('prints export lines on a terminal', () => {
    const command = `${process.execPath} ${script} create --role operator`;
    const out = execFileSync('script', ['-qec', command, '/dev/null'], {
      env: environment(),
      encoding: 'utf8',
    });
    const [key] = stored();
    expect(out.trim().split(/\r?\n/)).toEqual([
      `export AWS_ACCESS_KEY_ID=${key?.accessKeyId}`,
      `export AWS_SECRET_ACCESS_KEY=${key?.secretAccessKey}`,
    ]);
  });
});
