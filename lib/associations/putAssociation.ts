import { fail, invalid } from '../api/errors.ts';
import type { OperationInput, OperationOutput } from '../api/operation.ts';
import type { operations } from '../api/operations.ts';
import type { RequestContext } from '../context.ts';
import type { OtherTools } from '../mcp/metadata/imitatedNames.ts';
import { audited } from '../services/audited.ts';
import type { ServerDeps } from '../services/serverDeps.ts';
import { type CredentialItem, noService, type ServiceItem } from '../services/serviceItem.ts';
import { noSpace, type SpaceItem } from '../spaces/spaceItem.ts';
import { ConditionFailed, conditionFailed } from '../store/conditionFailed.ts';
import { keys } from '../store/keys.ts';
import { getItem, getItems } from '../store/read.ts';
import type { TransactClause } from '../store/transact.ts';
import { absent, commit, present, put, unchanged, update } from '../store/write.ts';
import { type Allowlist, refuseLongServerName, resolveAllowlist, type ToolSelection } from './allowlist.ts';
import { allowlistWarnings } from './allowlistWarnings.ts';
import { type AssociationItem, noAssociation, toAssociation } from './associationItem.ts';
import { refuseOversized } from './itemSize.ts';
import { liveTools } from './liveTools.ts';
import { claimName, nameCollision } from './nameClaims.ts';
import { namesBehindStar, otherTools } from './otherTools.ts';
import { pinWrites } from './pinned.ts';
import { reconcileAssociation } from './reconcile.ts';
import { refuseUnseen } from './refuseUnseen.ts';
import { countTools } from './toolQuota.ts';
import { useShard } from './useShard.ts';

type Output = OperationOutput<typeof operations.AssociateService>;
type AssociateInput = OperationInput<typeof operations.AssociateService>;

/** An association as it shall be. */
export interface Wanted
  extends Pick<
    AssociateInput,
    'agentSpaceId' | 'serviceId' | 'configuration' | 'capabilities' | 'expectedFingerprints'
  > {
  associationId: string;
  /** UpdateAssociation changes; AssociateService also creates. */
  mustExist: boolean;
}

/** Everything a change of an association is decided on, as of one moment; `others` only to warn. */
interface Found {
  space: SpaceItem;
  service: ServiceItem;
  credential: CredentialItem;
  existing: AssociationItem | undefined;
  others: OtherTools[];
}

/** Callers that change one association at the same time take turns; this many turns are enough for people. */
const ATTEMPTS = 8;

/**
 * Creates an association, or replaces it, in one transaction with its event: the use count and the service's
 * list of users move with it, the tool quota and the name claims are conditions of it.
 */
export async function putAssociation(wanted: Wanted, ctx: RequestContext, deps: ServerDeps): Promise<Output> {
  const found = await find(wanted, ctx, deps);
  audited(ctx, found.service);
  const { selection, path } = requireSelection(wanted, found.service);
  refuseLongServerName(found.service.name);
  const live = await liveTools(found.service, found.credential, ctx, deps);
  const allowlist = resolveAllowlist(found.service.name, selection, live.tools, path);
  refuseOversized(wanted, allowlist.tools.length);
  if (found.existing && found.existing.catalogueHash !== live.hash) {
    // What changed since it was confirmed last is told before it is confirmed.
    const place = { ...wanted, accountId: ctx.caller.accountId };
    found.existing = await reconcileAssociation(place, deps, live);
  }
  refuseUnseen(wanted.expectedFingerprints, live.tools);
  const warnings = allowlistWarnings(found.service.name, selection, allowlist, found.others);
  for (let attempt = 1; ; attempt++) {
    try {
      return await write(wanted, found, { ...allowlist, warnings }, live.hash, ctx, deps);
    } catch (error) {
      if (!conditionFailed(error, 'association') || attempt === ATTEMPTS) {
        throw await explain(error, wanted, found, deps, ctx);
      }
      found.existing = await again(wanted, ctx, deps);
    }
  }
}

async function find(wanted: Wanted, ctx: RequestContext, deps: ServerDeps): Promise<Found> {
  const { accountId } = ctx.caller;
  const { agentSpaceId, serviceId, associationId } = wanted;
  const [[space, service, credential, existing], others] = await Promise.all([
    getItems<[SpaceItem, ServiceItem, CredentialItem, AssociationItem]>(deps, [
      keys.space(accountId, agentSpaceId),
      keys.service(accountId, serviceId),
      keys.credential(accountId, serviceId),
      keys.association(accountId, agentSpaceId, associationId),
    ]),
    otherTools(deps, accountId, agentSpaceId, associationId),
  ]);
  if (!space) noSpace(agentSpaceId);
  if (wanted.mustExist && !existing) noAssociation(agentSpaceId, associationId);
  if (!service || !credential) noService(serviceId);
  return { space, service, credential, existing, others };
}

function again(wanted: Wanted, ctx: RequestContext, deps: ServerDeps): Promise<AssociationItem | undefined> {
  return getItem<AssociationItem>(
    deps,
    keys.association(ctx.caller.accountId, wanted.agentSpaceId, wanted.associationId),
  );
}

/** @throws ValidationException where the configuration is of another kind of server */
function requireSelection(wanted: Wanted, service: ServiceItem): { selection: ToolSelection; path: string } {
  const selection = wanted.configuration[service.serviceType];
  const path = `/configuration/${service.serviceType}`;
  if (!selection)
    throw invalid(path, `is required: service ${service.serviceId} is of type ${service.serviceType}`);
  return { selection, path };
}

async function write(
  wanted: Wanted,
  found: Found,
  allowlist: Allowlist,
  catalogueHash: string,
  ctx: RequestContext,
  deps: ServerDeps,
): Promise<Output> {
  const { tableName: table } = deps.config;
  const account = ctx.caller.accountId;
  const { existing } = found;
  if (wanted.mustExist && !existing) noAssociation(wanted.agentSpaceId, wanted.associationId);
  const key = keys.association(account, wanted.agentSpaceId, wanted.associationId);
  const version = existing ? existing.version + 1 : firstVersion(deps);
  const { agentSpaceId, associationId } = wanted;
  const place = { agentSpaceId, associationId, pinnedChunks: existing?.pinnedChunks ?? 0 };
  const pins = pinWrites(table, account, place, allowlist.tools, version) ?? tooLarge();
  const { withheld } = allowlist;
  const item = {
    ...itemOf(wanted, found, ctx.at),
    ...namesBehindStar(wanted.configuration, allowlist.tools),
    ...pins.members,
    catalogueHash,
    withheld,
    version,
  };
  const response: Output = {
    association: toAssociation({ ...key, ...item }),
    ...(allowlist.warnings.length > 0 ? { warnings: allowlist.warnings } : {}),
  };
  await commit(
    ctx,
    deps,
    [
      put(table, key, item, existing ? unchanged('association', existing.version) : absent('association')),
      countTools(account, agentSpaceId, allowlist.tools.length - (existing?.toolCount ?? 0), deps.config),
      ...(existing ? [] : counterparts(wanted, found.service, account, ctx.at, table)),
      ...pins.items,
    ],
    response,
  );
  return response;
}

function itemOf(wanted: Wanted, { service, existing }: Found, at: number) {
  const time = new Date(at).toISOString();
  return {
    agentSpaceId: wanted.agentSpaceId,
    associationId: wanted.associationId,
    serviceId: wanted.serviceId,
    serverName: service.name,
    configuration: wanted.configuration,
    ...(wanted.capabilities === undefined ? {} : { capabilities: wanted.capabilities }),
    status: 'valid' as const,
    createdAt: existing?.createdAt ?? time,
    updatedAt: time,
  };
}

/**
 * A new association has the id of the one before it, so its versions must not: a change decided on the old
 * one would pass for a change of the new one and leave wrong counts.
 */
function firstVersion({ random }: Pick<ServerDeps, 'random'>): number {
  return Math.floor(random() * 2 ** 48) + 1;
}

/** What a new association leaves at its service and among the space's names. */
function counterparts(
  { agentSpaceId, associationId, serviceId }: Wanted,
  service: ServiceItem,
  account: string,
  at: number,
  table: string,
): TransactClause[] {
  const useCount = keys.useCount(account, serviceId, useShard(agentSpaceId));
  return [
    update(table, useCount, { add: { used: 1 } }, present('service')),
    put(table, keys.usedBy(account, serviceId, agentSpaceId), {
      agentSpaceId,
      associationId,
      createdAt: new Date(at).toISOString(),
    }),
    ...claimName(table, account, agentSpaceId, service.name, serviceId),
  ];
}

async function explain(
  error: unknown,
  wanted: Wanted,
  found: Found,
  deps: ServerDeps,
  ctx: RequestContext,
): Promise<unknown> {
  if (!(error instanceof ConditionFailed)) return error;
  if (conditionFailed(error, 'service')) noService(wanted.serviceId);
  const lost = conditionFailed(error, 'space');
  if (lost && !lost.item) noSpace(wanted.agentSpaceId);
  if (lost) return quotaExceeded(lost.item as unknown as SpaceItem, deps);
  const collision = await nameCollision(
    error,
    deps,
    ctx.caller.accountId,
    wanted.agentSpaceId,
    found.service.name,
  );
  return collision ?? fail('ConflictException', 'The association keeps changing. Read it and try again.');
}

function tooLarge(): never {
  throw fail(
    'ContentSizeExceededException',
    'The definitions of the allowed tools are too large: allow fewer tools.',
  );
}

function quotaExceeded(space: SpaceItem, deps: ServerDeps): Error {
  return fail(
    'ServiceQuotaExceededException',
    `An agent space may allow ${deps.config.quotas.toolsPerSpace} tools (QUOTA_TOOLS_PER_SPACE) and this one already allows ${space.toolCount}. Allow fewer tools, or use another space.`,
  );
}
