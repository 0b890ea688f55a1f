import { invalid } from '../api/errors.ts';
import type { OperationInput, OperationOutput } from '../api/operation.ts';
import type { operations } from '../api/operations.ts';
import { MAX_TAGS } from '../api/schemas/tags.ts';
import type { Deps, RequestContext } from '../context.ts';
import { taggedItem, writeTags } from './taggedItem.ts';

/** Adds tags to a resource, or replaces their values. */
export async function tagResource(
  input: OperationInput<typeof operations.TagResource>,
  ctx: RequestContext,
  deps: Deps,
): Promise<OperationOutput<typeof operations.TagResource>> {
  const item = await taggedItem(input.resourceArn, ctx, deps);
  const tags = { ...item.tags, ...input.tags };
  const count = Object.keys(tags).length;
  if (count > MAX_TAGS)
    throw invalid('/tags', `the resource would have ${count} tags; ${MAX_TAGS} are allowed`);
  await writeTags(item, tags, input.resourceArn, ctx, deps);
  return {};
}
