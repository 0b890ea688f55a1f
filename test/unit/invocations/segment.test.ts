import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  type QueuedRecord,
  recordsOf,
  type Segment,
  segmentItem,
  segmentsOf,
} from '../../../lib/invocations/segment.ts';
import { CONFIG, newId } from '../audit/fixtures.ts';

const SECOND = Date.parse('2026-11-23T20:15:30.000Z');

function queued(at: number, filler = ''): QueuedRecord {
  const eventId = newId(at);
  const json = JSON.stringify({ eventID: eventId, filler });
  return {
    accountId: '111122223333',
    agentSpaceId: 'as-1',
    at,
    eventId,
    json: { bytes: Buffer.byteLength(json), text: () => json },
  };
}

const sizes = (segments: readonly Segment[]) => segments.map(segment => segment.length);
const many = (count: number, at: (n: number) => number, filler = '') =>
  Array.from({ length: count }, (_, n) => queued(at(n), filler));

describe('segments', () => {
  it('hold 100 records at most', () => {
    expect(segmentsOf([])).toEqual([]);
    expect(sizes(segmentsOf(many(100, () => SECOND)))).toEqual([100]);
    expect(sizes(segmentsOf(many(250, () => SECOND)))).toEqual([100, 100, 50]);
  });

  it('hold 200 KB of JSON at most, and one record whatever its size', () => {
    const each = many(10, () => SECOND, 'x'.repeat(49_000));
    expect(sizes(segmentsOf(each))).toEqual([4, 4, 2]);
    expect(sizes(segmentsOf([...many(1, () => SECOND, 'x'.repeat(300_000)), queued(SECOND)]))).toEqual([
      1, 1,
    ]);
  });

  it('fit one item even where nothing can be compressed', async () => {
    const noise = () => randomBytes(70_000).toString('base64');
    const segments = segmentsOf([queued(SECOND, noise()), queued(SECOND, noise()), queued(SECOND, noise())]);
    expect(sizes(segments)).toEqual([2, 1]);
    for (const segment of segments) {
      expect((await segmentItem(segment, CONFIG)).data.length).toBeLessThan(256 * 1024);
    }
  });

  it('end with the second, whatever the order in which records come', () => {
    const at = [1_999, 0, 2_000, 999, 1_000, 500];
    const segments = segmentsOf(at.map(ms => queued(SECOND + ms)));
    expect(segments.map(segment => segment.map(record => record.at - SECOND))).toEqual([
      [0, 500, 999],
      [1_000, 1_999],
      [2_000],
    ]);
  });

  it('are kept by space and day, by their first record, until the retention ends', async () => {
    const [segment] = segmentsOf([queued(SECOND + 700), queued(SECOND + 20)]);
    if (!segment) throw new Error('There is a segment.');
    const { data, ...item } = await segmentItem(segment, CONFIG);
    expect(item).toEqual({
      pk: 'A#111122223333#P#as-1#INV#2026-11-23',
      sk: `2026-11-23T20:15:30.020Z#${segment[0].eventId}`,
      expiresAt: SECOND / 1_000 + 90 * 86_400,
      v: 1,
    });
    expect(await segmentItem(segment, CONFIG)).toEqual({ ...item, data });
    const read = recordsOf({ ...item, data }).map(({ eventID }) => eventID);
    expect(read).toEqual([segment[1]?.eventId, segment[0].eventId]);
  });
});
