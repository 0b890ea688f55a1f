import { serverDeps } from '../lib/deps/server.ts';
import { removeAbandonedClients } from '../lib/oauth/removeAbandonedClients.ts';

/** Scheduled: removes OAuth clients that no registered server uses, where they were registered. */
export const handler = async (): Promise<{ removed: number }> => ({
  removed: await removeAbandonedClients(serverDeps()),
});
