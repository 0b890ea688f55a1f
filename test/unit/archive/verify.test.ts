import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { closeAccount, closeAccounts, type Group } from '../../../lib/archive/closeAccount.ts';
import type { ChainEnd, Closed } from '../../../lib/archive/closeDigest.ts';
import { fingerprintOf, formatDigest, parseDigest, signDigest } from '../../../lib/archive/digest.ts';
import { hourAt, hoursBetween, nextHour } from '../../../lib/archive/hours.ts';
import {
  digestKey,
  logFileKey,
  type Place,
  parseDigestKey,
  parseLogFileKey,
} from '../../../lib/archive/names.ts';
import { verifyArchive } from '../../../lib/archive/verify.ts';
import type { VerifyRequest } from '../../../lib/archive/verifyRun.ts';
import { recordsIn } from '../../support/archive/contents.ts';
import { asStream, memoryArchive, someEvents, testSigner } from '../../support/archive/memory.ts';

const FIRST = '2026-11-24T20';
const LAST = '2026-11-26T07';
const REGION = 'eu-central-1';
const PLACES = ['111122223333', '444455556666'].map(accountId => ({ accountId, region: REGION }));
const ALL = { accountId: 'all', region: REGION };
const signer = testSigner();
const stranger = testSigner();
const REQUEST = { last: LAST, publicKeys: [signer.publicKeyPem] };
const LIMITS = { events: 5, bytes: 1_000_000 };

/** Hours with several files, with one, with none, and some with events that were written late. */
async function anArchive() {
  const archive = memoryArchive();
  const deps = { sink: archive, signer, limits: LIMITS };
  const ends = new Map<string, ChainEnd>();
  for (const [n, hour] of [...hoursBetween(FIRST, LAST)].entries()) {
    const closed: Closed[] = [];
    for (const place of PLACES) {
      const account = await closeAccount(
        deps,
        place,
        hour,
        groupsOf(place, hour, n + 1),
        ends.get(place.accountId),
      );
      closed.push(account);
      ends.set(place.accountId, account.end);
    }
    const { end } = await closeAccounts(deps, REGION, hour, closed, ends.get('all'));
    ends.set('all', end);
  }
  return archive.files;
}

function groupsOf({ accountId }: Place, hour: string, n: number): Group[] {
  const group = (eventHour: string, category: 'm' | 'd', count: number) => ({
    ...{ eventHour, category },
    events: () => asStream(someEvents(eventHour, `${accountId}-${n}${category}`, count)),
  });
  return [
    ...(n % 3 === 0 ? [group(hour, 'm', n)] : []),
    ...(n % 4 === 0 ? [group(hour, 'd', 7)] : []),
    ...(n % 5 === 0 ? [group(FIRST, 'm', 2)] : []),
  ];
}

const original = await anArchive();

function verified(files: Map<string, Uint8Array>, request: Partial<VerifyRequest> = {}) {
  return verifyArchive(memoryArchive(files), { ...REQUEST, ...request });
}

/** A deterministic source of chance. */
function chance(seed: number) {
  let state = seed;
  const below = (max: number) => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9) | 0;
    return ((state ^ (state >>> 12)) >>> 0) % max;
  };
  const one = <T>(list: readonly T[]) => list[below(list.length)] as T;
  return { below, one };
}

type Chance = ReturnType<typeof chance>;
type Tampering = (files: Map<string, Uint8Array>, by: Chance) => void | Promise<void>;

const keysOf = (files: Map<string, Uint8Array>) => [...files.keys()].sort();
const logsOf = (files: Map<string, Uint8Array>) => keysOf(files).filter(key => key.endsWith('.gz'));
const digestsOf = (files: Map<string, Uint8Array>) => keysOf(files).filter(key => key.endsWith('.json'));
const bytesOf = (files: Map<string, Uint8Array>, key: string) => Buffer.from(files.get(key) ?? Buffer.of());
const packed = (records: readonly unknown[]) => gzipSync(JSON.stringify({ Records: records }));

function editLog(edit: (records: object[], by: Chance) => unknown[]): Tampering {
  return (files, by) => {
    const key = by.one(logsOf(files).filter(log => recordsIn(bytesOf(files, log)).length > 1));
    files.set(key, packed(edit(recordsIn(bytesOf(files, key)), by)));
  };
}

async function resigned(
  files: Map<string, Uint8Array>,
  key: string,
  change: (digest: object) => object,
  by: typeof signer,
) {
  const signed = parseDigest(bytesOf(files, key));
  if (!signed) throw new Error('no digest');
  const digest = {
    ...signed.digest,
    ...change(signed.digest),
    digestPublicKeyFingerprint: fingerprintOf(by.publicKeyPem),
  };
  files.set(key, formatDigest(await signDigest(digest as typeof signed.digest, by)));
}

const TAMPERINGS: Record<string, Tampering> = {
  'edit a byte': (files, by) => {
    const key = by.one(keysOf(files));
    const bytes = bytesOf(files, key);
    const at = by.below(bytes.length);
    bytes.writeUInt8((bytes[at] ?? 0) ^ (1 + by.below(255)), at);
    files.set(key, bytes);
  },
  'edit a record': editLog(([first, ...rest]) => [{ ...first, eventName: 'DeleteAgentSpace' }, ...rest]),
  'take a record out': editLog((records, by) => records.toSpliced(by.below(records.length), 1)),
  'put a record in': editLog((records, by) =>
    records.toSpliced(by.below(records.length), 0, { eventID: 'x' }),
  ),
  'repeat a record': editLog(records => [...records, records[0]]),
  'reorder records': editLog(records => records.toReversed()),
  'pack the same anew': (files, by) => {
    const key = by.one(logsOf(files));
    files.set(key, gzipSync(gunzipSync(bytesOf(files, key)), { level: 1, memLevel: 1 }));
  },
  'delete a file': (files, by) => void files.delete(by.one(keysOf(files))),
  'truncate a file': (files, by) => {
    const key = by.one(keysOf(files));
    const bytes = bytesOf(files, key);
    files.set(key, bytes.subarray(0, by.below(bytes.length)));
  },
  'append to a file': (files, by) => {
    const key = by.one(keysOf(files));
    files.set(key, Buffer.concat([bytesOf(files, key), Buffer.from(by.one([' ', '\n', '\0', 'x']))]));
  },
  'delete the first files': (files, by) => {
    const until = by.one([...hoursBetween(nextHour(FIRST), LAST)]);
    for (const key of digestsOf(files)) if ((parseDigestKey(key)?.hour ?? '') < until) files.delete(key);
    for (const key of logsOf(files)) if ((parseLogFileKey(key)?.closedHour ?? '') < until) files.delete(key);
  },
  'delete the last files': (files, by) => {
    const from = by.one([...hoursBetween(FIRST, LAST)]);
    for (const key of digestsOf(files)) if ((parseDigestKey(key)?.hour ?? '') >= from) files.delete(key);
    for (const key of logsOf(files)) if ((parseLogFileKey(key)?.closedHour ?? '') >= from) files.delete(key);
  },
  'delete an hour and chain the next one by another key': async (files, by) => {
    const place = by.one([...PLACES, ALL]);
    const hour = by.one([...hoursBetween(nextHour(FIRST), '2026-11-26T05')]);
    files.delete(digestKey(place, hour));
    await resigned(files, digestKey(place, nextHour(hour)), () => ({}), stranger);
  },
  'insert a log file': (files, by) => {
    const name = parseLogFileKey(by.one(logsOf(files)));
    if (!name) throw new Error('no log file');
    const closedHour = by.one([...hoursBetween(name.eventHour, LAST)]);
    files.set(logFileKey({ ...name, closedHour, part: 50 + by.below(900) }), packed([{ eventID: 'x' }]));
  },
  'insert a digest': (files, by) => {
    const place = by.one(PLACES);
    const before = hourAt(Date.parse(`${FIRST}:00:00Z`) - 3_600_000 * (1 + by.below(50)));
    files.set(digestKey(place, before), bytesOf(files, digestKey(place, FIRST)));
  },
  'insert another file': (files, by) => {
    const key = by.one(keysOf(files));
    files.set(
      `${key.slice(0, key.lastIndexOf('/'))}/${by.one(['x', '.hidden', 'notes.txt', 'x.json.gz'])}`,
      Buffer.of(1),
    );
  },
  'swap two files': (files, by) => {
    const list = by.one([logsOf(files), digestsOf(files)]);
    const [one, other] = [by.one(list), by.one(list)];
    const second = one === other ? (list.find(key => key !== one) ?? '') : other;
    const [a, b] = [bytesOf(files, one), bytesOf(files, second)];
    files.set(one, b).set(second, a);
  },
  'swap days': (files, by) => {
    const days = by.one([
      ['24', '25'],
      ['25', '26'],
      ['24', '26'],
    ]);
    const place = by.one(PLACES);
    const moved = new Map<string, Uint8Array>();
    for (const key of keysOf(files).filter(one => one.includes(`/${place.accountId}/`))) {
      const found = days.findIndex(day => key.includes(`/2026/11/${day}/`));
      if (found < 0) continue;
      const [from = '', to = ''] = found === 0 ? days : days.toReversed();
      const bytes = bytesOf(files, key);
      moved.set(key.replace(`/11/${from}/`, `/11/${to}/`).replaceAll(`202611${from}`, `202611${to}`), bytes);
      files.delete(key);
    }
    for (const [key, bytes] of moved) files.set(key, bytes);
  },
  'take out an account': (files, by) => {
    const { accountId } = by.one(PLACES);
    for (const key of keysOf(files)) if (key.includes(`/${accountId}/`)) files.delete(key);
  },
  'take out the digests of all accounts': files => {
    for (const key of keysOf(files)) if (key.startsWith('Switchboard-Accounts/')) files.delete(key);
  },
  'swap accounts': files => {
    const moved = new Map<string, Uint8Array>();
    const [one = '', other = ''] = PLACES.map(({ accountId }) => accountId);
    for (const key of keysOf(files)) {
      const to = key.includes(one) ? key.replaceAll(one, other) : key.replaceAll(other, one);
      moved.set(to, bytesOf(files, key));
    }
    files.clear();
    for (const [key, bytes] of moved) files.set(key, bytes);
  },
  'edit a digest': (files, by) => {
    const key = by.one(digestsOf(files));
    const signed = parseDigest(bytesOf(files, key));
    if (!signed) throw new Error('no digest');
    const digest = {
      ...signed.digest,
      ...by.one([{ newestEventTime: 'x' }, { awsRegion: 'x' }, { previousDigestS3Object: 'x' }]),
    };
    files.set(key, Buffer.from(`${JSON.stringify({ ...signed, digest })}\n`));
  },
  'sign a digest with another key': async (files, by) => {
    await resigned(files, by.one(digestsOf(files)), () => ({ logFiles: [] }), stranger);
  },
  'take a file from a digest, and sign it as the stranger who took over': async (files, by) => {
    // The archive's own key, but an older digest than the one that follows it knew.
    const keys = digestsOf(files).filter(key => (parseDigestKey(key)?.hour ?? '') < LAST);
    await resigned(files, by.one(keys), () => ({ logFiles: [] }), signer);
  },
};

describe('an archive that was left alone', () => {
  it('is verified, in whole and in part', async () => {
    const whole = await verified(original);
    expect(whole).toMatchObject({ digests: 72, logFiles: logsOf(original).length });
    expect(whole.problem).toBeUndefined();
    expect(whole.events).toBe(
      logsOf(original).reduce((sum, key) => sum + recordsIn(bytesOf(original, key)).length, 0),
    );
    expect(whole.events).toBeGreaterThan(300);
    for (const first of ['2026-11-20T00', FIRST, '2026-11-25T03', LAST])
      expect((await verified(original, { first })).problem).toBeUndefined();
    expect((await verified(original, { first: '2026-11-20T00', last: '2026-11-21T00' })).chains).toEqual([]);
    expect((await verified(original, { first: FIRST, last: '2026-11-25T03' })).digests).toBe(16);
  });

  it('is refused where somebody asks for more than there is', async () => {
    expect((await verified(original, { last: '2026-11-26T08' })).problem?.file).toBe(
      digestKey(PLACES[0] as (typeof PLACES)[0], '2026-11-26T08'),
    );
    expect((await verified(original, { accounts: ['777788889999'] })).problem?.reason).toContain('nothing');
    expect((await verified(original, { publicKeys: [stranger.publicKeyPem] })).problem?.reason).toContain(
      'trusted',
    );
    expect((await verified(new Map())).problem).toBeDefined();
    await expect(verified(original, { first: LAST, last: FIRST })).rejects.toThrow(RangeError);
  });
});

describe('tampering', () => {
  const names = Object.keys(TAMPERINGS);
  it(`is found, 1,000 times of ${names.length} kinds`, async () => {
    const missed: string[] = [];
    const reported = new Set<string>();
    for (let n = 0; n < 1_000; n++) {
      const name = names[n % names.length] ?? '';
      const files = new Map(original);
      await TAMPERINGS[name]?.(files, chance(n + 1));
      expect([name, sameFiles(files, original)]).toEqual([name, false]);
      const { problem } = await verified(files);
      if (!problem) missed.push(`${name} (${n})`);
      else reported.add(problem.reason.replaceAll(/AWSLogs\S+|[0-9a-f]{64}/g, '…'));
    }
    expect(missed).toEqual([]);
    // Each check was needed.
    expect(reported.size).toBeGreaterThanOrEqual(9);
  }, 180_000);

  it('names the file', async () => {
    const log = logsOf(original)[5] ?? '';
    const files = new Map(original).set(log, packed([]));
    expect((await verified(files)).problem?.file).toBe(log);
    const place = PLACES[1] as (typeof PLACES)[1];
    const without = new Map(original);
    without.delete(digestKey(place, '2026-11-25T10'));
    expect((await verified(without)).problem?.file).toBe(digestKey(place, '2026-11-25T10'));
  });

  it('of the last digest, which no other follows, is found to the byte', async () => {
    const key = digestKey(PLACES[1] as (typeof PLACES)[1], LAST);
    for (const more of [' ', '\n', '{}']) {
      const files = new Map(original).set(key, Buffer.concat([bytesOf(original, key), Buffer.from(more)]));
      expect((await verified(files)).problem?.file).toBe(key);
    }
    const spaced = Buffer.from(bytesOf(original, key).toString().replace(',', ', '));
    expect((await verified(new Map(original).set(key, spaced))).problem?.file).toBe(key);
  });

  it('that puts the digest of one account in the place of another is found', async () => {
    const archive = memoryArchive();
    for (const place of PLACES) await closeAccount({ sink: archive, signer }, place, FIRST, [], undefined);
    const [one = '', other = ''] = PLACES.map(place => digestKey(place, FIRST));
    archive.files.set(one, bytesOf(archive.files, other));
    expect((await verified(archive.files, { last: FIRST })).problem?.file).toBe(one);
  });

  it('that takes out an account, and all trace of it, is found', async () => {
    const place = PLACES[1] as (typeof PLACES)[1];
    const files = new Map([...original].filter(([key]) => !key.includes(place.accountId)));
    expect((await verified(files)).problem?.file).toBe(digestKey(place, FIRST));
    for (const key of keysOf(files)) if (key.startsWith('Switchboard-Accounts/')) files.delete(key);
    expect((await verified(files)).problem?.file).toBe('Switchboard-Accounts/');
    // A copy of one account alone proves that one.
    expect((await verified(files, { accounts: ['111122223333'] })).problem).toBeUndefined();
  });

  it('by whoever has taken the whole beginning of a chain is found too', async () => {
    const files = new Map(original);
    for (const key of digestsOf(files))
      if ((parseDigestKey(key)?.hour ?? '') < '2026-11-25T10') files.delete(key);
    const last = '2026-11-25T05';
    expect((await verified(files, { last })).problem).toBeDefined();
    expect((await verified(files, { first: FIRST, last })).problem).toBeDefined();
  });
});

function sameFiles(a: Map<string, Uint8Array>, b: Map<string, Uint8Array>): boolean {
  return (
    a.size === b.size &&
    [...a].every(([key, bytes]) => Buffer.compare(bytes, b.get(key) ?? Buffer.of()) === 0 && b.has(key))
  );
}
