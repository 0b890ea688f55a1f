import type { OperationInput, OperationOutput } from '../api/operation.ts';
import type { operations } from '../api/operations.ts';
import type { Deps, RequestContext } from '../context.ts';
import { taggedItem, writeTags } from './taggedItem.ts';

/** Removes tags from a resource; keys that it does not have are passed over. */
export async function untagResource(
  input: OperationInput<typeof operations.UntagResource>,
  ctx: RequestContext,
  deps: Deps,
): Promise<OperationOutput<typeof operations.UntagResource>> {
  const item = await taggedItem(input.resourceArn, ctx, deps);
  const gone = new Set(input.tagKeys);
  const tags = Object.fromEntries(Object.entries(item.tags).filter(([key]) => !gone.has(key)));
  await writeTags(item, tags, input.resourceArn, ctx, deps);
  return {};
}
