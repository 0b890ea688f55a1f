import { jsonBytes } from '../audit/bounds.ts';
import { cut } from '../audit/marks.ts';
import { ownEvent } from '../audit/ownEvent.ts';
import type { Deps } from '../context.ts';
import { scrubServerText } from '../egress/scrub.ts';
import { visible } from '../egress/visible.ts';
import { associationResource, serviceResource, spaceResource } from '../identity/arn.ts';
import type { CatalogueTool } from '../services/catalogue.ts';
import type { ServiceItem } from '../services/serviceItem.ts';
import type { TransactClause } from '../store/transact.ts';
import type { AssociationItem } from './associationItem.ts';
import type { ChangedTool, Comparison } from './compare.ts';
import { changedMembers, diffDefinitions } from './definitionDiff.ts';

/** Bytes of one tool's diff: what a person reads. */
const MAX_DIFF_BYTES = 4_000;
/** Bytes of all tools of one event, below what a record's `additionalEventData` may have: names and hashes first. */
const MAX_EVENT_BYTES = 24_000;
/** Members of a definition that are named; MCP defines eight. */
const MAX_MEMBERS = 10;
/** Characters of such a name. */
const MAX_MEMBER = 64;

/** What became of tools, and the event that tells it. */
const DRIFT = {
  changed: 'ToolDefinitionChanged',
  restored: 'ToolDefinitionRestored',
  removed: 'ToolRemoved',
  added: 'ToolAdded',
} as const;

/** Counts the events of {@link driftEvents}, once they are written. */
export function measureDrift(compared: Comparison, { measure }: Pick<Deps, 'measure'>): void {
  for (const [kind, event] of Object.entries(DRIFT)) {
    const tools = compared[kind as keyof typeof DRIFT].length;
    if (tools > 0) measure({ kind: 'drift', event, tools });
  }
}

/** One event for each kind of news, for the transaction that keeps them; none where there is none. */
export function driftEvents(
  accountId: string,
  association: AssociationItem,
  service: ServiceItem,
  { changed, removed, restored, added }: Comparison,
  deps: Pick<Deps, 'config' | 'now' | 'newId'>,
): TransactClause[] {
  const news: [eventName: string, tools: object[]][] = [
    [DRIFT.changed, changed.length > 0 ? describeAll(changed) : []],
    [DRIFT.restored, restored.map(named)],
    [DRIFT.removed, removed.map(named)],
    [DRIFT.added, added.map(named)],
  ];
  const { agentSpaceId, associationId, serviceId } = association;
  const place = { accountId, region: deps.config.region };
  const common = {
    accountId,
    requestParameters: { agentSpaceId, associationId, serviceId },
    resources: [
      associationResource(place, agentSpaceId, associationId),
      spaceResource(place, agentSpaceId),
      serviceResource(place, serviceId),
    ],
  };
  return news.flatMap(([eventName, tools]) => {
    if (tools.length === 0) return [];
    const additionalEventData = { endpoint: service.endpoint, toolCount: tools.length, tools };
    return ownEvent({ ...common, eventName, additionalEventData }, deps);
  });
}

function named({ definition, fingerprint }: CatalogueTool) {
  return { name: definition.name, fingerprint };
}

/** Names and hashes of all, and diffs while there is room. */
function describeAll(changed: readonly ChangedTool[]): object[] {
  const tools = changed.map(({ pinned, offered }) => ({
    ...named(pinned),
    offeredFingerprint: offered.fingerprint,
  }));
  let room = MAX_EVENT_BYTES - jsonBytes(tools);
  return tools.map((tool, index) => {
    const change = changed[index];
    if (!change || room <= 0) return tool;
    const detail = detailOf(change);
    room -= jsonBytes(detail);
    return room < 0 ? tool : { ...tool, ...detail };
  });
}

interface Detail {
  changedMembers: string[];
  diff: string[];
}

/** By the offered tool, then by what was confirmed: a server's change meets the same pins in many spaces. */
const known = new WeakMap<CatalogueTool, Map<string, Detail>>();

function detailOf({ pinned, offered }: ChangedTool): Detail {
  const details = known.get(offered) ?? new Map<string, Detail>();
  known.set(offered, details);
  const detail = details.get(pinned.fingerprint) ?? {
    changedMembers: changedMembers(pinned.definition, offered.definition).slice(0, MAX_MEMBERS).map(shown),
    diff: diffDefinitions(pinned.definition, offered.definition, MAX_DIFF_BYTES),
  };
  details.set(pinned.fingerprint, detail);
  return detail;
}

/** Names of members are the server's too. */
function shown(member: string): string {
  return cut(scrubServerText(visible(member), []), MAX_MEMBER);
}
