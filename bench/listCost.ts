/**
 * Items read and capacity consumed by a page and by a deregistration, among few and among many: they must be
 * equal. `node bench/listCost.ts` measures on each engine that this machine has.
 */
import { fork } from 'node:child_process';
import type { ProcessKind } from '../local/engine/findEngine.ts';
import { availableKinds } from '../test/support/engine.ts';
import { type Cost, measureCosts, type Scale } from './support/costOfScale.ts';
import { type Cell, printTable, writeResult } from './support/result.ts';

const SCALES: Record<ProcessKind, Scale> = {
  dynoxide: { services: 100_000, associations: 10_000, listSamples: 200, deregistrations: 20 },
  // It takes 5 ms to write an item: 100,000 would take ten minutes. Its word on capacity is AWS's own.
  'dynamodb-local': { services: 10_000, associations: 2_000, listSamples: 50, deregistrations: 10 },
};

type Measured = Awaited<ReturnType<typeof measureCosts>>;

/** One process per engine: dependencies are made once per process. */
function measureIn(kind: ProcessKind): Promise<Measured> {
  const child = fork(import.meta.filename, [kind], { env: { ...process.env, TEST_ENGINE: kind } });
  return new Promise((resolve, reject) => {
    child.once('message', resolve);
    child.once('error', reject);
    child.once('exit', code => reject(new Error(`The measurement on ${kind} ended with ${code}.`)));
  });
}

function row({ operation, among, use, latencyMs }: Cost): Cell[] {
  const { itemsRead, itemsWritten, roundTrips, readUnits, writeUnits } = use;
  return [operation, among, itemsRead, itemsWritten, roundTrips, readUnits, writeUnits, latencyMs];
}

const kind = availableKinds().find(one => one === process.argv[2]);
if (kind) {
  process.send?.(await measureCosts(SCALES[kind]));
} else {
  const runs: (Measured & { scale: Scale })[] = [];
  for (const kind of availableKinds()) {
    console.log(`\nOn ${kind}, which is being filled …`);
    const measured = await measureIn(kind);
    runs.push({ ...measured, scale: SCALES[kind] });
    printTable(
      ['operation', 'among', 'read', 'written', 'trips', 'read units', 'write units', 'median ms'],
      measured.costs.map(row),
    );
  }
  console.log('\nA page of 10 reads one item more than it shows, to know whether another page follows.');
  writeResult('listCost', { runs });
}
