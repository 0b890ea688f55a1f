import { type Authentication, createAuthentication } from './authenticate.ts';
import { type Breakers, createBreakers } from './breakers.ts';
import { type Cancellations, createCancellations } from './cancellations.ts';
import { type Catalogues, createCatalogues } from './catalogues.ts';
import { type Connect, createConnections } from './connections.ts';
import { createFreshCache, type FreshCache } from './freshCache.ts';
import { type CountRequest, createRateLimits } from './rateLimits.ts';
import { readSpace } from './readSpace.ts';
import type { SpaceView } from './spaceView.ts';
import type { GatewayDeps } from './types.ts';
import { createSessions, type Sessions } from './upstream/sessions.ts';

/** Spaces whose view a process keeps: up to some MB each, most far less. */
const MAX_SPACES = 500;

/** What the requests of one process share. */
export interface GatewayParts {
  deps: GatewayDeps;
  authentication: Authentication;
  countRequest: CountRequest;
  /** By `<account>/<space>`. */
  views: FreshCache<SpaceView | undefined>;
  connect: Connect;
  catalogues: Catalogues;
  breakers: Breakers;
  sessions: Sessions;
  cancellations: Cancellations;
  /** Ids of requests to servers. */
  nextId(): number;
}

/** Made once per process. */
export function createParts(deps: GatewayDeps): GatewayParts {
  let lastId = 0;
  return {
    deps,
    authentication: createAuthentication(deps),
    countRequest: createRateLimits(deps.gateway),
    views: createFreshCache<SpaceView | undefined>(
      (key, previous) => {
        const [accountId = '', agentSpaceId = ''] = key.split('/');
        return readSpace(accountId, agentSpaceId, previous, deps);
      },
      { max: MAX_SPACES, now: deps.now },
    ),
    connect: createConnections(deps),
    catalogues: createCatalogues(deps),
    breakers: createBreakers(),
    sessions: createSessions(deps.now),
    cancellations: createCancellations(deps.cancelElsewhere),
    nextId: () => ++lastId,
  };
}
