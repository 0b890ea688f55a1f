import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { GetPublicKeyCommand, KMSClient, SignCommand } from '@aws-sdk/client-kms';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { DeleteCommand } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { v7 } from 'uuid';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { handler } from '../../functions/archiveAuditEvents.ts';
import { HOUR_MS, hourAt } from '../../lib/archive/hours.ts';
import { markingClient } from '../../lib/archive/marks.ts';
import { digestKey } from '../../lib/archive/names.ts';
import { eventItems } from '../../lib/audit/items.ts';
import { writeEvent } from '../../lib/audit/writeEvent.ts';
import { coreDeps } from '../../lib/deps/core.ts';
import { provide, provided } from '../../lib/deps/provided.ts';
import { createInvocationLog } from '../../lib/invocations/invocationLog.ts';
import { archivedRecords } from '../support/archive/contents.ts';
import { ecKey } from '../support/aws/kmsSigning.ts';
import { mockedBucket } from '../support/aws/mockedBucket.ts';
import { PROJECT_ROOT, startTestEngine, type TestEngine } from '../support/engine.ts';
import { factsOf } from '../support/invocations.ts';
import { allItems } from '../support/table.ts';

// As on AWS: the function on its schedule, a bucket, and a key of KMS.

const ACCOUNT = '111122223333';
const schedule = JSON.parse(
  readFileSync(new URL('../fixtures/lambda/schedule.json', import.meta.url), 'utf8'),
);
const inTime = { awsRequestId: 'run', getRemainingTimeInMillis: () => 600_000 };
const kms = mockClient(KMSClient);
const key = ecKey();
/** Sees each request to S3 and KMS first, and may throw. */
let before: (command: string) => void;
const { files, s3 } = mockedBucket(command => before(command));

let engine: TestEngine;
let start: number;

beforeAll(async () => {
  engine = await startTestEngine();
  provide({
    env: {
      ...{ TABLE_NAME: engine.tableName, DYNAMODB_ENDPOINT: engine.endpoint },
      ...{ PAGE_TOKEN_KEY: 'k'.repeat(22), AWS_REGION: 'eu-central-1' },
      ...{ AUDIT_BUCKET: 'archive', AUDIT_SIGNING_KEY_ARN: 'arn:aws:kms:eu-central-1:111122223333:key/a' },
    },
  });
}, 120_000);
afterAll(() => engine.stop());
beforeEach(async () => {
  for (const { pk, sk } of await allItems(engine.client, engine.tableName)) {
    await engine.client.send(new DeleteCommand({ TableName: engine.tableName, Key: { pk, sk } }));
  }
  files.clear();
  s3.resetHistory();
  before = () => {};
  kms.reset();
  kms.on(GetPublicKeyCommand).callsFake(() => {
    before('GetPublicKey');
    return key.publicKey;
  });
  kms.on(SignCommand).callsFake(({ Message }) => {
    before('Sign');
    return { Signature: key.signDigest(Message) };
  });
  // Three hours that are over, whatever the minute is: begun five hours ago.
  start = Math.floor(Date.now() / HOUR_MS) * HOUR_MS - 5 * HOUR_MS;
});

/** Changes and calls of tools, written when they happened. */
async function happened(at: number): Promise<string[]> {
  const core = coreDeps();
  const store = markingClient(engine.client, { config: core.config, now: () => at });
  const deps = { ...core, store, now: () => at, log: () => {} };
  const eventId = v7({ msecs: at });
  const facts = {
    ...{ eventId, eventName: 'CreateAgentSpace', requestId: eventId, at, accountId: ACCOUNT },
    ...{ readOnly: false, requestParameters: null, responseElements: null, resources: [] },
  };
  await writeEvent(deps, eventItems(facts, core.config, 'new'));
  const calls = createInvocationLog(deps);
  for (let n = 0; n < 3; n++) calls.record(factsOf({ accountId: ACCOUNT, at: at + n }));
  await calls.close();
  return [eventId];
}

const archived = () => archivedRecords(files);
const run = (context = inTime) => handler(schedule, context);
const writes = () => s3.commandCalls(PutObjectCommand).length;

/** What an auditor does: a copy of the bucket, and `npm run audit`. */
function audit(to: number) {
  const folder = mkdtempSync(join(tmpdir(), 'switchboard-bucket-'));
  try {
    for (const [name, bytes] of files) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), bytes);
    }
    const args = ['scripts/audit.ts', 'verify', '--dir', folder, '--to', new Date(to).toISOString()];
    const { status, stdout } = spawnSync(process.execPath, args, { cwd: PROJECT_ROOT, encoding: 'utf8' });
    return { status, stdout };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

it('archives hours that are over, as anybody verifies offline who has a copy of the bucket', async () => {
  await happened(start);
  await happened(start + 2 * HOUR_MS);
  const { closed, open, gaps } = await run();
  // The last of them only from a quarter past on.
  expect([4, 5]).toContain(closed);
  expect({ open, gaps }).toEqual({ open: 0, gaps: [] });
  expect(archived()).toHaveLength(8);
  expect(archived().filter(({ managementEvent }) => !managementEvent)).toHaveLength(6);
  const proven = audit(start + closed * HOUR_MS);
  expect(proven.stdout).toContain(`Verified 8 events in 4 files of ${closed} digests`);
  expect(proven.status).toBe(0);
});

it('writes nothing when it runs again', async () => {
  await happened(start);
  await run();
  const stored = new Map(files);
  s3.resetHistory();
  expect((await run()).closed).toBe(0);
  // But for the public key, which is there.
  expect(writes()).toBe(1);
  expect([...files]).toEqual([...stored]);
});

const FAULTS = ['SlowDown', 'TimeoutError', 'AccessDeniedException'];

it.each(FAULTS)('fails on %s, at whichever request, and the next run archives all once', async fault => {
  const last = start + 2 * HOUR_MS;
  await happened(start);
  await happened(last);
  let failures = 0;
  for (let nth = 0; ; nth++) {
    let left = nth;
    before = () => {
      if (left-- === 0) throw Object.assign(new Error(fault), { name: fault });
    };
    try {
      await run();
      break;
    } catch (error) {
      expect((error as Error).name).toBe(fault);
      failures++;
    }
  }
  expect(failures).toBeGreaterThan(10);
  expect(archived()).toHaveLength(8);
  expect(new Set(archived().map(({ eventID }) => eventID)).size).toBe(8);
  expect(audit(last + HOUR_MS).status).toBe(0);
});

it('fails where it has no time for all hours, and the next run goes on', async () => {
  await happened(start);
  let hours = 2;
  await expect(
    run({ awsRequestId: 'run', getRemainingTimeInMillis: () => (hours-- > 0 ? 600_000 : 60_000) }),
  ).rejects.toThrow(/^[23] hours of the audit archive are left/);
  expect([2, 3]).toContain((await run()).closed);
});

it('fails where a digest has gone, and says which', async () => {
  await happened(start);
  await run({
    awsRequestId: 'run',
    getRemainingTimeInMillis: (
      left => () =>
        left-- > 0 ? 600_000 : 0
    )(2),
  }).catch(() => {});
  const gone = digestKey({ accountId: ACCOUNT, region: 'eu-central-1' }, hourAt(start));
  expect(files.delete(gone)).toBe(true);
  await expect(run()).rejects.toThrow(`missing or changed: ${gone}`);
  // What could be closed is closed all the same.
  expect(audit(start + 3 * HOUR_MS).stdout).toContain(`FAILED at ${gone}`);
});

it('does not begin without its bucket', async () => {
  const { env = {} } = provided;
  provide({ env: { ...env, AUDIT_BUCKET: '' } });
  try {
    await expect(run()).rejects.toThrow('AUDIT_BUCKET must be set.');
  } finally {
    provide({ env });
  }
});
