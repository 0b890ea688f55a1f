import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Engine } from './engine.ts';
import { ensureTable } from './ensureTable.ts';

/**
 * Sees to it that the engine has the table.
 * @throws Error naming DYNAMODB_ENDPOINT when what it leads to is no engine that works
 */
export async function prepareTable(
  { kind, endpoint }: Pick<Engine, 'kind' | 'endpoint'>,
  client: DynamoDBDocumentClient,
  tableName: string,
): Promise<void> {
  try {
    await ensureTable(client, tableName);
  } catch (error) {
    const reason = failedRequest(error);
    if (kind !== 'endpoint' || reason === undefined) throw error;
    throw new Error(
      `DYNAMODB_ENDPOINT=${endpoint} does not work as a database engine: ${reason}. Start that engine, or unset the variable to use the embedded one.`,
    );
  }
}

/** Why a request to the engine failed; nothing for an error of another kind. A lost connection may have no words. */
function failedRequest(error: unknown): string | undefined {
  const { code, name, $metadata } = error as NodeJS.ErrnoException & { $metadata?: unknown };
  return code ?? ($metadata === undefined ? undefined : name);
}
