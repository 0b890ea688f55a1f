import type { Input } from '../../client/src/index.ts';
import { factsOf } from '../api/serverFacts.ts';
import type { Association, Classification, RegisteredService, ServiceTool } from '../api/types.ts';

/** What somebody chose to allow. */
export interface Choice {
  /** Every tool, present and future. */
  all: boolean;
  /** Otherwise these, by name. */
  selected: readonly string[];
  classes: Readonly<Record<string, Classification>>;
}

export const NOTHING_CHOSEN: Choice = { all: false, selected: [], classes: {} };

/** Characters of a name that agents take (MCP clients' own limit). */
export const MAX_NAME = 64;

const NAME = /^[a-zA-Z0-9_-]{1,128}$/;

export function visibleName(server: string, { name }: Pick<ServiceTool, 'name'>): string {
  return `${server}_${name}`;
}

/** Why a tool cannot be allowed; nothing when it can. */
export function obstacle(
  server: string,
  tool: Pick<ServiceTool, 'name'>,
): 'unsupported' | 'tooLong' | undefined {
  if (!NAME.test(tool.name)) return 'unsupported';
  return visibleName(server, tool).length > MAX_NAME ? 'tooLong' : undefined;
}

/** How a tool is classified that nobody classified. */
export function defaultClass(
  { annotations = {} }: Pick<ServiceTool, 'annotations'>,
  all: boolean,
): Classification {
  const { readOnlyHint } = annotations;
  return readOnlyHint === true || (!all && readOnlyHint !== false) ? 'READ_ONLY' : 'MUTATIVE';
}

/** What an association allows, whatever kind its server is of. */
export function toolsOf({ configuration }: Association) {
  return configuration.mcpserver ?? configuration.mcpserversigv4 ?? { tools: [] };
}

export function choiceOf(association: Association): Choice {
  const { tools, toolDetails = [] } = toolsOf(association);
  const all = tools.includes('*');
  const classes = toolDetails.flatMap(({ name, toolClassification }) =>
    toolClassification ? [[name, toolClassification] as const] : [],
  );
  return { all, selected: all ? [] : tools, classes: Object.fromEntries(classes) };
}

/** The names that are asked for: `*`, or those chosen of what the server offers now. */
export function chosenNames({ all, selected }: Choice, offered: readonly ServiceTool[]): string[] {
  const names = new Set(offered.map(({ name }) => name));
  return all ? ['*'] : selected.filter(name => names.has(name)).sort();
}

/** How many tools a choice lets in. */
export function countOf(choice: Choice, server: string, offered: readonly ServiceTool[]): number {
  return choice.all
    ? offered.filter(tool => !obstacle(server, tool)).length
    : chosenNames(choice, offered).length;
}

type Configuration = Input<'AssociateService'>['configuration'];

export function configurationOf(
  { serviceType }: Pick<RegisteredService, 'serviceType'>,
  choice: Choice,
  offered: readonly ServiceTool[],
): Configuration {
  const tools = chosenNames(choice, offered);
  const classified = offered.filter(
    ({ name }) => choice.classes[name] && (choice.all || tools.includes(name)),
  );
  const toolDetails = classified.flatMap(({ name }) => {
    const toolClassification = choice.classes[name];
    return toolClassification ? [{ name, toolClassification }] : [];
  });
  const configuration = { tools, ...(toolDetails.length > 0 && { toolDetails }) };
  return serviceType === 'mcpserversigv4' ? { mcpserversigv4: configuration } : { mcpserver: configuration };
}

/** As many as one request may hold, and as a space allows by default. */
const MAX_EXPECTED = 500;

/** A choice as it is asked for, under the definitions that were shown: what changed meanwhile is not confirmed unseen. */
export function wantedOf(
  service: RegisteredService,
  choice: Choice,
  offered: readonly ServiceTool[],
): Pick<Input<'AssociateService'>, 'configuration' | 'expectedFingerprints'> {
  const server = factsOf(service).ownName;
  const names = new Set(chosenNames(choice, offered));
  const letIn = offered.filter(tool => (choice.all ? !obstacle(server, tool) : names.has(tool.name)));
  return {
    configuration: configurationOf(service, choice, offered),
    expectedFingerprints: letIn
      .slice(0, MAX_EXPECTED)
      .map(({ name, fingerprint }) => ({ name, fingerprint })),
  };
}
