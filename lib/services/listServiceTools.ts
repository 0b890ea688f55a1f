import type { OperationInput, OperationOutput } from '../api/operation.ts';
import type { operations } from '../api/operations.ts';
import type { Deps, RequestContext } from '../context.ts';
import { keys } from '../store/keys.ts';
import { getItem } from '../store/read.ts';
import { concernsService } from './audited.ts';
import { type CatalogueTool, readCatalogue } from './catalogue.ts';
import { noService, type ServiceItem } from './serviceItem.ts';

type Output = OperationOutput<typeof operations.ListServiceTools>;

const DEFAULT_PAGE = 100;

/** One page of the tools that the server offered when it was last asked, by name. */
export async function listServiceTools(
  input: OperationInput<typeof operations.ListServiceTools>,
  ctx: RequestContext,
  deps: Deps,
): Promise<Output> {
  const { accountId } = ctx.caller;
  concernsService(ctx, deps, input.serviceId);
  const scope = { accountId, operation: 'ListServiceTools', filter: input.serviceId };
  const after = input.nextToken ? deps.pageTokens.read(scope, input.nextToken) : undefined;
  const [catalogue, service] = await Promise.all([
    readCatalogue(deps, accountId, input.serviceId),
    getItem<ServiceItem>(deps, keys.service(accountId, input.serviceId)),
  ]);
  if (!catalogue || !service) return noService(input.serviceId);
  const rest = catalogue.tools.filter(tool => after === undefined || positionOf(tool) > after);
  const page = rest.slice(0, input.maxResults ?? DEFAULT_PAGE);
  const last = page.at(-1);
  return {
    tools: page.map(toServiceTool),
    refreshedAt: service.catalogueRefreshedAt,
    ...(page.length < rest.length
      ? { nextToken: deps.pageTokens.mint(scope, last ? positionOf(last) : '') }
      : {}),
  };
}

/** Characters of a name that a token holds. A server may send any length; names above 128 can never be allowed. */
const MAX_POSITION = 200;

function positionOf({ definition: { name } }: CatalogueTool): string {
  return name.slice(0, MAX_POSITION).toWellFormed();
}

function toServiceTool({ fingerprint, definition }: CatalogueTool): Output['tools'][number] {
  const { name, title, description, inputSchema, outputSchema, annotations } = definition;
  return {
    name,
    title,
    description,
    inputSchema,
    outputSchema,
    annotations: hints(annotations),
    fingerprint,
  };
}

/** Servers may send anything here; only hints of the right type are passed on. */
function hints(annotations: unknown): Output['tools'][number]['annotations'] {
  if (typeof annotations !== 'object' || annotations === null) return undefined;
  const given = annotations as Record<string, unknown>;
  const known = ['readOnlyHint', 'destructiveHint', 'idempotentHint', 'openWorldHint'].filter(
    name => typeof given[name] === 'boolean',
  );
  const title = typeof given.title === 'string' ? { title: given.title } : {};
  return { ...title, ...Object.fromEntries(known.map(name => [name, given[name]])) };
}
