import { ApiError } from '../api/errors.ts';
import { failure } from '../mcp/mcpError.ts';
import { keepCatalogue } from './keepCatalogue.ts';
import { openService, type ServicePlace } from './openService.ts';
import type { ServerDeps } from './serverDeps.ts';
import type { ServiceItem } from './serviceItem.ts';

export interface RefreshOptions {
  /** Milliseconds for asking the server; 20,000 when left out. */
  budgetMs?: number | undefined;
  /**
   * The `catalogueRefreshedAt` that the caller found too old. Where another process has refreshed since, that is enough
   * and the server is not asked.
   */
  knownAt?: string | undefined;
}

/** The refreshes under way, by table connection: one process has one. */
const flights = new WeakMap<object, Map<string, Promise<ServiceItem>>>();

/**
 * Asks a registered server for its tools, keeps what changed, and brings the service's associations up to it. The
 * system's own act: it leaves no event of its own and counts against no quota. Whoever asks while one is under way
 * for the same service in this process gets its outcome.
 * @returns the registration as it is then
 * @throws McpError where the server cannot be asked, ApiError where the registration is gone; what is stored stays then
 */
export function refreshCatalogue(
  place: ServicePlace,
  deps: ServerDeps,
  options: RefreshOptions = {},
): Promise<ServiceItem> {
  const own = flights.get(deps.store) ?? new Map<string, Promise<ServiceItem>>();
  flights.set(deps.store, own);
  const key = `${deps.config.tableName}/${place.accountId}/${place.serviceId}`;
  const flight = own.get(key) ?? refresh(place, deps, options).finally(() => own.delete(key));
  own.set(key, flight);
  return flight;
}

async function refresh(
  place: ServicePlace,
  deps: ServerDeps,
  { budgetMs, knownAt }: RefreshOptions,
): Promise<ServiceItem> {
  const opened = await openService(place, deps);
  if (knownAt !== undefined && opened.service.catalogueRefreshedAt > knownAt) return opened.service;
  // Agents' calls seldom come here: the MCP client is not to be part of their cold start.
  const { liveCatalogue } = await import('./liveCatalogue.ts');
  const live = await liveCatalogue(place.accountId, opened, deps, { budgetMs });
  try {
    return await keepCatalogue(place.accountId, opened.service, live, deps);
  } catch (error) {
    throw isTooLarge(error) ? failure('TOOLS_LIST_TOO_LARGE', 'The definitions cannot be kept.') : error;
  }
}

function isTooLarge(error: unknown): boolean {
  return error instanceof ApiError && error.failure.code === 'ContentSizeExceededException';
}
