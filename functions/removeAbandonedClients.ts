import { scheduled } from '../lib/api/scheduled.ts';
import { serverDeps } from '../lib/deps/server.ts';
import { removeAbandonedClients } from '../lib/oauth/removeAbandonedClients.ts';

/** Scheduled: removes OAuth clients that no registered server uses, where they were registered. */
export const handler = scheduled('removeAbandonedClients', removeAbandonedClients, serverDeps);
