import { LRUCache } from 'lru-cache';
import { McpError } from '../mcp/mcpError.ts';
import type { ProtocolVerdict } from '../mcp/types.ts';
import { refreshCatalogue } from '../services/refreshCatalogue.ts';
import type { ServiceItem } from '../services/serviceItem.ts';
import type { ServerView } from './spaceView.ts';
import type { GatewayDeps } from './types.ts';

/** Milliseconds until a server that could not be asked is asked again, or one that seems to miss a tool. */
const RETRY_MS = 10_000;
/** Servers whose last refresh is remembered. */
const MAX_SERVERS = 10_000;

/** Keeps the tool lists of servers in use up to date. */
export interface Catalogues {
  /** Has a server asked again, beside the request, when its list is older than it may be. */
  keep(accountId: string, server: ServerView): void;
  /** The same, because it says that its list has changed. */
  refresh(accountId: string, serviceId: string): void;
  /**
   * Has a server asked again because its list seems to be out of date; whether it was. Whoever comes while it is being
   * asked waits for the same answer.
   */
  renew(accountId: string, serviceId: string): Promise<ServiceItem | undefined>;
  /** What a server spoke when it was asked here, if that was a moment ago: views may be older. */
  verdictOf(accountId: string, serviceId: string): ProtocolVerdict | undefined;
  /** Why a server could not be asked for its list when it was last tried, if so. */
  problemOf(accountId: string, serviceId: string): McpError | undefined;
  /** Settles when no refresh is under way. */
  settle(): Promise<void>;
}

interface Known {
  triedAt: number;
  problem?: McpError | undefined;
  verdict?: ProtocolVerdict | undefined;
  flight?: Promise<ServiceItem | undefined>;
}

/** One refresh of a server at a time, and none within {@link RETRY_MS} of the last. */
export function createCatalogues(deps: GatewayDeps): Catalogues {
  const known = new LRUCache<string, Known>({ max: MAX_SERVERS });
  const running = new Set<Promise<unknown>>();

  const isDue = (key: string) =>
    deps.now() - (known.get(key)?.triedAt ?? Number.NEGATIVE_INFINITY) >= RETRY_MS;

  const renew = async (accountId: string, serviceId: string): Promise<ServiceItem | undefined> => {
    const key = `${accountId}/${serviceId}`;
    const before = known.get(key);
    if (before?.flight) return before.flight;
    if (!isDue(key)) return undefined;
    const triedAt = deps.now();
    const flight = ask(accountId, serviceId, { ...before, triedAt });
    known.set(key, { ...before, triedAt, flight });
    return flight;
  };

  const ask = async (
    accountId: string,
    serviceId: string,
    { triedAt, verdict }: Known,
  ): Promise<ServiceItem | undefined> => {
    const key = `${accountId}/${serviceId}`;
    try {
      const service = await refreshCatalogue({ accountId, serviceId }, deps);
      known.set(key, { triedAt, verdict: service.verdict });
      return service;
    } catch (error) {
      known.set(key, { triedAt, verdict, problem: error instanceof McpError ? error : undefined });
      if (!(error instanceof McpError)) deps.log('tool list not refreshed', { error: Object(error).name });
      return undefined;
    }
  };

  const refresh = (accountId: string, serviceId: string) => {
    const run = renew(accountId, serviceId).finally(() => running.delete(run));
    running.add(run);
  };

  return {
    keep(accountId, { service }) {
      const age = deps.now() - Date.parse(service.catalogueRefreshedAt);
      if (service.state === 'DISABLED' || age < deps.gateway.catalogueMaxAgeMs) return;
      refresh(accountId, service.serviceId);
    },
    refresh,
    renew,
    verdictOf(accountId, serviceId) {
      const key = `${accountId}/${serviceId}`;
      return isDue(key) ? undefined : known.peek(key)?.verdict;
    },
    problemOf: (accountId, serviceId) => known.peek(`${accountId}/${serviceId}`)?.problem,
    async settle() {
      await Promise.all(running);
    },
  };
}
