import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DYNAMODB_LOCAL_DIR, findEngine, missingMessage } from '../../../local/engine/findEngine.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'switchboard-find-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function file(path: string, mode = 0o755): Promise<string> {
  const full = join(root, path);
  await mkdir(dirname(full), { recursive: true });
  await writeFile(full, '{}');
  await chmod(full, mode);
  return full;
}

const packaged = `node_modules/@dynoxide/${process.platform}-${process.arch}`;

describe('findEngine', () => {
  it('prefers the packaged Dynoxide, then one on PATH, then DynamoDB Local', async () => {
    const java = await file('bin/java');
    const env = { PATH: ['/nowhere', join(root, 'bin')].join(delimiter) };
    await file(join(DYNAMODB_LOCAL_DIR, 'DynamoDBLocal.jar'));
    const emulatorDir = join(root, DYNAMODB_LOCAL_DIR);
    const local = { kind: 'dynamodb-local', java, emulatorDir };
    expect(findEngine(root, env)).toEqual(local);

    const onPath = await file('bin/dynoxide');
    expect(findEngine(root, env)).toEqual({ kind: 'dynoxide', binary: onPath });

    await file(`${packaged}/package.json`);
    const binary = await file(`${packaged}/dynoxide`);
    expect(findEngine(root, env)).toEqual({ kind: 'dynoxide', binary });
    expect(findEngine(root, env, 'dynamodb-local')).toEqual(local);
  });

  it('passes over a file that cannot be executed, and a folder', async () => {
    await file(`${packaged}/package.json`);
    await file(`${packaged}/dynoxide`, 0o644);
    await mkdir(join(root, 'bin', 'dynoxide'), { recursive: true });
    expect(() => findEngine(root, { PATH: join(root, 'bin') })).toThrow('No database engine was found');
  });

  it('takes the Java that JAVA_HOME names', async () => {
    await file(join(DYNAMODB_LOCAL_DIR, 'DynamoDBLocal.jar'));
    const java = await file('jdk/bin/java');
    expect(findEngine(root, { JAVA_HOME: join(root, 'jdk'), PATH: '' })).toMatchObject({ java });
  });

  it('says what to install on this platform', () => {
    expect(() => findEngine(root, { PATH: '' })).toThrow(`${process.platform}-${process.arch}`);
    expect(missingMessage('linux-x64')).toContain('npm ci');
    const mac = missingMessage('darwin-arm64');
    expect(mac).toContain('darwin-arm64');
    expect(mac).toContain('`dynoxide` binary on PATH');
    expect(mac).toContain('Java 17');
    expect(mac).toContain('DYNAMODB_ENDPOINT');
    expect(mac).not.toContain('npm ci');
  });
});
