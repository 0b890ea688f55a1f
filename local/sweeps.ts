import { removeAbandonedClients } from '../lib/oauth/removeAbandonedClients.ts';
import { checkServiceHealth } from '../lib/services/checkServiceHealth.ts';
import type { ServerDeps } from '../lib/services/serverDeps.ts';
import { sweepDeletedSpaces } from '../lib/spaces/sweepDeletedSpaces.ts';
import type { Engine } from './engine/engine.ts';
import { startSweep } from './engine/sweep.ts';
import type { Progress } from './progress.ts';
import { repeat } from './repeat.ts';

/** How often begun deletions are looked for; most are finished by the call that began them. */
const DELETIONS_MS = 5_000;
/** How often abandoned OAuth clients are looked for: they were left alone for an hour by then. */
const CLIENTS_MS = 60_000;
/** How often health checks that are due are looked for. */
const HEALTH_MS = 30_000;

/**
 * Background work of the embedded mode: expired items where the engine keeps them, begun deletions, OAuth clients and
 * health checks.
 */
export function startSweeps(
  deps: ServerDeps,
  kind: Engine['kind'],
  say: Progress,
): { stop(): Promise<void> } {
  const { store: client, config, now } = deps;
  const expired =
    kind === 'endpoint' ? undefined : startSweep({ client, tableName: config.tableName, now, log: say });
  const deletions = repeat(DELETIONS_MS, async () => {
    await sweepDeletedSpaces(deps).catch(error => say(`Deleted spaces could not be swept: ${error.name}`));
  });
  const clients = repeat(CLIENTS_MS, async () => {
    await removeAbandonedClients(deps).catch(error =>
      say(`OAuth clients could not be removed: ${error.name}`),
    );
  });
  const health = repeat(HEALTH_MS, async () => {
    await checkServiceHealth(deps).catch(error => say(`Servers could not be checked: ${error.name}`));
  });
  return {
    async stop() {
      await Promise.all([expired?.stop(), deletions.stop(), clients.stop(), health.stop()]);
    },
  };
}
