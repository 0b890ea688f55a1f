import { type DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb';

/** An item as stored. */
// biome-ignore lint/suspicious/noExplicitAny: tests look into items of any kind
export type StoredItem = { pk: string; sk: string } & Record<string, any>;

/** Every item of a table, as it is on disk. */
export async function allItems(
  client: DynamoDBDocumentClient,
  tableName = 'switchboard',
): Promise<StoredItem[]> {
  const items: StoredItem[] = [];
  let start: Record<string, unknown> | undefined;
  do {
    const page = await client.send(
      new ScanCommand({
        TableName: tableName,
        ConsistentRead: true,
        ...(start && { ExclusiveStartKey: start }),
      }),
    );
    items.push(...((page.Items ?? []) as StoredItem[]));
    start = page.LastEvaluatedKey;
  } while (start);
  return items;
}
