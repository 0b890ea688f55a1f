import { fail, invalid } from '../api/errors.ts';
import type { RequestContext } from '../context.ts';
import { McpError } from '../mcp/mcpError.ts';
import { audited } from '../services/audited.ts';
import { catalogueHashOf } from '../services/catalogue.ts';
import { keepCatalogue } from '../services/keepCatalogue.ts';
import { type LiveCatalogue, liveCatalogue } from '../services/liveCatalogue.ts';
import { decrypt, type OpenService, openService } from '../services/openService.ts';
import type { ServerDeps } from '../services/serverDeps.ts';
import type { CredentialItem, ServiceItem } from '../services/serviceItem.ts';
import type { KnownCatalogue } from './reconcile.ts';

/** Lists that are asked for where the registration changes meanwhile: a rotation is over by the second. */
const ASKS = 3;

/**
 * What a registered server offers at this moment. It is stored before it is answered: no definition is ever pinned
 * that is newer than the catalogue it will be compared with.
 * @throws ValidationException at `/serviceId` where the server cannot be asked
 * @throws ConflictException where the registration keeps changing
 */
export async function liveTools(
  service: ServiceItem,
  stored: CredentialItem,
  ctx: RequestContext,
  deps: ServerDeps,
): Promise<KnownCatalogue> {
  const { accountId } = ctx.caller;
  const { serviceId } = service;
  let opened: OpenService = { service, credential: await decrypt(accountId, serviceId, stored, deps) };
  for (let asks = 1; ; asks++) {
    const live = await ask(accountId, opened, deps);
    const { tools, refreshedAt } = live.catalogue;
    const hash = catalogueHashOf(tools);
    if (hash === opened.service.catalogueHash) return { hash, tools };
    const kept = await keepCatalogue(accountId, opened.service, live, deps);
    if (hash === kept.catalogueHash || refreshedAt <= kept.catalogueRefreshedAt) return { hash, tools };
    if (asks === ASKS) throw fail('ConflictException', `Service ${serviceId} keeps changing. Try again.`);
    opened = await openService({ accountId, serviceId }, deps);
    audited(ctx, opened.service);
  }
}

async function ask(accountId: string, opened: OpenService, deps: ServerDeps): Promise<LiveCatalogue> {
  try {
    return await liveCatalogue(accountId, opened, deps);
  } catch (error) {
    if (!(error instanceof McpError)) throw error;
    throw invalid('/serviceId', `the server's tools cannot be listed now: ${error.code}: ${error.message}`);
  }
}
