import { scheduled } from '../lib/api/scheduled.ts';
import { coreDeps } from '../lib/deps/core.ts';
import { sweepDeletedSpaces } from '../lib/spaces/sweepDeletedSpaces.ts';

/** Scheduled: finishes deletions of agent spaces that were begun. */
export const handler = scheduled('sweepDeletedSpaces', deps => sweepDeletedSpaces(deps), coreDeps);
