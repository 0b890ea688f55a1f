import { createHash } from 'node:crypto';
import type * as z from 'zod';
import { fail } from '../api/errors.ts';
import type {
  Association,
  AssociationCapabilities,
  ServiceConfiguration,
  WithheldTool as WithheldToolShape,
} from '../api/schemas/associations.ts';
import type { Deps, RequestContext } from '../context.ts';
import { associationResource } from '../identity/arn.ts';
import { concernsService } from '../services/audited.ts';
import { concernsSpace } from '../spaces/spaceItem.ts';
import type { Key } from '../store/keys.ts';
import { WITHHELD_MESSAGES, type WithheldTool } from './withheld.ts';

/** A space's connection to a server as stored; the pinned definitions are items of their own. */
export interface AssociationItem extends Key {
  agentSpaceId: string;
  associationId: string;
  serviceId: string;
  /** The server's name when it was connected: what its name claims in the space were made from. */
  serverName: string;
  configuration: z.output<typeof ServiceConfiguration>;
  capabilities?: z.output<typeof AssociationCapabilities>;
  status: 'valid' | 'invalid' | 'pending-confirmation';
  /** Pinned tools: they count against the space's quota. */
  toolCount: number;
  /** What `*` stood for when it was confirmed: other servers' tools are compared with these names. */
  toolNames?: string[];
  pinnedChunks: number;
  /** The version that the pinned definitions were written with: they change only when it does. */
  pinnedVersion: number;
  /** Of the catalogue that the pinned definitions were last compared with. */
  catalogueHash: string;
  /** Tools that agents do not get for now. */
  withheld?: WithheldTool[];
  createdAt: string;
  updatedAt: string;
  version: number;
}

/** What callers see of an association. */
export function toAssociation(item: AssociationItem): z.input<typeof Association> {
  const { agentSpaceId, associationId, serviceId, configuration, capabilities, status } = item;
  return {
    agentSpaceId,
    associationId,
    serviceId,
    configuration,
    capabilities,
    status,
    createdAt: item.createdAt,
    updatedAt: item.updatedAt,
    ...(item.withheld?.length ? { withheldTools: item.withheld.map(toWithheldTool) } : {}),
  };
}

function toWithheldTool({ name, reason }: WithheldTool): z.input<typeof WithheldToolShape> {
  return { name, reason, message: WITHHELD_MESSAGES[reason] };
}

/** The tools that an operator wants of the server. */
export function selectionOf({ configuration }: Pick<AssociationItem, 'configuration'>) {
  const selection = configuration.mcpserver ?? configuration.mcpserversigv4;
  if (!selection) throw new Error('An association without its selection of tools');
  return selection;
}

/** Enough of a hash that the id looks like no other space's, while a space and a service have one id only. */
const SPACE_DIGITS = 12;

/** The one id of a space's association with a service; {@link serviceIdOf} is its inverse. */
export function associationIdOf(space: string, serviceId: string): string {
  return `${serviceId}-${createHash('sha256').update(space).digest('hex').slice(0, SPACE_DIGITS)}`;
}

/** The service of an association id: it can be read in the same round trip as the association. */
export function serviceIdOf(associationId: string): string {
  return associationId.slice(0, Math.max(associationId.lastIndexOf('-'), 0)) || associationId;
}

/** @throws ResourceNotFoundException always */
export function noAssociation(space: string, associationId: string): never {
  throw fail(
    'ResourceNotFoundException',
    `Agent space ${space} has no association ${associationId}. ListAssociations shows those it has.`,
  );
}

/** Names the association, its space and its service in the audit event of a call. */
export function concernsAssociation(
  ctx: RequestContext,
  deps: Deps,
  space: string,
  associationId: string,
  serviceId: string,
): void {
  const place = { accountId: ctx.caller.accountId, region: deps.config.region };
  ctx.audit.concerns(associationResource(place, space, associationId));
  concernsSpace(ctx, deps, space);
  concernsService(ctx, deps, serviceId);
}
