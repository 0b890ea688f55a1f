import type { OperationInput, OperationOutput } from '../api/operation.ts';
import type { operations } from '../api/operations.ts';
import { jsonBytes } from '../audit/bounds.ts';
import type { Deps, RequestContext } from '../context.ts';
import { confirmedPart } from '../mcp/fingerprint.ts';
import { type CatalogueTool, readCatalogue } from '../services/catalogue.ts';
import { noSpace, type SpaceItem } from '../spaces/spaceItem.ts';
import { keys } from '../store/keys.ts';
import { getItems } from '../store/read.ts';
import { type AssociationItem, concernsAssociation, noAssociation, serviceIdOf } from './associationItem.ts';
import { readPinned } from './pinned.ts';

type Input = OperationInput<typeof operations.ListAssociationTools>;
type Output = OperationOutput<typeof operations.ListAssociationTools>;
type Tool = Output['tools'][number];

const DEFAULT_PAGE = 100;
/** Bytes of one definition that is shown: a person reads no longer one. */
const MAX_DEFINITION_BYTES = 500_000;
/** Bytes of a page, but for its last tool. A Lambda function answers at most 6 MB, and JSON within JSON may double. */
const MAX_PAGE_BYTES = 1_500_000;

/**
 * One page of the tools that an association confirmed, by name: each as it was confirmed, and as the server offered it
 * when it was last asked, where that differs. Whole definitions, without `_meta`; one above
 * {@link MAX_DEFINITION_BYTES} is left out. A page is short where definitions are long.
 */
export async function listAssociationTools(input: Input, ctx: RequestContext, deps: Deps): Promise<Output> {
  const { agentSpaceId, associationId, filterWithheldReason: reason, nextToken, maxResults } = input;
  const { accountId } = ctx.caller;
  const serviceId = serviceIdOf(associationId);
  concernsAssociation(ctx, deps, agentSpaceId, associationId, serviceId);
  const filter = JSON.stringify([agentSpaceId, associationId, reason ?? null]);
  const scope = { accountId, operation: 'ListAssociationTools', filter };
  const after = nextToken === undefined ? '' : deps.pageTokens.read(scope, nextToken);
  const [[space, association], pinned, catalogue] = await Promise.all([
    getItems<[SpaceItem, AssociationItem]>(deps, [
      keys.space(accountId, agentSpaceId),
      keys.association(accountId, agentSpaceId, associationId),
    ]),
    readPinned(deps, accountId, agentSpaceId, associationId),
    readCatalogue(deps, accountId, serviceId),
  ]);
  if (!space) noSpace(agentSpaceId);
  if (!association) noAssociation(agentSpaceId, associationId);
  const offered = new Map(catalogue?.tools.map(tool => [tool.definition.name, tool]));
  const rest = pinned
    .map(tool => ({ pinned: tool, offered: offered.get(tool.definition.name) }))
    .filter(pair => pair.pinned.definition.name > after)
    .filter(pair => reason === undefined || reasonOf(pair) === reason)
    .sort((a, b) => (a.pinned.definition.name < b.pinned.definition.name ? -1 : 1));
  const tools = pageOf(rest, maxResults ?? DEFAULT_PAGE);
  const last = tools.at(-1);
  return {
    tools,
    ...(last && tools.length < rest.length ? { nextToken: deps.pageTokens.mint(scope, last.name) } : {}),
  };
}

interface Pair {
  pinned: CatalogueTool;
  /** Nothing where the server offers it no more. */
  offered: CatalogueTool | undefined;
}

function reasonOf({ pinned, offered }: Pair): 'CHANGED' | 'REMOVED' | undefined {
  if (!offered) return 'REMOVED';
  return offered.fingerprint === pinned.fingerprint ? undefined : 'CHANGED';
}

/** The first tools that fit: never none. */
function pageOf(pairs: readonly Pair[], maxTools: number): Tool[] {
  const tools: Tool[] = [];
  let bytes = 0;
  for (const pair of pairs) {
    if (tools.length === maxTools || bytes >= MAX_PAGE_BYTES) break;
    const tool = shown(pair);
    tools.push(tool);
    bytes += jsonBytes(tool);
  }
  return tools;
}

function shown(pair: Pair): Tool {
  const withheldReason = reasonOf(pair);
  return {
    name: pair.pinned.definition.name,
    ...definitionOf(pair.pinned),
    ...(withheldReason ? { withheldReason } : {}),
    ...(withheldReason && pair.offered ? { offered: definitionOf(pair.offered) } : {}),
  };
}

function definitionOf({ fingerprint, definition: whole }: CatalogueTool) {
  const definition = confirmedPart(whole);
  return { fingerprint, ...(jsonBytes(definition) > MAX_DEFINITION_BYTES ? {} : { definition }) };
}
