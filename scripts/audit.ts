import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { GRACE_MS } from '../lib/archive/closeHours.ts';
import { fingerprintOf } from '../lib/archive/digest.ts';
import { HOUR_MS, type Hour, hourAt } from '../lib/archive/hours.ts';
import { KEY_FOLDER } from '../lib/archive/publishKey.ts';
import { verifyArchive } from '../lib/archive/verify.ts';
import type { Verified } from '../lib/archive/verifyRun.ts';
import { folderReader } from '../local/archive/folderReader.ts';
import { asksForHelp, readArguments } from './commandLine.ts';

const USAGE = `Verifies the archive of audit events, offline.

  npm run audit -- verify [--from TIME] [--to TIME] [--dir FOLDER] [--account ID]… [--key FILE | FINGERPRINT]…

--from, --to   Days or times, such as 2026-11-01 or 2026-11-01T12:00Z, of the hours that were closed between them: from
               the first digest, and to the last hour that must be closed by now, when left out.
--dir          The archive (SWITCHBOARD_ARCHIVE_DIR, or archive in SWITCHBOARD_DATA_DIR): the folder above AWSLogs.
--account      Fails unless the archive has something of this account, and verifies no others.
--key          A public key that you kept elsewhere, or its fingerprint. When left out, the keys in the archive are
               trusted: that proves nothing against somebody who can replace those as well.

Ends with 0 when nothing was changed, removed, inserted or reordered, with 1 otherwise, with 2 when it cannot tell.`;

/** What the archiver takes at most to look for an hour that can be closed, and to close it. */
const SLACK_MS = 5 * 60_000;

const VERIFY = {
  call: 'npm run audit -- verify',
  options: {
    from: { type: 'string' },
    to: { type: 'string' },
    dir: { type: 'string' },
    account: { type: 'string', multiple: true },
    key: { type: 'string', multiple: true },
  },
} as const;

async function run(args: string[]): Promise<number> {
  const [command, ...rest] = args;
  if (command === undefined || command === 'help' || asksForHelp(args)) return say(USAGE, 0);
  if (command !== 'verify') throw new Error(`There is no command "${command}".\n\n${USAGE}`);
  const { values } = readArguments(rest, VERIFY);
  const folder = resolve(values.dir ?? defaultFolder());
  const archive = folderReader(folder);
  const published = await publishedKeys(folder);
  const publicKeys = values.key ? values.key.map(key => trusted(key, published)) : [...published.values()];
  if (publicKeys.length === 0) throw new Error(`There is no public key in ${join(folder, KEY_FOLDER)}.`);
  const verified = await verifyArchive(archive, {
    ...(values.from === undefined ? {} : { first: hourAt(timeOf('--from', values.from)) }),
    last: lastHour(values.to),
    ...(values.account ? { accounts: values.account } : {}),
    publicKeys,
  });
  return report(verified, values.key ? [] : publicKeys);
}

/** The keys of the archive by fingerprint. */
async function publishedKeys(folder: string): Promise<Map<string, string>> {
  const archive = folderReader(folder);
  const keys = new Map<string, string>();
  for (const name of await archive.entries(KEY_FOLDER)) {
    const pem = Buffer.from((await archive.read(`${KEY_FOLDER}${name}`)) ?? '').toString();
    keys.set(fingerprintOf(pem), pem);
  }
  return keys;
}

/** The public key that an argument names. */
function trusted(key: string, published: ReadonlyMap<string, string>): string {
  if (!/^[0-9a-f]{64}$/.test(key)) return readFileSync(key, 'utf8');
  const pem = published.get(key);
  if (pem === undefined) throw new Error(`The archive has no public key with the fingerprint ${key}.`);
  return pem;
}

function lastHour(to: string | undefined): Hour {
  // Up to, and without, the moment that is named.
  if (to !== undefined) return hourAt(timeOf('--to', to) - 1);
  return hourAt(Date.now() - HOUR_MS - GRACE_MS - SLACK_MS);
}

function timeOf(option: string, text: string): number {
  const time = /^\d{4}-\d{2}-\d{2}(T\d{2}(:\d{2}(:\d{2}(\.\d+)?)?)?Z)?$/.test(text)
    ? Date.parse(/T\d{2}Z$/.test(text) ? text.replace('Z', ':00Z') : text)
    : Number.NaN;
  if (Number.isNaN(time)) throw new Error(`${option} must be a day or a time in UTC, not "${text}".`);
  return time;
}

function report({ problem, chains, digests, logFiles, events }: Verified, untold: readonly string[]): number {
  for (const { accountId, region, first, last } of chains)
    say(`${accountId} ${region}: ${first}:00Z to ${last}:59Z is complete.`);
  for (const pem of untold) say(`Trusted because it is in the archive: ${fingerprintOf(pem)} (see --key).`);
  if (problem) return say(`FAILED at ${problem.file}: ${problem.reason}`, 1);
  return say(`Verified ${events} events in ${logFiles} files of ${digests} digests: nothing was changed.`, 0);
}

function say(line: string, code = 0): number {
  console.log(line);
  return code;
}

function defaultFolder(): string {
  const { SWITCHBOARD_ARCHIVE_DIR, SWITCHBOARD_DATA_DIR } = process.env;
  return SWITCHBOARD_ARCHIVE_DIR || join(SWITCHBOARD_DATA_DIR || '.switchboard', 'archive');
}

try {
  process.exitCode = await run(process.argv.slice(2));
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 2;
}
