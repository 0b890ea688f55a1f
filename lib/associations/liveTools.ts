import { invalid } from '../api/errors.ts';
import type { RequestContext } from '../context.ts';
import { McpError } from '../mcp/mcpError.ts';
import { catalogueHashOf } from '../services/catalogue.ts';
import { keepCatalogue } from '../services/keepCatalogue.ts';
import { type LiveCatalogue, liveCatalogue } from '../services/liveCatalogue.ts';
import { decrypt, type OpenService } from '../services/openService.ts';
import type { ServerDeps } from '../services/serverDeps.ts';
import type { CredentialItem, ServiceItem } from '../services/serviceItem.ts';
import type { KnownCatalogue } from './reconcile.ts';

/**
 * What a registered server offers at this moment. It is stored before it is answered: no definition is ever pinned
 * that is newer than the catalogue it will be compared with.
 * @throws ValidationException at `/serviceId` where the server cannot be asked
 */
export async function liveTools(
  service: ServiceItem,
  stored: CredentialItem,
  ctx: RequestContext,
  deps: ServerDeps,
): Promise<KnownCatalogue> {
  const { accountId } = ctx.caller;
  const credential = await decrypt(accountId, service.serviceId, stored, deps);
  const live = await ask(accountId, { service, credential }, deps);
  const { tools } = live.catalogue;
  const hash = catalogueHashOf(tools);
  if (hash !== service.catalogueHash) await keepCatalogue(accountId, service, live, deps);
  return { hash, tools };
}

async function ask(accountId: string, opened: OpenService, deps: ServerDeps): Promise<LiveCatalogue> {
  try {
    return await liveCatalogue(accountId, opened, deps);
  } catch (error) {
    if (!(error instanceof McpError)) throw error;
    throw invalid('/serviceId', `the server's tools cannot be listed now: ${error.code}: ${error.message}`);
  }
}
