import type { OperationInput, OperationOutput } from '../api/operation.ts';
import type { operations } from '../api/operations.ts';
import type { Deps, RequestContext } from '../context.ts';
import { taggedItem } from './taggedItem.ts';

/** Lists a resource's tags. */
export async function listTagsForResource(
  input: OperationInput<typeof operations.ListTagsForResource>,
  ctx: RequestContext,
  deps: Deps,
): Promise<OperationOutput<typeof operations.ListTagsForResource>> {
  const { tags } = await taggedItem(input.resourceArn, ctx, deps);
  return { tags };
}
