import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { closeAccount, closeAccounts } from '../../../lib/archive/closeAccount.ts';
import type { ChainEnd } from '../../../lib/archive/closeDigest.ts';
import { type DigestSigner, fingerprintOf } from '../../../lib/archive/digest.ts';
import { hoursBetween } from '../../../lib/archive/hours.ts';
import { digestKey, logFileKey } from '../../../lib/archive/names.ts';
import { publicKeyFile, publishKey } from '../../../lib/archive/publishKey.ts';
import { folderSink, removeUnfinished } from '../../../local/archive/folderSink.ts';
import { localSigner } from '../../../local/archive/signingKey.ts';
import { keysIn } from '../../support/archive/folder.ts';
import { asStream, someEvents } from '../../support/archive/memory.ts';
import { PROJECT_ROOT } from '../../support/engine.ts';

const place = { accountId: '111122223333', region: 'eu-central-1' };
const HOURS = [...hoursBetween('2026-11-24T22', '2026-11-25T03')];
const RANGE = ['--from', '2026-11-24T22:00Z', '--to', '2026-11-25T04:00Z'];
const [older, newer] = [localSigner(Buffer.alloc(32, 1)), localSigner(Buffer.alloc(32, 2))];

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'switchboard-archive-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** An archive whose key changed in the middle. */
async function anArchive(): Promise<void> {
  const sink = folderSink(folder);
  let end: ChainEnd | undefined;
  let all: ChainEnd | undefined;
  for (const [n, hour] of HOURS.entries()) {
    const signer: DigestSigner = n < 3 ? older : newer;
    await publishKey(sink, signer);
    const events = () => asStream(someEvents(hour, String(n), n));
    const groups = n > 0 ? [{ eventHour: hour, category: 'm' as const, events }] : [];
    const closed = await closeAccount({ sink, signer }, place, hour, groups, end);
    const accounts = await closeAccounts({ sink, signer }, place.region, hour, [closed], all);
    [end, all] = [closed.end, accounts.end];
  }
}

function audit(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['scripts/audit.ts', ...args, ...(args[0] === 'verify' ? ['--dir', folder] : [])],
    { cwd: PROJECT_ROOT, encoding: 'utf8' },
  );
  return { status, stdout, stderr };
}

const logFile = () =>
  join(
    folder,
    logFileKey({ ...place, eventHour: HOURS[4] ?? '', closedHour: HOURS[4] ?? '', category: 'm', part: 0 }),
  );

describe('npm run audit', () => {
  it('proves what was left alone, whichever key it was signed with', async () => {
    await anArchive();
    const whole = audit('verify', ...RANGE);
    expect(whole.status).toBe(0);
    expect(whole.stdout).toContain('Verified 15 events in 5 files of 6 digests: nothing was changed.');
    expect(whole.stdout).toContain(
      `Trusted because it is in the archive: ${fingerprintOf(older.publicKeyPem)}`,
    );
    const keys = [older, newer].flatMap(({ publicKeyPem }) => ['--key', fingerprintOf(publicKeyPem)]);
    const pinned = audit('verify', ...RANGE, ...keys);
    expect(pinned).toMatchObject({ status: 0, stdout: expect.not.stringContaining('Trusted') });
    const file = join(folder, publicKeyFile(fingerprintOf(older.publicKeyPem)));
    expect(audit('verify', '--to', '2026-11-25T01:00Z', '--key', file).status).toBe(0);
    const half = audit('verify', ...RANGE, '--key', file);
    expect(half).toMatchObject({ status: 1, stdout: expect.stringContaining('not trusted') });
  });

  it('names the first file that is not as it was', async () => {
    await anArchive();
    const bytes = readFileSync(logFile());
    bytes.writeUInt8(bytes.readUInt8(20) ^ 1, 20);
    rmSync(logFile());
    writeFileSync(logFile(), bytes);
    const failed = audit('verify', ...RANGE);
    expect(failed.status).toBe(1);
    expect(failed.stdout).toContain(`FAILED at ${logFile().slice(folder.length + 1)}: It is not what`);
    // What is asked for ends before it.
    expect(audit('verify', '--from', '2026-11-24T22:00Z', '--to', '2026-11-25T02:00Z').status).toBe(0);
  });

  it('misses the hours up to now when nobody says until when', async () => {
    await anArchive();
    const missing = digestKey(place, '2026-11-25T04');
    const failed = audit('verify');
    expect(failed).toMatchObject({ status: 1, stdout: expect.stringContaining(`FAILED at ${missing}`) });
    expect(audit('verify', ...RANGE, '--account', '999988887777').status).toBe(1);
  });

  it('says when it cannot tell', async () => {
    expect(audit('verify', ...RANGE)).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('no public key'),
    });
    await anArchive();
    expect(audit('verify', '--from', 'yesterday').stderr).toContain('--from must be');
    expect(audit('verify', '--from', '2026-11-26', '--to', '2026-11-25').status).toBe(2);
    expect(audit('verify', '--key', 'ab'.repeat(32)).status).toBe(2);
    expect(audit('prove').status).toBe(2);
    for (const [args, problem] of [
      [
        ['--form', '2026-11-25'],
        "Unknown option '--form'. Options are --from, --to, --dir, --account, --key.",
      ],
      [['--from'], "Option '--from"],
      [['2026-11-25'], 'Unexpected argument "2026-11-25".'],
    ] as const) {
      const refused = audit('verify', ...args);
      expect(refused).toMatchObject({ status: 2, stderr: expect.stringContaining(problem) });
      expect(refused.stderr).toContain('See npm run audit -- verify --help.');
    }
    for (const args of [[], ['--help'], ['help'], ['verify', '--help'], ['verify', '-h', '--form']]) {
      expect(audit(...args)).toMatchObject({ status: 0, stdout: expect.stringContaining('--from, --to') });
    }
  });
});

describe('an archive in a folder', () => {
  it('is for its owner alone, and replaces nothing', async () => {
    const sink = folderSink(join(folder, 'new', 'archive'));
    expect(await sink.create('a/b/c', Buffer.from('one'))).toBe(true);
    expect(await sink.create('a/b/c', Buffer.from('two'))).toBe(false);
    expect(await sink.read('a/b/c')).toEqual(Buffer.from('one'));
    expect(await sink.read('a/b/d')).toBeUndefined();
    expect(await sink.list('a/b/')).toEqual(['a/b/c']);
    expect(await sink.list('a/x/')).toEqual([]);
    const modes = ['new', 'new/archive/a/b', 'new/archive/a/b/c'].map(
      path => statSync(join(folder, path)).mode & 0o777,
    );
    expect(modes).toEqual([0o700, 0o700, 0o600]);
    expect(keysIn(folder)).toEqual(['new/archive/a/b/c']);
  });

  it('of many that create one file lets one', async () => {
    const sink = folderSink(folder);
    const made = await Promise.all(Array.from({ length: 20 }, (_, n) => sink.create('x/y', Buffer.of(n))));
    expect(made.filter(Boolean)).toHaveLength(1);
    expect(await sink.read('x/y')).toEqual(Buffer.of(made.indexOf(true)));
  });

  it('forgets what was not finished', async () => {
    mkdirSync(join(folder, '.unfinished'));
    writeFileSync(join(folder, '.unfinished', 'piece'), 'x');
    await removeUnfinished(folder);
    expect(readdirSync(folder)).toEqual([]);
  });
});

it('makes the same signing key of the same secret', () => {
  const again = localSigner(Buffer.alloc(32, 1));
  expect(again.publicKeyPem).toBe(older.publicKeyPem);
  expect(newer.publicKeyPem).not.toBe(older.publicKeyPem);
  // Above the order of the curve, and none at all.
  for (const byte of [0xff, 0])
    expect(localSigner(Buffer.alloc(32, byte)).publicKeyPem).toContain('PUBLIC KEY');
});
