import fc from 'fast-check';
import { expect, it } from 'vitest';
import { closeAccount, type Group } from '../../../lib/archive/closeAccount.ts';
import type { ChainEnd } from '../../../lib/archive/closeDigest.ts';
import { hoursBetween } from '../../../lib/archive/hours.ts';
import type { ArchivedEvent } from '../../../lib/archive/source.ts';
import { verifyArchive } from '../../../lib/archive/verify.ts';
import { archivedRecords } from '../../support/archive/contents.ts';
import { asStream, memoryArchive, someEvents, testSigner } from '../../support/archive/memory.ts';

const FIRST = '2026-11-25T10';
const LAST = '2026-11-25T13';
const place = { accountId: '111122223333', region: 'eu-central-1' };
const limits = { events: 3, bytes: 100_000 };
const signers = [testSigner(), testSigner('rsa')] as const;

/** What the table holds of the hour, and what comes to light later; more may come between two tries. */
interface Written {
  events: ArchivedEvent[];
  late: ArchivedEvent[];
}

function groupsOf(written: Map<string, Written>, hour: string): Group[] {
  const groups: Group[] = [
    { eventHour: hour, category: 'm', events: () => asStream(written.get(hour)?.events ?? []) },
  ];
  const all = [...(written.get(FIRST)?.events ?? []), ...(written.get(FIRST)?.late ?? [])];
  if (hour === LAST) groups.unshift({ eventHour: FIRST, category: 'm', events: () => asStream(all) });
  return groups;
}

class Crash extends Error {}

/** Closes all hours, beginning again wherever it crashes, as a scheduled archiver does. */
async function archive(
  files: Map<string, Uint8Array>,
  written: Map<string, Written>,
  crashes: (key: string) => boolean,
  signer = signers[0],
): Promise<void> {
  const sink = memoryArchive(files, key => {
    if (crashes(key)) throw new Crash();
  });
  let end: ChainEnd | undefined;
  for (const hour of hoursBetween(FIRST, LAST)) {
    for (let closed = false; !closed; ) {
      try {
        ({ end } = await closeAccount({ sink, signer, limits }, place, hour, groupsOf(written, hour), end));
        closed = true;
      } catch (error) {
        if (!(error instanceof Crash)) throw error;
      }
    }
  }
}

const arbitraryWritten = fc
  .record({ counts: fc.array(fc.nat(10), { minLength: 4, maxLength: 4 }), late: fc.nat(7) })
  .map(({ counts, late }) => {
    const hours = [...hoursBetween(FIRST, LAST)];
    return new Map(
      hours.map((hour, n): [string, Written] => [
        hour,
        {
          events: someEvents(hour, `${n}`, counts[n] ?? 0),
          late: n === 0 ? someEvents(hour, 'late', late) : [],
        },
      ]),
    );
  });

const request = {
  last: LAST,
  accounts: [place.accountId],
  publicKeys: signers.map(({ publicKeyPem }) => publicKeyPem),
};

function idsOf(written: Map<string, Written>): string[] {
  return [...written.values()].flatMap(({ events, late }) => [...events, ...late].map(({ id }) => id)).sort();
}

async function expectEachOnce(files: Map<string, Uint8Array>, written: Map<string, Written>): Promise<void> {
  const ids = archivedRecords(files).map(({ eventID }) => eventID);
  expect(ids.sort()).toEqual(idsOf(written));
  expect((await verifyArchive(memoryArchive(files), request)).problem).toBeUndefined();
}

it('archives each event once, however often it is interrupted', async () => {
  await fc.assert(
    fc.asyncProperty(arbitraryWritten, fc.infiniteStream(fc.nat(2)), async (written, dice) => {
      const files = new Map<string, Uint8Array>();
      await archive(files, written, () => dice.next().value === 0);
      await expectEachOnce(files, written);
    }),
    { numRuns: 150 },
  );
});

it('archives each event once, whichever archivers run beside it', async () => {
  await fc.assert(
    fc.asyncProperty(arbitraryWritten, fc.infiniteStream(fc.nat(3)), async (written, dice) => {
      const files = new Map<string, Uint8Array>();
      const crashes = () => dice.next().value === 0;
      // Each signs with a key of its own: the first digest stands.
      await Promise.all(signers.map(signer => archive(files, written, crashes, signer)));
      await expectEachOnce(files, written);
    }),
    { numRuns: 150 },
  );
});

it('writes the same files for the same events', async () => {
  const written = new Map([
    [FIRST, { events: someEvents(FIRST, 'one', 8), late: someEvents(FIRST, 'late', 2) }],
  ]);
  const made = await Promise.all(
    [0, 1].map(async () => {
      const files = new Map<string, Uint8Array>();
      await archive(files, written, () => false);
      return [...files].filter(([key]) => key.endsWith('.gz'));
    }),
  );
  expect(made[0]).toEqual(made[1]);
  expect(made[0]?.map(([key]) => key.split('_').at(-1)).sort()).toEqual([
    '2026112510m00000.json.gz',
    '2026112510m00001.json.gz',
    '2026112510m00002.json.gz',
    '2026112513m00000.json.gz',
  ]);
});

it('leaves a file that is there as it is, and archives what came since', async () => {
  const files = new Map<string, Uint8Array>();
  const before = new Map([[FIRST, { events: someEvents(FIRST, 'one', 6), late: [] }]]);
  let creations = 0;
  // Two full files, and no digest.
  await expect(
    closeAccount(
      {
        sink: memoryArchive(files, () => {
          if (++creations > 2) throw new Crash();
        }),
        ...{ signer: signers[0], limits },
      },
      place,
      FIRST,
      groupsOf(before, FIRST),
      undefined,
    ),
  ).rejects.toThrow(Crash);
  expect(files.size).toBe(2);
  const events = [...someEvents(FIRST, 'zero', 2), ...someEvents(FIRST, 'one', 6)];
  await archive(files, new Map([[FIRST, { events, late: [] }]]), () => false);
  expect(archivedRecords(files)).toHaveLength(8);
  expect((await verifyArchive(memoryArchive(files), request)).problem).toBeUndefined();
});

it('adds nothing to an hour that has its digest', async () => {
  const files = new Map<string, Uint8Array>();
  const events = someEvents(FIRST, 'one', 6);
  const close = () =>
    closeAccount(
      { sink: memoryArchive(files), signer: signers[0], limits },
      place,
      FIRST,
      groupsOf(new Map([[FIRST, { events, late: [] }]]), FIRST),
      undefined,
    );
  expect(await close()).toMatchObject({ adopted: false, events: 6, late: 0 });
  events.push(...someEvents(FIRST, 'two', 1));
  expect(await close()).toMatchObject({ adopted: true, events: 6 });
  expect(files.size).toBe(3);
});

it('adds nothing to files of which one is not full, however many look at once', async () => {
  const files = new Map<string, Uint8Array>();
  const close = (count: number, before = (_: string) => {}) => {
    const written = new Map([[FIRST, { events: someEvents(FIRST, 'one', count), late: [] }]]);
    const sink = memoryArchive(files, before);
    return closeAccount(
      { sink, signer: signers[0], limits },
      place,
      FIRST,
      groupsOf(written, FIRST),
      undefined,
    );
  };
  const crash = (key: string) => {
    if (key.endsWith('.json')) throw new Crash();
  };
  await expect(close(4, crash)).rejects.toThrow(Crash);
  const ends = await Promise.all([close(5), close(6)]);
  expect(ends.map(({ adopted, events }) => [adopted, events])).toEqual([
    [true, 4],
    [true, 4],
  ]);
  expect(files.size).toBe(3);
});
