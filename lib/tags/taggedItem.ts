import { fail, invalid } from '../api/errors.ts';
import type { Deps, RequestContext } from '../context.ts';
import { serviceResource, spaceResource } from '../identity/arn.ts';
import { conditionFailed } from '../store/conditionFailed.ts';
import { type Key, keys } from '../store/keys.ts';
import { getItem } from '../store/read.ts';
import { commit, unchanged, update } from '../store/write.ts';

export interface TaggedItem extends Key {
  tags: Record<string, string>;
  version: number;
  endpoint?: string;
}

/**
 * Reads the item that an ARN names, in the caller's account and this region only: a foreign ARN is answered
 * like one that does not exist.
 * @throws ResourceNotFoundException
 */
export async function taggedItem(resourceArn: string, ctx: RequestContext, deps: Deps): Promise<TaggedItem> {
  const key = keyOf(resourceArn, ctx, deps);
  const item = key && (await getItem<TaggedItem>(deps, key));
  if (!item) throw notFound(resourceArn);
  if (item.endpoint) ctx.audit.add({ endpoint: item.endpoint });
  return item;
}

/** Replaces the tags of an item, with the event, unless they changed since they were read. */
export async function writeTags(
  item: TaggedItem,
  tags: Record<string, string>,
  resourceArn: string,
  ctx: RequestContext,
  deps: Deps,
): Promise<void> {
  const write = update(
    deps.config.tableName,
    { pk: item.pk, sk: item.sk },
    { set: { tags, version: item.version + 1 } },
    unchanged('tagged', item.version),
  );
  try {
    await commit(ctx, deps, [write], {});
  } catch (error) {
    const lost = conditionFailed(error, 'tagged');
    if (!lost) throw error;
    if (!lost.item) throw notFound(resourceArn);
    throw fail('ConflictException', `${resourceArn} was changed at the same time. Try again.`);
  }
}

function keyOf(resourceArn: string, ctx: RequestContext, deps: Deps): Key | undefined {
  const [, , , region, accountId, resource = ''] = resourceArn.split(':');
  const [type, id = ''] = resource.split('/');
  if (type === 'private-connection') throw invalid('/resourceArn', 'private connections are not supported');
  const place = { accountId: ctx.caller.accountId, region: deps.config.region };
  if (accountId !== place.accountId || region !== place.region) return undefined;
  ctx.audit.concerns(type === 'service' ? serviceResource(place, id) : spaceResource(place, id));
  return type === 'service' ? keys.service(place.accountId, id) : keys.space(place.accountId, id);
}

function notFound(resourceArn: string): Error {
  return fail('ResourceNotFoundException', `There is no ${resourceArn} in this account and region.`);
}
