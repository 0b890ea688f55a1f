import { LRUCache } from 'lru-cache';
import type { RequestAuthorizer } from '../mcp/authorizer.ts';
import { type OpenService, openService } from '../services/openService.ts';
import { registeredAuthorizer } from '../services/serverAuthorizer.ts';
import type { ServiceItem } from '../services/serviceItem.ts';
import { MAX_RESPONSE_BYTES } from './limits.ts';
import { RPC, RpcError } from './rpc.ts';
import type { ServerView } from './spaceView.ts';
import type { Agent, GatewayDeps } from './types.ts';
import type { Upstream } from './upstream/types.ts';

/** Credentials in the clear that a process keeps, some KB each. */
const MAX_OPEN = 1_000;

/** Finds the way to a server: its endpoint and its credential. */
export type Connect = (server: ServerView, agent: Agent) => Promise<Upstream>;

/**
 * Endpoint and credential of a server, as of one moment: read and decrypted once for each version of its registration.
 * A credential is never sent to an endpoint that it was not registered with.
 */
export function createConnections(deps: GatewayDeps): Connect {
  const opened = new LRUCache<string, Promise<Way>>({ max: MAX_OPEN });
  const { callTimeoutMs } = deps.gateway;
  const bounds = {
    maxResponseBytes: MAX_RESPONSE_BYTES,
    bodyIdleTimeoutMs: callTimeoutMs,
  };

  const open = (accountId: string, serviceId: string, version: number): Promise<Way> => {
    const key = `${accountId}/${serviceId}/${version}`;
    const found = opened.get(key);
    if (found) return found;
    const opening = openService({ accountId, serviceId }, deps).then(found => wayTo(found, accountId, deps));
    opened.set(key, opening);
    opening.catch(() => opened.delete(key));
    return opening;
  };

  return async ({ name, service: { serviceId, version, verdict } }, { accountId, agentSpaceId }) => {
    const { service, authorizer } = await open(accountId, serviceId, version);
    // It may be newer than the view.
    if (service.state === 'DISABLED') throw disabled(name);
    return {
      accountId,
      agentSpaceId,
      serviceId,
      version: service.version,
      endpoint: service.endpoint,
      verdict: service.version === version ? verdict : service.verdict,
      authorizer: authorizer(),
      egress: deps.egress,
      bounds,
    };
  };
}

/** A registration, and how each call of it proves itself. */
interface Way {
  service: ServiceItem;
  authorizer(): RequestAuthorizer;
}

/** Where the same headers go onto every request, one authorizer does for all calls; others remember what they sent. */
function wayTo({ service, credential }: OpenService, accountId: string, deps: GatewayDeps): Way {
  const make = () => registeredAuthorizer(service, credential, accountId, deps);
  if (credential.kind !== 'api-key' && credential.kind !== 'bearer-token')
    return { service, authorizer: make };
  const shared = make();
  return { service, authorizer: () => shared };
}

/** Whether an error is {@link disabled}'s. */
export function isDisabled(error: unknown): boolean {
  return error instanceof RpcError && error.data?.code === 'SERVER_DISABLED';
}

/** A server that its account has switched off. */
export function disabled(name: string): RpcError {
  return new RpcError(RPC.GATEWAY, `Server ${name} is disabled.`, { code: 'SERVER_DISABLED' });
}
