import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Deps } from '../context.ts';
import type { ValidationWarning } from '../mcp/types.ts';
import { holds } from '../store/conditional.ts';
import { keys } from '../store/keys.ts';
import type { TokenPlace } from './tokenItem.ts';

/** Scopes that are remembered of one server: what it asks for beyond these, nobody would read. */
export const MAX_DEMANDED = 20;

/** Remembers what a registered server asked for, until its credential is replaced; the next consent asks for it. */
export async function rememberDemanded(
  { accountId, serviceId }: TokenPlace,
  scopes: readonly string[],
  { store, config }: Pick<Deps, 'store' | 'config'>,
): Promise<void> {
  await holds(
    store.send(
      new UpdateCommand({
        TableName: config.tableName,
        Key: keys.service(accountId, serviceId),
        UpdateExpression: 'ADD demandedScopes :scopes',
        ConditionExpression:
          'attribute_exists(pk) AND (attribute_not_exists(demandedScopes) OR size(demandedScopes) < :most)',
        ExpressionAttributeValues: { ':scopes': new Set(scopes), ':most': MAX_DEMANDED },
      }),
    ),
  );
}

/** Tells the operator, who alone can have more granted. */
export function demandWarnings(scopes: ReadonlySet<string> | undefined): ValidationWarning[] {
  if (!scopes || scopes.size === 0) return [];
  const message = `The server refused calls for want of these scopes: ${[...scopes].join(' ')}. Call UpdateService to have them granted; authorizationDiscovery asks for them by itself.`;
  return [{ code: 'SCOPES_DEMANDED', message }];
}
