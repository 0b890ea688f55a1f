import { scheduled } from '../lib/api/scheduled.ts';
import { serverDeps } from '../lib/deps/server.ts';
import { checkServiceHealth } from '../lib/services/checkServiceHealth.ts';

/** Scheduled: validates registered servers and keeps their status up to date. */
export const handler = scheduled('checkServiceHealth', checkServiceHealth, serverDeps);
