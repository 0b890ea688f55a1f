import { spawn } from 'node:child_process';
import { chmod, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createKeyFileVault, needsReencryption } from '../../../lib/credentials/keyFileVault.ts';
import type { VaultContext } from '../../../lib/credentials/vault.ts';
import { addKey, deriveKey, keyFilePath, openKeyFile, vaultKeys } from '../../../local/keyFile.ts';
import { KeyFileError } from '../../../local/keyFileFormat.ts';

const now = () => Date.UTC(2026, 10, 5);
const context: VaultContext = { accountId: '000000000000', serviceId: 'mcpserver-1', purpose: 'credential' };

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'key file '));
  path = join(folder, 'key-file.json');
});
afterEach(async () => await rm(folder, { recursive: true }));

const firstStart = () => openKeyFile({ path, databaseExists: false, now });
const laterStart = () => openKeyFile({ path, databaseExists: true, now });
const modeOf = async (file: string) => (await stat(file)).mode & 0o777;

async function failureOf(promise: Promise<unknown>): Promise<KeyFileError> {
  const error = await promise.then(
    () => undefined,
    (caught: unknown) => caught,
  );
  if (!(error instanceof KeyFileError)) throw new Error(`no KeyFileError but ${String(error)}`);
  return error;
}

describe('openKeyFile', () => {
  it('makes a private file at the first start and reads it at the next', async () => {
    const made = await firstStart();
    expect(await modeOf(path)).toBe(0o600);
    expect(await readdir(folder)).toEqual(['key-file.json']);
    const content = JSON.parse(await readFile(path, 'utf8'));
    const created = '2026-11-05T00:00:00.000Z';
    expect(content).toEqual({
      v: 1,
      current: made.currentId,
      keys: [{ id: made.currentId, created, material: expect.any(String) }],
    });
    expect(Buffer.from(content.keys[0].material, 'base64')).toHaveLength(32);

    expect(vaultKeys(await laterStart())).toEqual(vaultKeys(made));
    expect(vaultKeys(await firstStart())).toEqual(vaultKeys(made));
  });

  it('makes a private folder where the file is to be', async () => {
    path = join(folder, 'apart', 'keys', 'k.json');
    await firstStart();
    expect(await modeOf(join(folder, 'apart'))).toBe(0o700);
  });

  it('makes no new key beside an existing database', async () => {
    const failure = await failureOf(laterStart());
    expect(failure).toMatchObject({ code: 'MISSING', message: expect.stringContaining(path) });
    expect(failure.message).toMatch(/backup.*SWITCHBOARD_KEY_FILE/);
    expect(await readdir(folder)).toEqual([]);
  });

  it.each([0o640, 0o604, 0o660, 0o644, 0o700])('refuses mode %o and says how to close it', async mode => {
    await firstStart();
    await chmod(path, mode);
    const failure = await failureOf(laterStart());
    expect(failure.code).toBe('PERMISSIONS');
    expect(failure.message).toContain(`mode 0${mode.toString(8)}`);
    expect(failure.message).toMatch(new RegExp(`chmod 600 '${path}'$`));
  });

  it('looks at the file behind a symbolic link', async () => {
    await firstStart();
    const alias = join(folder, 'alias');
    await symlink(path, alias);
    expect((await openKeyFile({ path: alias, databaseExists: true, now })).keys).toHaveLength(1);
    await chmod(path, 0o644);
    expect((await failureOf(openKeyFile({ path: alias, databaseExists: true, now }))).code).toBe(
      'PERMISSIONS',
    );
  });

  it('takes a stricter mode', async () => {
    await firstStart();
    await chmod(path, 0o400);
    expect((await laterStart()).keys).toHaveLength(1);
  });

  const key = { id: '0123456789abcdef', created: '2026-11-05T00:00:00.000Z', material: btoa('c'.repeat(32)) };
  const intact = { v: 1, current: key.id, keys: [key] };
  it.each([
    ['', 'not a key file'],
    [JSON.stringify(intact).slice(0, -9), 'not a key file'],
    [`canary ${JSON.stringify(intact)}`, 'not a key file'],
    [JSON.stringify({ ...intact, v: 2 }), '"v"'],
    [JSON.stringify({ ...intact, keys: [] }), '"keys"'],
    [JSON.stringify({ ...intact, keys: [key, key] }), '"keys"'],
    [JSON.stringify({ ...intact, current: 'fedcba9876543210' }), '"current"'],
    [JSON.stringify({ ...intact, keys: [{ ...key, id: 'canary' }] }), '"keys.0.id"'],
    [JSON.stringify({ ...intact, keys: [{ ...key, material: btoa('canary') }] }), '"keys.0.material"'],
    [JSON.stringify({ ...intact, keys: [{ ...key, material: '*'.repeat(44) }] }), '"keys.0.material"'],
  ])('says that %j is damaged, without repeating it', async (text, where) => {
    await writeFile(path, text, { mode: 0o600 });
    const failure = await failureOf(laterStart());
    expect(failure.code).toBe('DAMAGED');
    expect(failure.message).toContain(where);
    expect(failure.message).toContain('backup');
    expect(failure).not.toHaveProperty('cause');
    expect(inspect(failure)).not.toMatch(new RegExp(`canary|${key.material.slice(0, 12)}`));
    expect(await readFile(path, 'utf8')).toBe(text);
  });

  it('is read as intact when it is', async () => {
    await writeFile(path, JSON.stringify(intact), { mode: 0o600 });
    expect((await laterStart()).currentId).toBe(key.id);
  });

  it('refuses a folder in the place of the file', async () => {
    expect((await failureOf(openKeyFile({ path: folder, databaseExists: true, now }))).code).toBe('DAMAGED');
  });

  it('says why the file system refuses', async () => {
    const blocked = join(path, 'below', 'a-file');
    await writeFile(path, '');
    const failure = await failureOf(openKeyFile({ path: blocked, databaseExists: false, now }));
    expect(failure).toMatchObject({ code: 'UNUSABLE', message: expect.stringContaining('ENOTDIR') });
  });

  it('lets many processes agree on one key', async () => {
    const starters = await Promise.all(Array.from({ length: 6 }, () => startProcess(path)));
    for (const starter of starters) starter.go();
    const derived = await Promise.all(starters.map(starter => starter.result));
    expect(new Set(derived).size).toBe(1);
    expect(derived[0]).toBe(Buffer.from(deriveKey(await laterStart(), 'page-tokens')).toString('hex'));
    expect(await readdir(folder)).toEqual(['key-file.json']);
  });
});

describe('keyFilePath', () => {
  it('is in the data folder unless SWITCHBOARD_KEY_FILE says otherwise', () => {
    expect(keyFilePath({}, '/data')).toBe('/data/key-file.json');
    expect(keyFilePath({ SWITCHBOARD_KEY_FILE: '' }, '/data')).toBe('/data/key-file.json');
    expect(keyFilePath({ SWITCHBOARD_KEY_FILE: '/keys/k' }, '/data')).toBe('/keys/k');
  });
});

describe('deriveKey', () => {
  it('gives every purpose its own lasting 32 bytes, none of them the vault’s', async () => {
    const keyFile = await firstStart();
    const all = [
      deriveKey(keyFile, 'page-tokens'),
      deriveKey(keyFile, 'other'),
      ...vaultKeys(keyFile).map(({ material }) => material),
      ...keyFile.keys.map(({ material }) => new Uint8Array(material.export())),
    ].map(bytes => Buffer.from(bytes).toString('hex'));
    expect(all.every(hex => hex.length === 64)).toBe(true);
    expect(new Set(all).size).toBe(4);
    expect(deriveKey(await laterStart(), 'page-tokens')).toEqual(deriveKey(keyFile, 'page-tokens'));
  });
});

describe('addKey', () => {
  it('makes a new key current and keeps what the older ones encrypted readable', async () => {
    const before = await firstStart();
    const sealed = await createKeyFileVault({ keys: vaultKeys(before) }).encrypt('secret', context);

    const after = await addKey(path, now);
    expect(await modeOf(path)).toBe(0o600);
    expect(await readdir(folder)).toEqual(['key-file.json']);
    expect(after.currentId).not.toBe(before.currentId);
    expect(vaultKeys(after).map(({ id }) => id)).toEqual([after.currentId, before.currentId]);
    expect(deriveKey(after, 'page-tokens')).not.toEqual(deriveKey(before, 'page-tokens'));

    const vault = createKeyFileVault({ keys: vaultKeys(await laterStart()) });
    expect(needsReencryption(sealed, after.currentId)).toBe(true);
    const moved = await vault.encrypt(await vault.decrypt(sealed, context), context);
    expect(needsReencryption(moved, after.currentId)).toBe(false);
  });

  it('rotates the file behind a symbolic link and leaves the link', async () => {
    await firstStart();
    const alias = join(folder, 'alias');
    await symlink(path, alias);
    await addKey(alias, now);
    expect((await laterStart()).keys).toHaveLength(2);
  });

  it('loses no key when several rotate at once', async () => {
    await firstStart();
    const outcomes = await Promise.allSettled(Array.from({ length: 8 }, () => addKey(path, now)));
    const done = outcomes.filter(outcome => outcome.status === 'fulfilled');
    expect(done.length).toBeGreaterThan(0);
    expect((await laterStart()).keys).toHaveLength(1 + done.length);
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'BUSY' });
    }
  });

  it('leaves the file alone and no trace behind when it cannot rotate', async () => {
    expect((await failureOf(addKey(path, now))).code).toBe('MISSING');
    expect(await readdir(folder)).toEqual([]);
    await firstStart();
    await chmod(path, 0o644);
    expect((await failureOf(addKey(path, now))).code).toBe('PERMISSIONS');
    expect(await readdir(folder)).toEqual(['key-file.json']);
  });

  it('says what an interrupted rotation left', async () => {
    await firstStart();
    await writeFile(`${path}.new`, '');
    const failure = await failureOf(addKey(path, now));
    expect(failure).toMatchObject({ code: 'BUSY', message: expect.stringContaining(`${path}.new`) });
    expect((await laterStart()).keys).toHaveLength(1);
  });
});

it('never prints key material', async () => {
  const keyFile = await firstStart();
  const printed = inspect(keyFile, { depth: null, showHidden: true }) + JSON.stringify(keyFile);
  const stored = JSON.parse(await readFile(path, 'utf8')).keys[0].material as string;
  expect(printed).toContain(keyFile.currentId);
  for (const encoding of ['base64', 'hex', 'latin1'] as const) {
    expect(printed).not.toContain(Buffer.from(stored, 'base64').toString(encoding));
  }
});

/** A process that stands ready, then opens the key file and prints what it derives from it. */
async function startProcess(file: string) {
  const script = `
    import { deriveKey, openKeyFile } from ${JSON.stringify(new URL('../../../local/keyFile.ts', import.meta.url))};
    console.log('ready');
    process.stdin.once('data', async () => {
      const keyFile = await openKeyFile({ path: ${JSON.stringify(file)}, databaseExists: false, now: Date.now });
      console.log(Buffer.from(deriveKey(keyFile, 'page-tokens')).toString('hex'));
      process.exit();
    });`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = child.stdout.setEncoding('utf8')[Symbol.asyncIterator]();
  await lines.next();
  const result = lines.next().then(line => String(line.value).trim());
  return { go: () => child.stdin.write('go\n'), result };
}
