/** Size of each function's bundle and CPU time to import it, beside an empty function with the same SDK clients. */
import { emptyFunction, type SdkUse, sdkUse } from './support/emptyFunction.ts';
import { type ImportCost, importCosts } from './support/importCost.ts';
import { type BuiltFunction, buildFunctions, functionSources } from './support/privateBuild.ts';
import { printTable, round, writeResult } from './support/result.ts';

/** Imports of each bundle: odd, so that the median is one of them; more takes minutes. */
const RUNS = 9;

interface Row {
  name: string;
  clients: string[];
  bytes: number;
  emptyBytes: number;
  sizeRatio: number;
  import: ImportCost;
  emptyImport: ImportCost;
  cpuRatio: number;
}

const real = await buildFunctions(functionSources());
const uses = new Map(real.functions.map(one => [one.name, sdkUse(one)]));
// Functions with the same clients and commands share one empty function.
const empty = await buildFunctions(
  new Map([...uses.values()].map(use => [labelOf(use), emptyFunction(use)])),
);
try {
  const costs = await importCosts(
    [...real.functions, ...empty.functions].map(({ file }) => file),
    RUNS,
  );
  const rows = real.functions.map(one => compare(one, costs)).sort((a, b) => (a.name < b.name ? -1 : 1));
  print(rows);
  writeResult('bundles', { runs: RUNS, functions: rows });
} finally {
  real.dispose();
  empty.dispose();
}

function labelOf({ clients, documentCommands }: SdkUse): string {
  return [...clients, ...documentCommands].join('-').replaceAll(/@aws-sdk\/|Command/g, '');
}

function compare(one: BuiltFunction, costs: ReadonlyMap<string, ImportCost>): Row {
  const use = uses.get(one.name) ?? { clients: [], documentCommands: [] };
  const bare = empty.functions.find(({ name }) => name === labelOf(use));
  const own = costs.get(one.file);
  const other = bare && costs.get(bare.file);
  if (!bare || !own || !other) throw new Error(`${one.name} was not measured.`);
  return {
    name: one.name,
    clients: use.clients.map(client => client.replace('@aws-sdk/client-', '')),
    bytes: one.bytes,
    emptyBytes: bare.bytes,
    sizeRatio: round(one.bytes / bare.bytes),
    import: own,
    emptyImport: other,
    cpuRatio: round(own.cpuMs / other.cpuMs),
  };
}

function print(rows: readonly Row[]): void {
  printTable(
    ['function', 'SDK clients', 'kB', 'empty kB', 'ratio', 'import CPU ms', 'empty CPU ms', 'ratio'],
    rows.map(one => [
      one.name,
      one.clients.join(' '),
      round(one.bytes / 1000, 0),
      round(one.emptyBytes / 1000, 0),
      one.sizeRatio,
      one.import.cpuMs,
      one.emptyImport.cpuMs,
      one.cpuRatio,
    ]),
  );
}
