/**
 * What looking up a stored token adds to a request: warm in memory, confirmed with one read (every 5 s), and cold from
 * the table with decryption; beside a bare GetItem in the same run. One caller at a time; engine and client share
 * the machine.
 */
import { createEgress } from '../lib/egress/egress.ts';
import { createStoredTokens } from '../lib/oauth/storedTokens.ts';
import { keys } from '../lib/store/keys.ts';
import { getItem } from '../lib/store/read.ts';
import { startTestEngine } from '../test/support/engine.ts';
import { clientCredential, storeService, tokenDeps } from '../test/support/oauth/storedService.ts';
import { printTable, round, writeResult } from './support/result.ts';

interface Row {
  what: string;
  samples: number;
  p50Us: number;
  p99Us: number;
}

const place = { accountId: '111122223333', serviceId: 'mcpserver-bench' };
const credential = clientCredential({ clientId: 'bench', clientSecret: 'bench' }, 'https://token.example/');
/** As long as a JWT with some claims. */
const tokens = { accessToken: 'a'.repeat(1_200), expiresAt: Date.now() + 86_400_000 };

const engine = await startTestEngine();
try {
  let clock = 0;
  // Tokens that last a day ask nobody.
  const egress = createEgress({ allowedPrivateCidrs: [], allowInsecureHttp: false, ownHosts: [] });
  const deps = tokenDeps(engine.client, engine.tableName, egress, () => Date.now() + clock);
  await storeService(place, credential, tokens, deps);
  const warm = createStoredTokens(deps).holder(place);
  const rows = [
    await measure('bare GetItem', 2_000, () => getItem(deps, keys.token(place.accountId, place.serviceId))),
    await measure('warm: in memory', 100_000, () => warm.current()),
    await measure('warm: confirmed by one read', 2_000, () => {
      clock += 5_000;
      return warm.current();
    }),
    await measure('cold: read and decrypted', 2_000, () => createStoredTokens(deps).holder(place).current()),
  ];
  printTable(
    ['look-up', 'samples', 'p50 µs', 'p99 µs'],
    rows.map(row => [row.what, row.samples, row.p50Us, row.p99Us]),
  );
  writeResult('tokenLookup', { engine: engine.kind, vault: 'key file', rows });
} finally {
  await engine.stop();
}

async function measure(what: string, samples: number, lookUp: () => Promise<unknown>): Promise<Row> {
  for (let run = 0; run < samples / 10; run++) await lookUp();
  const times = new Float64Array(samples);
  for (let run = 0; run < samples; run++) {
    const began = performance.now();
    await lookUp();
    times[run] = performance.now() - began;
  }
  times.sort();
  const at = (share: number) => round((times[Math.floor(samples * share)] ?? 0) * 1000, 1);
  return { what, samples, p50Us: at(0.5), p99Us: at(0.99) };
}
