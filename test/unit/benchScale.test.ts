import { beforeAll, describe, expect, it } from 'vitest';
import { type Cost, measureCosts } from '../../bench/support/costOfScale.ts';

const SCALE = { services: 2_000, associations: 1_000, listSamples: 2, deregistrations: 2 };

let costs: Cost[];

beforeAll(async () => {
  ({ costs } = await measureCosts(SCALE));
  // It writes 6,000 items, which a busy machine takes its time for.
}, 180_000);

/** Items and capacity; the capacity of one engine is compared with its own only. */
function counts(operation: string, among: string) {
  const found = costs.find(one => one.operation === operation && one.among === among);
  if (!found) throw new Error(`${operation} among ${among} was not measured.`);
  const { itemsRead, itemsWritten, roundTrips, readUnits, writeUnits } = found.use;
  return { itemsRead, itemsWritten, roundTrips, readUnits, writeUnits };
}

describe('a ListServices page of 10', () => {
  it('reads the ten there are, and one more where there are more', () => {
    expect(counts('ListServices', '10 registrations')).toMatchObject({ itemsRead: 10, roundTrips: 2 });
    expect(counts('ListServices', '11 registrations')).toMatchObject({ itemsRead: 11, roundTrips: 2 });
  });

  it('costs the same among 2,000, at the beginning and in the middle', () => {
    const few = counts('ListServices', '11 registrations');
    expect(few.readUnits).toBeGreaterThan(0);
    expect(counts('ListServices', '2000 registrations')).toEqual(few);
    expect(counts('ListServices', '2000 registrations, from the middle')).toEqual(few);
  });
});

describe('DeregisterService', () => {
  it('costs the same with 1,000 associations of other services as with none', () => {
    const none = counts('DeregisterService', '0 associations of others');
    expect(none).toMatchObject({ itemsRead: 1, itemsWritten: 17, roundTrips: 2 });
    expect(none.writeUnits).toBeGreaterThan(0);
    expect(counts('DeregisterService', '1000 associations of others')).toEqual(none);
  });

  it('reads the spaces that a refusal names, and not the others', () => {
    expect(counts('DeregisterService', '1000 of its own: refused')).toMatchObject({ itemsRead: 12 });
  });
});
