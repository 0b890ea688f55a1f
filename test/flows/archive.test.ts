import { DeleteCommand } from '@aws-sdk/lib-dynamodb';
import { v7 } from 'uuid';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { type ArchiveDeps, closeHours } from '../../lib/archive/closeHours.ts';
import { HOUR_MS, type Hour, hourAt } from '../../lib/archive/hours.ts';
import { markingClient } from '../../lib/archive/marks.ts';
import { digestKey, parseLogFileKey } from '../../lib/archive/names.ts';
import { verifyArchive } from '../../lib/archive/verify.ts';
import { eventItems } from '../../lib/audit/items.ts';
import { writeEvent } from '../../lib/audit/writeEvent.ts';
import { loadConfig } from '../../lib/config.ts';
import { spaceResource } from '../../lib/identity/arn.ts';
import { createInvocationLog } from '../../lib/invocations/invocationLog.ts';
import { keys } from '../../lib/store/keys.ts';
import { queryItems } from '../../lib/store/read.ts';
import { archivedRecords } from '../support/archive/contents.ts';
import { type MemoryArchive, memoryArchive, testSigner } from '../support/archive/memory.ts';
import { startTestEngine, type TestEngine } from '../support/engine.ts';
import { factsOf } from '../support/invocations.ts';
import { allItems } from '../support/table.ts';

const ACCOUNT = '111122223333';
const OTHER = '444455556666';
const NOON = Date.parse('2026-11-25T12:00:00Z');
const MINUTE = 60_000;
const signer = testSigner();

let engine: TestEngine;
let now: number;
let archive: MemoryArchive;
let logged: string[];
let deps: ArchiveDeps & { sleep: () => Promise<void>; random: () => number; newId: (at: number) => string };

beforeAll(async () => {
  engine = await startTestEngine();
}, 120_000);
afterAll(() => engine.stop());
beforeEach(async () => {
  for (const { pk, sk } of await allItems(engine.client, engine.tableName)) {
    await engine.client.send(new DeleteCommand({ TableName: engine.tableName, Key: { pk, sk } }));
  }
  now = NOON;
  archive = memoryArchive();
  logged = [];
  deps = aProcess();
});

/** What one process knows: which hours it has marked. */
function aProcess() {
  const config = loadConfig({ TABLE_NAME: engine.tableName });
  return {
    config,
    store: markingClient(engine.client, { config, now: () => now }),
    now: () => now,
    ...{ sink: archive, signer },
    sleep: async () => {},
    random: () => 0,
    newId: (at: number) => v7({ msecs: at }),
    log: (event: string, fields: object) => void logged.push(`${event} ${JSON.stringify(fields)}`),
  };
}

/** Records an event that happened then; answers its id. */
async function happened(at: number, accountId = ACCOUNT, process = deps): Promise<string> {
  const eventId = v7({ msecs: at });
  const facts = {
    ...{ eventId, eventName: 'Something', requestId: eventId, at, accountId },
    ...{ readOnly: false, requestParameters: null, responseElements: null },
    resources: at % 2 ? [] : [spaceResource({ region: 'us-east-1', accountId }, 'as-1')],
  };
  await writeEvent(process, eventItems(facts, deps.config, 'new'));
  return eventId;
}

const archived = () => archivedRecords(archive.files).map(({ eventID }) => eventID);
const hoursOf = (accountId: string) =>
  [...archive.files.keys()].filter(key => key.includes(`/${accountId}/Switchboard-Digest/`)).length;
const marks = () => queryItems<{ sk: string }>(deps, keys.archiveMarks(), undefined, 100);

async function expectProven(last: Hour) {
  const { problem, events } = await verifyArchive(archive, { last, publicKeys: [signer.publicKeyPem] });
  expect(problem).toBeUndefined();
  expect(events).toBe(archived().length);
}

it('closes an hour a quarter of an hour after its end', async () => {
  const ids = [await happened(NOON), await happened(NOON + 1)];
  now = NOON + HOUR_MS + 15 * MINUTE - 1;
  expect(await closeHours(deps)).toMatchObject({ closed: 0, open: 0, gaps: [] });
  now += 1;
  expect(await closeHours(deps)).toMatchObject({ closed: 1, open: 0, gaps: [] });
  expect(archived().sort()).toEqual(ids.sort());
  expect(await closeHours(deps)).toMatchObject({ closed: 0, open: 0, gaps: [] });
  expect(await marks()).toEqual([]);
  await expectProven('2026-11-25T12');
});

it('archives nothing while there is nothing, and digests hours without events from then on', async () => {
  expect(await closeHours(deps)).toMatchObject({ closed: 0, open: 0, gaps: [] });
  await happened(NOON);
  now = NOON + 30 * HOUR_MS;
  await happened(now - 28 * HOUR_MS, OTHER);
  expect(await closeHours(deps)).toMatchObject({ closed: 29, open: 0, gaps: [] });
  now += HOUR_MS;
  expect(await closeHours(deps)).toMatchObject({ closed: 1, open: 0, gaps: [] });
  now += HOUR_MS;
  await closeHours(deps);
  expect([hoursOf(ACCOUNT), hoursOf(OTHER)]).toEqual([31, 1]);
  expect(archived()).toHaveLength(2);
  await expectProven('2026-11-26T18');
});

it('finds an event that was written hours after it happened, once', async () => {
  const onTime = await happened(NOON);
  now = NOON + 3 * HOUR_MS;
  await closeHours(deps);
  expect(archived()).toEqual([onTime]);
  const late = await happened(NOON + MINUTE);
  const another = await happened(now);
  now += HOUR_MS + 15 * MINUTE;
  await closeHours(deps);
  expect(archived().sort()).toEqual([onTime, late, another].sort());
  const key = [...archive.files.keys()].filter(
    name => parseLogFileKey(name)?.eventHour === '2026-11-25T12',
  )[1];
  expect(parseLogFileKey(key ?? '')?.closedHour).toBe('2026-11-25T15');
  expect(logged.at(-1)).toContain('"late":1');
  now += HOUR_MS;
  await closeHours(deps);
  expect(archived()).toHaveLength(3);
  await expectProven('2026-11-25T16');
});

it('finds what was written by a clock that was ahead, and by one that was set back', async () => {
  now = NOON + 5 * HOUR_MS;
  const ahead = await happened(now);
  now += HOUR_MS + 15 * MINUTE;
  await closeHours(deps);
  now = NOON;
  // The same process: its marks of this hour are none that are remembered.
  const back = [await happened(NOON + 5 * HOUR_MS), await happened(NOON + 1)];
  expect(await closeHours(deps)).toMatchObject({ closed: 0, open: 0, gaps: [] });
  now = NOON + 7 * HOUR_MS + 15 * MINUTE;
  expect(await closeHours(deps)).toMatchObject({ closed: 1, open: 0, gaps: [] });
  expect(archived().sort()).toEqual([ahead, ...back].sort());
  await expectProven('2026-11-25T18');
});

it('lets several archivers run at once, each event in one file and one chain', async () => {
  const ids: string[] = [];
  for (let hour = 0; hour < 4; hour++) {
    now = NOON + hour * HOUR_MS;
    for (const account of [ACCOUNT, OTHER])
      ids.push(await happened(now, account), await happened(now + 1, account));
  }
  now = NOON + 6 * HOUR_MS;
  await Promise.all([1, 2, 3].map(() => closeHours(deps)));
  await closeHours(deps);
  expect(archived().sort()).toEqual(ids.sort());
  await expectProven('2026-11-25T16');
});

it('leaves hours to the next run where there is no time, and says how many', async () => {
  await happened(NOON);
  now = NOON + 5 * HOUR_MS;
  let left = 2;
  expect(await closeHours(deps, () => left-- > 0)).toEqual({ closed: 2, open: 2, gaps: [] });
  expect(await closeHours(deps)).toEqual({ closed: 2, open: 0, gaps: [] });
});

it('archives calls of tools, of every space', async () => {
  const log = createInvocationLog(deps);
  for (const agentSpaceId of ['space-1', 'space-2']) {
    for (let n = 0; n < 150; n++) log.record(factsOf({ agentSpaceId, at: NOON + n * 20 }));
  }
  log.record(factsOf({ accountId: OTHER, at: NOON + HOUR_MS - 1 }));
  log.record(factsOf({ at: NOON + HOUR_MS }));
  await log.close();
  const change = await happened(NOON + 1);
  now = NOON + HOUR_MS + 20 * MINUTE;
  await closeHours(deps);
  const records = archivedRecords(archive.files);
  expect(records).toHaveLength(302);
  expect(new Set(records.map(({ eventID }) => eventID)).size).toBe(302);
  expect(records.filter(({ eventCategory }) => eventCategory === 'Management')[0]?.eventID).toBe(change);
  expect(records.filter(({ recipientAccountId }) => recipientAccountId === OTHER)).toHaveLength(1);
  now += HOUR_MS;
  await closeHours(deps);
  expect(archived()).toHaveLength(303);
  await expectProven('2026-11-25T13');
});

it('archives an hour of more events than one request reads', async () => {
  const ids: string[] = [];
  for (let n = 0; n < 500; n++) ids.push(await happened(NOON + 2 * n + 1));
  now = NOON + 2 * HOUR_MS;
  await closeHours(deps);
  expect(archived().sort()).toEqual(ids.sort());
});

it('archives with the next hour what a file that was there already has not got', async () => {
  const first = await happened(NOON);
  now = NOON + 2 * HOUR_MS;
  const killed = memoryArchive(archive.files, key => {
    if (key.endsWith('.json')) throw new Error('killed');
  });
  await expect(closeHours({ ...deps, sink: killed })).rejects.toThrow('killed');
  // As if it had been frozen between its mark and its write.
  const second = await happened(NOON + 1, ACCOUNT, { ...deps, store: engine.client });
  expect(await closeHours(deps)).toMatchObject({ closed: 1, open: 0, gaps: [] });
  expect(archived()).toEqual([first]);
  now += HOUR_MS;
  await closeHours(deps);
  expect(archived()).toEqual([first, second]);
  await expectProven('2026-11-25T13');
});

it('marks an hour once for a process, and stores no event without', async () => {
  let sent = 0;
  const counting = aProcess();
  counting.store = markingClient(
    Object.create(engine.client, {
      send: {
        value: (command: never) => {
          sent++;
          return engine.client.send(command);
        },
      },
    }),
    { config: deps.config, now: () => now },
  );
  for (const ms of [1, 2, 3, 4]) await happened(NOON + ms, ACCOUNT, counting);
  expect(sent).toBe(5);
  expect((await marks()).map(({ sk }) => sk)).toEqual([`2026-11-25T12#${ACCOUNT}#2026-11-25T12#-`]);

  const broken = aProcess();
  broken.store = markingClient(
    Object.create(engine.client, {
      send: {
        value: (command: { input: { Item?: { pk: string } } }) => {
          if (command.input.Item?.pk === keys.archiveMarks()) throw new Error('no marks today');
          return engine.client.send(command as never);
        },
      },
    }),
    { config: deps.config, now: () => now },
  );
  const before = (await allItems(engine.client, engine.tableName)).length;
  await expect(happened(NOON + 5, ACCOUNT, broken)).rejects.toThrow('no marks today');
  expect((await allItems(engine.client, engine.tableName)).length).toBe(before);
});

it('goes on where an earlier run was interrupted, at any request', async () => {
  await happened(NOON);
  await happened(NOON + 1, OTHER);
  const log = createInvocationLog(deps);
  log.record(factsOf({ at: NOON }));
  await log.close();
  now = NOON + 3 * HOUR_MS;
  await happened(NOON + 2);
  now += 2 * HOUR_MS;
  let ended = false;
  for (let requests = 0; !ended; requests++) {
    let left = requests;
    const count = () => {
      if (left-- === 0) throw new Error('killed');
    };
    const store = Object.create(engine.client, {
      send: {
        value: async (command: never) => {
          count();
          return await engine.client.send(command);
        },
      },
    });
    try {
      await closeHours({ ...deps, store, sink: memoryArchive(archive.files, count) });
      ended = true;
    } catch (error) {
      expect((error as Error).message).toBe('killed');
    }
  }
  expect(archived()).toHaveLength(4);
  expect(new Set(archived()).size).toBe(4);
  await expectProven(hourAt(now - HOUR_MS - 15 * MINUTE));
});

it('tells of digests that were removed or replaced since', async () => {
  await happened(NOON);
  now = NOON + 4 * HOUR_MS;
  await closeHours(deps);
  const place = { accountId: ACCOUNT, region: deps.config.region };
  const [removed, last] = ['2026-11-25T13', '2026-11-25T14'].map(hour => digestKey(place, hour));
  const bytes = archive.files.get(last ?? '') ?? Buffer.of();
  archive.files.delete(removed ?? '');
  archive.files.set(last ?? '', Buffer.concat([bytes, Buffer.from(' ')]));
  expect((await closeHours(deps)).gaps).toEqual([]);
  now += HOUR_MS;
  expect(await closeHours(deps)).toMatchObject({ closed: 1, gaps: [removed, last] });
  expect(logged).toContain(`digest gap ${JSON.stringify({ accountId: ACCOUNT, hour: '2026-11-25T13' })}`);
  archive.files.set(last ?? '', bytes);
  const { problem } = await verifyArchive(archive, {
    last: '2026-11-25T15',
    publicKeys: [signer.publicKeyPem],
  });
  expect(problem?.file).toBe(digestKey(place, '2026-11-25T13'));
});
