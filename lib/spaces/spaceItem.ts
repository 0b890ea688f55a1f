import type * as z from 'zod';
import { fail } from '../api/errors.ts';
import type { AgentSpace } from '../api/schemas/spaces.ts';
import type { Deps, RequestContext } from '../context.ts';
import { spaceResource } from '../identity/arn.ts';
import { type Key, keys } from '../store/keys.ts';
import { getItem } from '../store/read.ts';

/** An agent space as stored. It exists while this item does; deleting it is what ends the space. */
export interface SpaceItem extends Key {
  agentSpaceId: string;
  name: string;
  description?: string;
  locale?: string;
  preferences?: { elevatedActionsEnabled?: boolean };
  tags: Record<string, string>;
  createdAt: string;
  updatedAt: string;
  state: 'ENABLED' | 'DISABLED';
  /** Tools that its associations allow, in all. */
  toolCount: number;
  version: number;
}

/** What callers see of a space. */
export function toAgentSpace(item: SpaceItem): z.input<typeof AgentSpace> {
  const { agentSpaceId, name, description, locale, preferences, createdAt, updatedAt, state } = item;
  return { agentSpaceId, name, description, locale, preferences, createdAt, updatedAt, state };
}

/** @throws ResourceNotFoundException */
export async function requireSpace(deps: Deps, accountId: string, space: string): Promise<SpaceItem> {
  return (await getItem<SpaceItem>(deps, keys.space(accountId, space))) ?? noSpace(space);
}

/** @throws ResourceNotFoundException always */
export function noSpace(space: string): never {
  throw fail(
    'ResourceNotFoundException',
    `There is no agent space ${space} in this account. ListAgentSpaces shows those there are.`,
  );
}

/** Names the space that a call is about in its audit event. */
export function concernsSpace(ctx: RequestContext, deps: Deps, space: string): void {
  ctx.audit.concerns(spaceResource({ ...ctx.caller, region: deps.config.region }, space));
}
