import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { ApiError } from '../api/errors.ts';
import type { Deps } from '../context.ts';
import { keys } from '../store/keys.ts';

const HOUR_MS = 3_600_000;

/**
 * Clients that an account may register in an hour. Each stays at an authorization server of others, and one client
 * serves every server of an issuer: an honest account needs a few.
 */
export const CLIENT_REGISTRATIONS_PER_HOUR = 20;

/**
 * Counts one registration, before its request leaves.
 * @throws ThrottlingException once the hour's are used up
 */
export async function countClientRegistration(
  accountId: string,
  deps: Pick<Deps, 'config' | 'store' | 'now'>,
): Promise<void> {
  const now = deps.now();
  const hour = Math.floor(now / HOUR_MS);
  try {
    await deps.store.send(
      new UpdateCommand({
        TableName: deps.config.tableName,
        Key: keys.clientRegistrations(accountId, hour),
        UpdateExpression: 'ADD used :one SET expiresAt = :expires',
        ConditionExpression: 'attribute_not_exists(used) OR used < :most',
        ExpressionAttributeValues: {
          ':one': 1,
          ':most': CLIENT_REGISTRATIONS_PER_HOUR,
          ':expires': ((hour + 2) * HOUR_MS) / 1000,
        },
      }),
    );
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    throw new ApiError({
      code: 'ThrottlingException',
      message: `This account may register ${CLIENT_REGISTRATIONS_PER_HOUR} OAuth clients an hour. Try again in the next hour.`,
      retryAfterSeconds: Math.ceil(((hour + 1) * HOUR_MS - now) / 1000),
    });
  }
}
