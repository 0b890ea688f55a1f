import { invalid } from '../api/errors.ts';
import type { RequestContext } from '../context.ts';
import { listServerTools } from '../mcp/fetchCatalogue.ts';
import { McpError } from '../mcp/mcpError.ts';
import { type CatalogueTool, catalogueOf } from '../services/catalogue.ts';
import { decrypt } from '../services/openService.ts';
import { registeredAuthorizer } from '../services/serverAuthorizer.ts';
import type { ServerDeps } from '../services/serverDeps.ts';
import type { CredentialItem, ServiceItem } from '../services/serviceItem.ts';

/**
 * What a registered server offers at this moment.
 * @throws ValidationException at `/serviceId` where the server cannot be asked
 */
export async function liveTools(
  service: ServiceItem,
  stored: CredentialItem,
  ctx: RequestContext,
  deps: ServerDeps,
): Promise<CatalogueTool[]> {
  const { accountId } = ctx.caller;
  const credential = await decrypt(accountId, service.serviceId, stored, deps);
  try {
    const { tools } = await listServerTools({
      accountId,
      endpoint: service.endpoint,
      authorizer: registeredAuthorizer(service, credential, accountId, deps),
      egress: deps.egress,
      ...(service.verdict ? { verdict: service.verdict } : {}),
    });
    return catalogueOf(tools, [], ctx.at).tools;
  } catch (error) {
    if (!(error instanceof McpError)) throw error;
    throw invalid('/serviceId', `the server's tools cannot be listed now: ${error.code}: ${error.message}`);
  }
}
