import { setTimeout as sleep } from 'node:timers/promises';
import { createEgress } from '../../../lib/egress/egress.ts';
import { bearerAuthorizer } from '../../../lib/oauth/bearerAuthorizer.ts';
import { createStoredTokens } from '../../../lib/oauth/storedTokens.ts';
import type { TokenPlace } from '../../../lib/oauth/tokenItem.ts';
import { testClient } from '../engine.ts';
import { tokenDeps } from './storedService.ts';

/** What a process that uses tokens is told, once it says that it is ready. */
export interface UseOrder {
  endpoint: string;
  tableName: string;
  caPem: string;
  place: TokenPlace;
  /** Lets in whoever has a good token. */
  url: string;
  users: number;
  /** Milliseconds. */
  lasts: number;
}

export interface UseReport {
  uses: number;
  /** Second tries after a 401. */
  renewed: number;
  failures: string[];
}

/** Milliseconds between two uses of one user at most: two cores serve a thousand users. */
const PAUSE_MS = 1_500;

async function run(order: UseOrder): Promise<UseReport> {
  const egress = createEgress({
    allowedPrivateCidrs: ['127.0.0.0/8'],
    allowInsecureHttp: false,
    extraCaPem: order.caPem,
    ownHosts: [],
  });
  const client = testClient(order.endpoint);
  const tokens = createStoredTokens(tokenDeps(client, order.tableName, egress));
  const report: UseReport = { uses: 0, renewed: 0, failures: [] };
  const door = egress.fetchFor({
    accountId: order.place.accountId,
    redirects: 'none',
    maxResponseBytes: 10_000,
    headersTimeoutMs: 20_000,
  });

  // One 401 is answered by one more try, as every connection to a server does.
  const useOnce = async () => {
    const authorizer = bearerAuthorizer(tokens.holder(order.place));
    const send = async () => {
      const headers = await authorizer.authorize({
        method: 'GET',
        url: order.url,
        headers: {},
        body: undefined,
      });
      const response = await door(order.url, { headers: { ...headers } });
      await response.text();
      return response.status;
    };
    let status = await send();
    if (status === 401 && (await authorizer.renew?.())) {
      report.renewed++;
      status = await send();
    }
    if (status !== 200) throw new Error(`answered ${status}`);
  };

  const end = Date.now() + order.lasts;
  const user = async () => {
    while (Date.now() < end) {
      await useOnce()
        .then(() => report.uses++)
        .catch((error: Error) => report.failures.push(`${error.name}: ${error.message}`));
      await sleep(Math.random() * PAUSE_MS);
    }
  };
  await Promise.all(Array.from({ length: order.users }, user));
  await egress.close();
  client.destroy();
  return report;
}

process.once('message', async (order: UseOrder) => {
  process.send?.(await run(order), () => process.disconnect());
});
process.send?.('ready');
