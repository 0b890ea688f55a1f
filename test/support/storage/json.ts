import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { StoredItem } from '../table.ts';

/** DynamoDB JSON, with bytes as Base64. */
export function toJson(item: StoredItem): unknown {
  return JSON.parse(
    JSON.stringify(marshall(item), (_name, value) =>
      value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value,
    ),
  );
}

/** The inverse of {@link toJson}. */
export function fromJson(item: unknown): StoredItem {
  const image = JSON.parse(JSON.stringify(item), (name, value) =>
    name === 'B' && typeof value === 'string' ? Uint8Array.from(Buffer.from(value, 'base64')) : value,
  ) as Record<string, AttributeValue>;
  return unmarshall(image) as StoredItem;
}
