import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { ApiError } from '../api/errors.ts';
import type { Deps, RequestContext } from '../context.ts';
import { keys } from '../store/keys.ts';

const MINUTE_MS = 60_000;

/**
 * Counts one validation against the account's minute, before any request leaves. Checks cost outbound
 * connections: without a bound an account could use Switchboard to probe others.
 * @throws ThrottlingException once the minute's quota is used up
 */
export async function countValidation(ctx: RequestContext, deps: Deps): Promise<void> {
  const quota = deps.config.quotas.validationsPerMinute;
  const minute = Math.floor(ctx.at / MINUTE_MS);
  try {
    await deps.store.send(
      new UpdateCommand({
        TableName: deps.config.tableName,
        Key: keys.validations(ctx.caller.accountId, minute),
        UpdateExpression: 'ADD used :one SET expiresAt = :expires',
        ConditionExpression: 'attribute_not_exists(used) OR used < :quota',
        ExpressionAttributeValues: { ':one': 1, ':quota': quota, ':expires': (minute + 2) * 60 },
      }),
    );
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    throw new ApiError({
      code: 'ThrottlingException',
      message: `This account may validate ${quota} servers a minute (QUOTA_VALIDATIONS_PER_MINUTE). Try again in the next minute.`,
      retryAfterSeconds: Math.ceil(((minute + 1) * MINUTE_MS - ctx.at) / 1000),
    });
  }
}
