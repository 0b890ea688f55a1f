import { execFile } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  accessKeysFile,
  ensureRootKey,
  openAccessKeys,
  rootKeyFromEnv,
} from '../../../../local/accessKeys.ts';
import { arnOf, principalIdOf } from '../../../../local/identity/accessKey.ts';
import {
  createAccessKey,
  deleteAccessKey,
  listAccessKeys,
} from '../../../../local/identity/manageAccessKeys.ts';

const ACCOUNT = '000000000000';
let dir: string;
let file: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'keys-'));
  file = accessKeysFile(join(dir, 'data'));
});
afterEach(() => rmSync(dir, { recursive: true }));

const operator = { role: 'operator', accountId: ACCOUNT } as const;

describe('the root key', () => {
  it('is made once, for its owner’s eyes only', () => {
    const made = ensureRootKey(file, ACCOUNT, () => 0);
    expect(made).toMatchObject({ role: 'admin', accountId: ACCOUNT, userName: 'root' });
    expect(made?.accessKeyId).toMatch(/^SWBK[A-Z2-7]{16}$/);
    expect(made?.secretAccessKey).toMatch(/^[\w-]{40}$/);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(ensureRootKey(file, ACCOUNT, () => 0)).toBeUndefined();
    expect(listAccessKeys(file)).toEqual([made]);
  });

  it('is made for another account too', () => {
    ensureRootKey(file, ACCOUNT, () => 0);
    expect(ensureRootKey(file, '111111111111', () => 0)).toMatchObject({ accountId: '111111111111' });
    expect(listAccessKeys(file)).toHaveLength(2);
  });

  it('has its file closed again to others', () => {
    ensureRootKey(file, ACCOUNT, () => 0);
    chmodSync(file, 0o644);
    ensureRootKey(file, ACCOUNT, () => 0);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('comes from the environment', () => {
    const env = { SWITCHBOARD_ACCESS_KEY_ID: 'AKIDROOT', SWITCHBOARD_SECRET_ACCESS_KEY: 'x'.repeat(16) };
    expect(rootKeyFromEnv({}, ACCOUNT)).toBeUndefined();
    expect(rootKeyFromEnv(env, ACCOUNT)).toMatchObject({ accessKeyId: 'AKIDROOT', role: 'admin' });
    expect(() => rootKeyFromEnv({ SWITCHBOARD_ACCESS_KEY_ID: 'A' }, ACCOUNT)).toThrow('Set both');
    expect(() => rootKeyFromEnv({ ...env, SWITCHBOARD_SECRET_ACCESS_KEY: 'short' }, ACCOUNT)).toThrow(
      /^SWITCHBOARD_SECRET_ACCESS_KEY must have at least 16 characters\.$/,
    );
    expect(() => rootKeyFromEnv({ ...env, SWITCHBOARD_ACCESS_KEY_ID: 'a/b/c' }, ACCOUNT)).toThrow(
      'SWITCHBOARD_ACCESS_KEY_ID',
    );
    expect(() => rootKeyFromEnv(env, '12')).toThrow('SWITCHBOARD_ACCOUNT_ID must be 12 digits');
  });
});

describe('creating and deleting', () => {
  it('keeps the others', () => {
    const root = ensureRootKey(file, ACCOUNT, () => 0);
    const made = createAccessKey(file, { ...operator, userName: 'ann' }, () => 0);
    const named = createAccessKey(file, operator, () => 0);
    expect(named.userName).toMatch(/^operator-[a-z2-7]{6}$/);
    deleteAccessKey(file, named.accessKeyId);
    expect(listAccessKeys(file)).toEqual([root, made]);
    expect(readdirSync(join(dir, 'data')).toSorted()).toEqual(['access-keys.json', 'access-keys.json.lock']);
  });

  it('refuses what cannot be', () => {
    const root = ensureRootKey(file, ACCOUNT, () => 0);
    const id = root?.accessKeyId ?? '';
    expect(() => deleteAccessKey(file, id)).toThrow('This is the last admin key');
    expect(() => deleteAccessKey(file, 'SWBKNONE')).toThrow('There is no access key SWBKNONE.');
    expect(() => createAccessKey(file, { ...operator, userName: 'root' }, () => 0)).toThrow('root key');
    expect(() => createAccessKey(file, { ...operator, userName: 'a/b' }, () => 0)).toThrow(
      'userName may hold',
    );
    expect(() => createAccessKey(file, { ...operator, accountId: '12' }, () => 0)).toThrow(
      'accountId must be',
    );
    expect(listAccessKeys(file)).toEqual([root]);
    deleteAccessKey(file, id, true);
    expect(listAccessKeys(file)).toEqual([]);
  });

  it('loses no edit of processes that write at once', async () => {
    const script = `
      const { createAccessKey } = await import(${JSON.stringify(new URL('../../../../local/identity/manageAccessKeys.ts', import.meta.url).href)});
      for (let i = 0; i < 15; i++) createAccessKey(${JSON.stringify(file)}, { role: 'operator', accountId: '${ACCOUNT}' }, Date.now);
    `;
    const write = () => promisify(execFile)(process.execPath, ['--input-type=module', '-e', script]);
    await Promise.all([write(), write(), write()]);
    expect(new Set(listAccessKeys(file).map(key => key.accessKeyId)).size).toBe(45);
  });
});

describe('a running server', () => {
  function open(env: { root?: ReturnType<typeof rootKeyFromEnv> } = {}) {
    const problems: string[] = [];
    const clock = { at: 0 };
    const keys = openAccessKeys({ file, ...env, now: () => clock.at, onProblem: p => problems.push(p) });
    return { keys, problems, clock };
  }

  it('notices new and deleted keys after a second, looking no more often', () => {
    ensureRootKey(file, ACCOUNT, () => 0);
    const { keys, clock } = open();
    const made = createAccessKey(file, operator, () => 0);
    expect(keys.find(made.accessKeyId)).toBeUndefined();
    clock.at = 1000;
    expect(keys.find(made.accessKeyId)).toEqual(made);
    deleteAccessKey(file, made.accessKeyId);
    clock.at = 1999;
    expect(keys.find(made.accessKeyId)).toEqual(made);
    clock.at = 2000;
    expect(keys.find(made.accessKeyId)).toBeUndefined();
  });

  it('notices edits made in place, and a clock that was set back', () => {
    const made = createAccessKey(file, operator, () => 0);
    const { keys, clock } = open();
    writeFileSync(file, readFileSync(file, 'utf8').replaceAll(made.accessKeyId, `${made.accessKeyId}X`));
    clock.at = -5000;
    expect(keys.find(made.accessKeyId)).toBeUndefined();
    expect(keys.find(`${made.accessKeyId}X`)).toBeDefined();
  });

  it('accepts no key of a file that it cannot read, says so once, and recovers', () => {
    const made = createAccessKey(file, operator, () => 0);
    const good = readFileSync(file, 'utf8');
    const { keys, clock, problems } = open();
    for (const broken of [good.slice(0, -20), good.replace('operator', 'owner'), '[]']) {
      writeFileSync(file, broken);
      clock.at += 1000;
      expect(keys.find(made.accessKeyId)).toBeUndefined();
      clock.at += 1000;
      expect(keys.find(made.accessKeyId)).toBeUndefined();
    }
    expect(problems).toHaveLength(3);
    expect(problems.join()).not.toContain(made.secretAccessKey);
    expect(problems[1]).toContain('"keys.0.role"');
    writeFileSync(file, good);
    clock.at += 1000;
    expect(keys.find(made.accessKeyId)).toEqual(made);
  });

  it('works without a file, with the environment’s key', () => {
    const env = { SWITCHBOARD_ACCESS_KEY_ID: 'AKIDROOT', SWITCHBOARD_SECRET_ACCESS_KEY: 'x'.repeat(16) };
    const root = rootKeyFromEnv(env, ACCOUNT);
    const { keys, problems } = open({ root });
    expect(keys.find('AKIDROOT')).toEqual(root);
    expect(keys.find('OTHER')).toBeUndefined();
    expect(problems).toEqual([]);
  });
});

it('names users as IAM does', () => {
  expect(arnOf({ accountId: ACCOUNT, userName: 'root' })).toBe(`arn:aws:iam::${ACCOUNT}:root`);
  expect(arnOf({ accountId: ACCOUNT, userName: 'ann' })).toBe(`arn:aws:iam::${ACCOUNT}:user/ann`);
  expect(principalIdOf({ accountId: ACCOUNT, userName: 'root' })).toBe(ACCOUNT);
  expect(principalIdOf({ accountId: ACCOUNT, userName: 'ann' })).toMatch(/^SWBU[0-9A-F]{16}$/);
  expect(principalIdOf({ accountId: ACCOUNT, userName: 'ann' })).not.toBe(
    principalIdOf({ accountId: '111111111111', userName: 'ann' }),
  );
});
