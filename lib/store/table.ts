import type { CreateTableCommandInput, GlobalSecondaryIndex } from '@aws-sdk/client-dynamodb';

/** The table's name unless the deployment chooses another. */
export const TABLE_DEFAULT_NAME = 'switchboard';

/** Epoch seconds after which an item may be removed; readers check it, since removal lags. */
export const TTL_ATTRIBUTE = 'expiresAt';

const INDEX_NAMES = ['gsi1', 'gsi2', 'gsi3'] as const;
export type IndexName = (typeof INDEX_NAMES)[number];

/** The single table, all but its name. The stream is the deployment's addition: the embedded engine goes without. */
export const TABLE = {
  BillingMode: 'PAY_PER_REQUEST',
  AttributeDefinitions: ['pk', 'sk', ...INDEX_NAMES.flatMap(name => [`${name}pk`, `${name}sk`])].map(
    attribute => ({ AttributeName: attribute, AttributeType: 'S' as const }),
  ),
  KeySchema: keySchema('pk', 'sk'),
  GlobalSecondaryIndexes: INDEX_NAMES.map(index),
} satisfies Omit<CreateTableCommandInput, 'TableName'>;

function index(name: IndexName) {
  return {
    IndexName: name,
    KeySchema: keySchema(`${name}pk`, `${name}sk`),
    Projection: { ProjectionType: 'ALL' },
  } satisfies GlobalSecondaryIndex;
}

function keySchema(hash: string, range: string) {
  return [
    { AttributeName: hash, KeyType: 'HASH' as const },
    { AttributeName: range, KeyType: 'RANGE' as const },
  ];
}
