import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import type { Deps } from '../../../lib/context.ts';

/** Everything in the table as text, bytes as Latin-1: for secrets that must not be there. */
export async function scan({ store, config }: Pick<Deps, 'store' | 'config'>): Promise<string> {
  let text = '';
  let start: Record<string, unknown> | undefined;
  do {
    const answer = await store.send(
      new ScanCommand({
        TableName: config.tableName,
        ...(start ? { ExclusiveStartKey: start } : {}),
      }),
    );
    for (const item of answer.Items ?? []) {
      text += JSON.stringify(item, (_name, value) =>
        value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : value,
      );
    }
    start = answer.LastEvaluatedKey;
  } while (start);
  return text;
}
