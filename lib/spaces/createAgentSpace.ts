import { createHash } from 'node:crypto';
import { fail, invalid } from '../api/errors.ts';
import type { OperationInput, OperationOutput } from '../api/operation.ts';
import type { operations } from '../api/operations.ts';
import type { Deps, RequestContext } from '../context.ts';
import { conditionFailed } from '../store/conditionFailed.ts';
import { type Key, keys } from '../store/keys.ts';
import { getItem } from '../store/read.ts';
import type { TransactClause } from '../store/transact.ts';

import { absent, commit, put, update, withinQuota } from '../store/write.ts';

import { concernsSpace, type SpaceItem, toAgentSpace } from './spaceItem.ts';

type Input = OperationInput<typeof operations.CreateAgentSpace>;
type Output = OperationOutput<typeof operations.CreateAgentSpace>;

/** How long a clientToken answers with the same space: 8 hours, as AWS DevOps Agent does. */
const IDEMPOTENCY_SECONDS = 8 * 3600;

/** What a clientToken was used for. */
interface IdempotencyItem extends Key {
  agentSpaceId: string;
  /** Hash of the request: a token stands for one request only. */
  request: string;
  expiresAt: number;
}

/** Creates a space; a repeated clientToken with the same request answers with the space it created. */
export async function createAgentSpace(input: Input, ctx: RequestContext, deps: Deps): Promise<Output> {
  if (input.kmsKeyArn !== undefined) {
    throw invalid('/kmsKeyArn', 'is not supported for agent spaces, which hold no secret: leave it out');
  }
  const agentSpaceId = deps.newId(ctx.at);
  concernsSpace(ctx, deps, agentSpaceId);
  const attributes = spaceAttributes(agentSpaceId, input, ctx.at);
  const response: Output = {
    agentSpace: toAgentSpace({ ...keys.space(ctx.caller.accountId, agentSpaceId), ...attributes }),
    tags: input.tags,
  };
  try {
    await commit(ctx, deps, writes(attributes, input, ctx, deps), response);
    return response;
  } catch (error) {
    const earlier = conditionFailed(error, 'clientToken');
    if (earlier) return replay(earlier.item as unknown as IdempotencyItem, input, ctx, deps);
    throw explain(error, deps);
  }
}

function spaceAttributes(agentSpaceId: string, input: Input, at: number): Omit<SpaceItem, 'pk' | 'sk'> {
  const time = new Date(at).toISOString();
  return {
    agentSpaceId,
    name: input.name,
    ...(input.description === undefined ? {} : { description: input.description }),
    ...(input.locale === undefined ? {} : { locale: input.locale }),
    ...(input.preferences === undefined ? {} : { preferences: input.preferences }),
    tags: input.tags ?? {},
    createdAt: time,
    updatedAt: time,
    state: 'ENABLED',
    toolCount: 0,
    version: 1,
  };
}

function writes(
  space: Omit<SpaceItem, 'pk' | 'sk'>,
  input: Input,
  ctx: RequestContext,
  deps: Deps,
): TransactClause[] {
  const { tableName: table, quotas } = deps.config;
  const account = ctx.caller.accountId;
  return [
    put(table, keys.space(account, space.agentSpaceId), space, absent('space')),
    update(table, keys.count(account, 'SPC'), { add: { used: 1 } }, withinQuota(quotas.spaces)),
    ...(input.clientToken ? [idempotency(input.clientToken, space.agentSpaceId, input, ctx, deps)] : []),
  ];
}

function idempotency(
  token: string,
  agentSpaceId: string,
  input: Input,
  ctx: RequestContext,
  deps: Deps,
): TransactClause {
  const now = Math.floor(ctx.at / 1000);
  return put(
    deps.config.tableName,
    keys.idempotency(ctx.caller.accountId, digest(['CreateAgentSpace', token])),
    { agentSpaceId, request: requestDigest(input), expiresAt: now + IDEMPOTENCY_SECONDS },
    {
      name: 'clientToken',
      condition: 'attribute_not_exists(pk) OR expiresAt <= :now',
      values: { ':now': now },
    },
  );
}

async function replay(
  earlier: IdempotencyItem,
  input: Input,
  ctx: RequestContext,
  deps: Deps,
): Promise<Output> {
  concernsSpace(ctx, deps, earlier.agentSpaceId);
  if (earlier.request !== requestDigest(input)) {
    throw fail('ConflictException', 'This clientToken was used with other parameters. Use a new one.');
  }
  const space = await getItem<SpaceItem>(deps, keys.space(ctx.caller.accountId, earlier.agentSpaceId));
  if (!space) {
    throw fail(
      'ConflictException',
      `The agent space ${earlier.agentSpaceId} that this clientToken created was deleted. Use a new clientToken.`,
    );
  }
  return { agentSpace: toAgentSpace(space), tags: space.tags };
}

function explain(error: unknown, deps: Deps): unknown {
  if (!conditionFailed(error, 'quota')) return error;
  return fail(
    'ServiceQuotaExceededException',
    `This account may have ${deps.config.quotas.spaces} agent spaces (QUOTA_SPACES). Delete one, or raise the quota.`,
  );
}

function requestDigest(input: Input): string {
  const { clientToken: _, tags, preferences, ...rest } = input;
  const sorted = (map: object | undefined) => Object.entries(map ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  return digest([sorted(rest), sorted(tags), sorted(preferences)]);
}

function digest(parts: unknown): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}
