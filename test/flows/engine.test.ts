import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Engine, type EngineOptions, startEngine } from '../../local/engine/engine.ts';
import { ensureTable } from '../../local/engine/ensureTable.ts';
import type { ProcessKind } from '../../local/engine/findEngine.ts';
import { pidExists, processIdentity } from '../../local/engine/processIdentity.ts';
import { availableKinds, PROJECT_ROOT, testClient } from '../support/engine.ts';

const TABLE_NAME = 'engine-test';
const KEY = { pk: 'kept', sk: '-' };

let dataDir: string;
let messages: string[];
let cleanups: (() => unknown)[];
beforeEach(async () => {
  dataDir = join(await mkdtemp(join(tmpdir(), 'switchboard-flow-')), 'data');
  messages = [];
  cleanups = [];
});
afterEach(async () => {
  for (const cleanup of cleanups.reverse()) await cleanup();
  await rm(join(dataDir, '..'), { recursive: true, force: true });
});

async function start(kind?: ProcessKind, options: Partial<EngineOptions> = {}): Promise<Engine> {
  const log = (message: string) => messages.push(message);
  const engine = await startEngine({
    dataDir,
    log,
    projectRoot: PROJECT_ROOT,
    ...(kind && { kind }),
    ...options,
  });
  cleanups.push(() => engine.stop());
  return engine;
}

async function putKept(endpoint: string): Promise<void> {
  const client = testClient(endpoint);
  await ensureTable(client, TABLE_NAME);
  await client.send(new PutCommand({ TableName: TABLE_NAME, Item: { ...KEY, x: 1 } }));
}

const getKept = async (endpoint: string) =>
  (await testClient(endpoint).send(new GetCommand({ TableName: TABLE_NAME, Key: KEY }))).Item;

const runs = (pid: number | undefined) => pid !== undefined && processIdentity(pid) !== undefined;

/** The files that others than the owner may read or write. The folder keeps them out as well. */
async function openToOthers(): Promise<string[]> {
  const paths = [dataDir, ...(await readdir(dataDir)).map(name => join(dataDir, name))];
  const modes = await Promise.all(paths.map(async path => ({ path, mode: (await stat(path)).mode })));
  return modes.filter(({ mode }) => mode & 0o077).map(({ path }) => path);
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await sleep(5);
}

/** A server process that starts the engine, tells about it, and ends when its standard input says how. */
async function startServer(
  kind: ProcessKind,
): Promise<{ server: ChildProcess; pid: number; endpoint: string }> {
  const module = JSON.stringify(new URL('../../local/engine/engine.ts', import.meta.url).href);
  const options = JSON.stringify({ dataDir, kind, projectRoot: PROJECT_ROOT });
  const source = `
    const { startEngine } = await import(${module});
    const { pid, endpoint } = await startEngine({ ...${options}, log: () => {} });
    console.log(JSON.stringify({ pid, endpoint }));
    process.stdin.once('data', how => { if (String(how) === 'exit') process.exit(0); throw new Error('crash'); });`;
  const server = spawn(process.execPath, ['--input-type=module', '-e', source], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  cleanups.push(() => server.kill('SIGKILL'));
  const [line] = await once(createInterface({ input: server.stdout }), 'line');
  const engine = JSON.parse(line) as { pid: number; endpoint: string };
  cleanups.push(() => runs(engine.pid) && process.kill(engine.pid, 'SIGKILL'));
  return { server, ...engine };
}

// A Java engine takes seconds to start on a busy machine.
describe.each(availableKinds())('the engine %s', { timeout: 120_000 }, kind => {
  it('starts for its owner alone, keeps its data over a restart, and ends when stopped', async () => {
    const engine = await start(kind);
    expect(engine.kind).toBe(kind);
    await putKept(engine.endpoint);
    expect(await openToOthers()).toEqual([]);
    await Promise.all([engine.stop(), engine.stop()]);
    expect(runs(engine.pid)).toBe(false);
    await expect(getKept(engine.endpoint)).rejects.toThrow();
    const again = await start(kind);
    expect(await getKept(again.endpoint)).toEqual({ ...KEY, x: 1 });
    expect(messages).toEqual([]);
  });

  it.runIf(process.platform === 'linux')(
    'listens on one loopback address only, which is not 127.0.0.1',
    async () => {
      const { endpoint, pid } = await start(kind);
      const { port, hostname } = new URL(endpoint);
      expect(hostname).toMatch(/^127\./);
      expect(hostname).not.toBe('127.0.0.1');
      await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow();
      // No listener of any process on this port but that one: proc(5) net/tcp, addresses as little-endian hex.
      const hex = Number(port).toString(16).toUpperCase().padStart(4, '0');
      const tables = await Promise.all(
        ['tcp', 'tcp6'].map(name => readFile(`/proc/${pid}/net/${name}`, 'utf8')),
      );
      const listeners = tables.flatMap(table => table.split('\n').filter(line => / 0A /.test(line)));
      const address = hostname
        .split('.')
        .reverse()
        .map(part => Number(part).toString(16).padStart(2, '0'));
      const found = listeners
        .map(line => line.trim().split(/\s+/)[1] ?? '')
        .filter(at => at.endsWith(`:${hex}`));
      expect(found).toHaveLength(1);
      expect(found[0]).toMatch(new RegExp(`${address.join('')}:${hex}$`, 'i'));
    },
  );

  it('of a killed server is found and ended at the next start; nothing is lost', async () => {
    const { server, pid, endpoint } = await startServer(kind);
    await putKept(endpoint);
    server.kill('SIGKILL');
    await once(server, 'exit');
    expect(runs(pid)).toBe(true);
    const engine = await start(kind);
    expect(runs(pid)).toBe(false);
    expect(messages).toEqual([
      `Stopping the database engine that an earlier server left behind (pid ${pid}).`,
    ]);
    expect(await getKept(engine.endpoint)).toEqual({ ...KEY, x: 1 });
  });
});

describe('the end of the engine', () => {
  it('is told when it comes by itself, and not when it is stopped', async () => {
    const ends: string[] = [];
    const onExit = (message: string) => ends.push(message);
    const engine = await start('dynoxide', { onExit });
    process.kill(engine.pid ?? 0, 'SIGKILL');
    await until(() => ends.length > 0);
    expect(ends).toEqual([`The database engine (dynoxide, pid ${engine.pid}) ended: SIGKILL.`]);
    await engine.stop();
    const second = await start('dynoxide', { onExit });
    await second.stop();
    await sleep(20);
    expect(ends).toHaveLength(1);
  });

  it.each(['exit', 'crash'])('comes with the end of a server that ends by itself (%s)', async how => {
    const { server, pid } = await startServer('dynoxide');
    server.stdin?.write(how);
    await once(server, 'exit');
    await until(() => !runs(pid));
  });
});

describe('the data folder', () => {
  it('serves one server; the refusal names the folder and the holder', async () => {
    const { server, pid } = await startServer('dynoxide');
    const refused = `The data folder ${dataDir} is in use by process ${server.pid}.`;
    await expect(start('dynoxide')).rejects.toThrow(refused);
    expect(runs(pid)).toBe(true);
    server.kill('SIGKILL');
    await once(server, 'exit');
    await start('dynoxide');
  });

  it('is refused to a second engine of this process, and free again once stopped', async () => {
    const engine = await start('dynoxide');
    await expect(start('dynoxide')).rejects.toThrow(`in use by process ${process.pid}`);
    await engine.stop();
    await start('dynoxide');
  });

  it('goes to exactly one of many servers that start at once after a crash', async () => {
    const { server } = await startServer('dynoxide');
    server.kill('SIGKILL');
    await once(server, 'exit');
    const starts = await Promise.allSettled(Array.from({ length: 6 }, () => start('dynoxide')));
    expect(starts.filter(one => one.status === 'fulfilled')).toHaveLength(1);
  });

  it('is free again when the engine cannot start', async () => {
    const bin = join(dataDir, '..', 'bin');
    await mkdir(bin);
    await writeFile(join(bin, 'dynoxide'), '#!/bin/sh\necho "disk is on fire" >&2\nexit 3\n');
    await chmod(join(bin, 'dynoxide'), 0o755);
    const broken = { projectRoot: bin, env: { PATH: bin } };
    await expect(start('dynoxide', broken)).rejects.toThrow(/did not start.*disk is on fire/s);
    await start('dynoxide');
  });

  it('never ends a process that only has the pid of an earlier engine', async () => {
    const other = spawn('sleep', ['60']);
    cleanups.push(() => other.kill('SIGKILL'));
    await mkdir(dataDir, { mode: 0o700 });
    const identity = `${processIdentity(other.pid ?? 0)}-earlier`;
    await writeFile(join(dataDir, 'engine.pid'), JSON.stringify({ pid: other.pid, identity }));
    await start('dynoxide');
    expect(messages).toEqual([]);
    expect(pidExists(other.pid ?? 0)).toBe(true);
    expect(other.signalCode).toBeNull();
  });

  it.each(['', '{', '{"pid":-1,"identity":"x"}', '{"pid":0}', 'null', '{"pid":"1"}'])(
    'copes with a damaged record of the engine: %j',
    async text => {
      await mkdir(dataDir, { mode: 0o700 });
      await writeFile(join(dataDir, 'engine.pid'), text);
      await start('dynoxide');
    },
  );

  it('asks when a process may or may not be the engine', async () => {
    await mkdir(dataDir, { mode: 0o700 });
    await writeFile(join(dataDir, 'engine.pid'), JSON.stringify({ pid: process.pid, identity: null }));
    await expect(start('dynoxide')).rejects.toThrow(`Process ${process.pid} may be a database engine`);
  });

  it('that others may enter is left as it is, and said', async () => {
    await mkdir(dataDir);
    await chmod(dataDir, 0o755);
    await start('dynoxide');
    expect(messages).toEqual([expect.stringContaining(`chmod 700`)]);
    expect((await stat(dataDir)).mode & 0o777).toBe(0o755);
  });

  it('of another engine is not begun anew', async () => {
    await mkdir(join(dataDir, 'dynamodb-local'), { recursive: true, mode: 0o700 });
    await expect(start('dynoxide')).rejects.toThrow('belongs to the engine dynamodb-local');
    expect(existsSync(join(dataDir, 'switchboard.db'))).toBe(false);
  });
});

describe('DYNAMODB_ENDPOINT', () => {
  it('is used as it is; nothing is started', async () => {
    const env = { DYNAMODB_ENDPOINT: 'http://127.0.0.1:8000' };
    const engine = await start(undefined, { env });
    expect(engine).toMatchObject({ kind: 'endpoint', endpoint: 'http://127.0.0.1:8000/' });
    expect(await readdir(dataDir)).not.toContain('switchboard.db');
    await expect(start(undefined, { env })).rejects.toThrow('in use');
  });

  it('must be a URL', async () => {
    const env = { DYNAMODB_ENDPOINT: 'localhost:8000' };
    await expect(start(undefined, { env })).rejects.toThrow('DYNAMODB_ENDPOINT must be');
  });
});
