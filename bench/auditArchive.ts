/**
 * Writes an archive of 1,000,000 events to a temporary folder and verifies it with `npm run audit`, in a process of its
 * own whose memory is watched: `node bench/auditArchive.ts [events]`.
 */
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { closeAccount, closeAccounts } from '../lib/archive/closeAccount.ts';
import type { ChainEnd } from '../lib/archive/closeDigest.ts';
import { hourAt } from '../lib/archive/hours.ts';
import { publishKey } from '../lib/archive/publishKey.ts';
import type { ArchivedEvent } from '../lib/archive/source.ts';
import { buildRecord, serializeRecord } from '../lib/audit/record.ts';
import { folderSink } from '../local/archive/folderSink.ts';
import { localSigner } from '../local/archive/signingKey.ts';
import { printTable, round, writeResult } from './support/result.ts';

const EVENTS = Number(process.argv[2] ?? 1_000_000);
const HOURS = 100;
const FIRST = Date.parse('2026-11-01T00:00:00Z');
const HOUR_MS = 3_600_000;
const ACCOUNT = '111122223333';
const CONFIG = { region: 'eu-central-1', eventSource: 'aidevops.switchboard' };

/** A change like many, of about a kilobyte. */
async function* events(at: number): AsyncGenerator<ArchivedEvent> {
  for (let n = 0; n < EVENTS / HOURS; n++) {
    const [id, requestId] = [randomUUID(), randomUUID()];
    const record = buildRecord(
      {
        ...{ eventId: id, requestId, eventName: 'UpdateAgentSpace', at, accountId: ACCOUNT, readOnly: false },
        caller: {
          ...{
            accountId: ACCOUNT,
            type: 'IAMUser',
            arn: `arn:aws:iam::${ACCOUNT}:user/ann`,
            userName: 'ann',
          },
          ...{
            principalId: 'AIDAANN',
            accessKeyId: 'AKIAANN',
            sourceIp: '192.0.2.7',
            userAgent: 'aws-cli/2',
          },
        },
        requestParameters: {
          agentSpaceId: requestId,
          name: `space ${n}`,
          description: 'A space for the night shift.',
        },
        responseElements: { agentSpace: { agentSpaceId: requestId, name: `space ${n}` } },
        resources: [],
      },
      CONFIG,
    );
    yield { id, time: record.eventTime, json: serializeRecord(record) };
  }
}

async function write(folder: string): Promise<void> {
  const deps = { sink: folderSink(folder), signer: localSigner(Buffer.alloc(32, 7)) };
  await publishKey(deps.sink, deps.signer);
  let end: ChainEnd | undefined;
  let all: ChainEnd | undefined;
  for (let n = 0; n < HOURS; n++) {
    const at = FIRST + n * HOUR_MS;
    const group = { eventHour: hourAt(at), category: 'm', events: () => events(at) } as const;
    const place = { accountId: ACCOUNT, region: CONFIG.region };
    const closed = await closeAccount(deps, place, hourAt(at), [group], end);
    const accounts = await closeAccounts(deps, CONFIG.region, hourAt(at), [closed], all);
    [end, all] = [closed.end, accounts.end];
  }
}

/** Runs the script; its memory as the system tells it, in MB. */
async function verify(folder: string, to: number) {
  const args = ['scripts/audit.ts', 'verify', '--dir', folder, '--to', new Date(to).toISOString()];
  const began = performance.now();
  const child = spawn(process.execPath, args, { cwd: join(import.meta.dirname, '..') });
  let [said, peak] = ['', 0];
  child.stdout.on('data', chunk => {
    said += chunk;
  });
  const watch = setInterval(() => {
    peak = Math.max(peak, peakOf(child.pid));
  }, 10);
  const code = await new Promise(resolve => child.once('close', resolve));
  clearInterval(watch);
  if (code !== 0) throw new Error(`The archive is not verified: ${said}`);
  return { seconds: round((performance.now() - began) / 1000), peakMb: peak };
}

/** In MB; 0 of a process that has ended, which has no such line. */
function peakOf(pid: number | undefined): number {
  try {
    const kilobytes = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0;
    return Math.round(Number(kilobytes) / 1024);
  } catch {
    return 0;
  }
}

const folder = mkdtempSync(join(tmpdir(), 'switchboard-bench-archive-'));
try {
  const began = performance.now();
  await write(folder);
  const writeSeconds = round((performance.now() - began) / 1000);
  const tenth = await verify(folder, FIRST + (HOURS / 10) * HOUR_MS);
  const whole = await verify(folder, FIRST + HOURS * HOUR_MS);
  printTable(
    ['events', 'verified in s', 'peak MB'],
    [
      [EVENTS / 10, tenth.seconds, tenth.peakMb],
      [EVENTS, whole.seconds, whole.peakMb],
    ],
  );
  console.log(`written in ${writeSeconds} s`);
  if (process.argv.includes('--write'))
    writeResult('auditArchive', { events: EVENTS, writeSeconds, tenth, whole });
} finally {
  rmSync(folder, { recursive: true, force: true });
}
