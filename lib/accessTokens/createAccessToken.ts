import type { OperationInput, OperationOutput } from '../api/operation.ts';
import type { operations } from '../api/operations.ts';
import type { Deps, RequestContext } from '../context.ts';
import { normaliseCidrs } from '../identity/addressAllowlist.ts';
import { absent } from '../store/write.ts';
import { concernsAccessToken } from './accessTokenItem.ts';
import { issueAccessToken } from './issueAccessToken.ts';

/** Days that a token lasts when nobody says: long enough to set an agent up, short enough to be looked after. */
const DEFAULT_DAYS = 30;

/** Creates an access token of a space; its value is in this answer only. */
export async function createAccessToken(
  input: OperationInput<typeof operations.CreateAccessToken>,
  ctx: RequestContext,
  deps: Deps,
): Promise<OperationOutput<typeof operations.CreateAccessToken>> {
  const { agentSpaceId, name, scope, clientType = 'agent', expiresInDays = DEFAULT_DAYS } = input;
  // A UUIDv7 without its dashes: tokens sort by the time they were created.
  const tokenId = deps.newId(ctx.at).replaceAll('-', '');
  concernsAccessToken(ctx, deps, agentSpaceId, tokenId);
  const allowedCidrs = input.allowedCidrs && normaliseCidrs(input.allowedCidrs, '/allowedCidrs');
  const settings = { tokenId, agentSpaceId, name, scope, clientType, expiresInDays, allowedCidrs };
  const created = { createdAt: new Date(ctx.at).toISOString(), createdBy: ctx.caller.arn, version: 1 };
  return issueAccessToken({ ...settings, ...created }, absent('token'), ctx, deps);
}
