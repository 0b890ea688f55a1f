import { listServerTools } from '../mcp/fetchCatalogue.ts';
import type { InspectOptions } from '../mcp/inspectServer.ts';
import type { ProtocolVerdict } from '../mcp/types.ts';
import { type Catalogue, catalogueOf } from './catalogue.ts';
import type { OpenService } from './openService.ts';
import { registeredAuthorizer } from './serverAuthorizer.ts';
import type { ServerDeps } from './serverDeps.ts';

/** What a server was found to offer, and to speak. */
export interface LiveCatalogue {
  catalogue: Catalogue;
  verdict: ProtocolVerdict;
}

/** What a registered server offers at this moment. Fails with a `McpError`. */
export async function liveCatalogue(
  accountId: string,
  { service, credential }: OpenService,
  deps: ServerDeps,
  options: Pick<InspectOptions, 'budgetMs'> = {},
): Promise<LiveCatalogue> {
  const askedAt = deps.now();
  const { tools, verdict, warnings } = await listServerTools(
    {
      accountId,
      endpoint: service.endpoint,
      authorizer: registeredAuthorizer(service, credential, accountId, deps),
      egress: deps.egress,
      ...(service.verdict ? { verdict: service.verdict } : {}),
    },
    options,
  );
  return { catalogue: catalogueOf(tools, warnings, askedAt), verdict };
}
