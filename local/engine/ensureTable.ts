import { isDeepStrictEqual } from 'node:util';
import {
  CreateTableCommand,
  DescribeTableCommand,
  type KeySchemaElement,
  ResourceInUseException,
  ResourceNotFoundException,
  type TableDescription,
} from '@aws-sdk/client-dynamodb';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { TABLE } from '../../lib/store/table.ts';

/** Milliseconds: embedded engines answer at once; a remote one takes some seconds to create three indexes. */
const ACTIVE_TIMEOUT_MS = 60_000;
const FIRST_POLL_MS = 5;
const MAX_POLL_MS = 500;

type Sleep = (ms: number) => Promise<unknown>;
const realSleep: Sleep = ms => new Promise(resolve => setTimeout(resolve, ms));

/**
 * Creates the table when it is missing and waits until it and its indexes are active. Callers may race.
 * @throws Error when a table of that name has other keys or lacks an index
 */
export async function ensureTable(
  client: DynamoDBDocumentClient,
  tableName: string,
  sleep: Sleep = realSleep,
): Promise<void> {
  if ((await describe(client, tableName)) === undefined) await create(client, tableName);
  let pollMs = FIRST_POLL_MS;
  for (let waited = 0; waited <= ACTIVE_TIMEOUT_MS; waited += pollMs) {
    const table = await describe(client, tableName);
    if (table) refuseOtherSchema(table, tableName);
    if (table && isActive(table)) return;
    await sleep(pollMs);
    pollMs = Math.min(pollMs * 2, MAX_POLL_MS);
  }
  throw new Error(`The table ${tableName} did not become active within ${ACTIVE_TIMEOUT_MS / 1_000} s.`);
}

async function describe(client: DynamoDBDocumentClient, name: string): Promise<TableDescription | undefined> {
  try {
    return (await client.send(new DescribeTableCommand({ TableName: name }))).Table;
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error;
  }
}

async function create(client: DynamoDBDocumentClient, name: string): Promise<void> {
  try {
    await client.send(new CreateTableCommand({ ...TABLE, TableName: name }));
  } catch (error) {
    // Another process was first.
    if (!(error instanceof ResourceInUseException)) throw error;
  }
}

function isActive(table: TableDescription): boolean {
  const indexes = table.GlobalSecondaryIndexes ?? [];
  return table.TableStatus === 'ACTIVE' && indexes.every(index => index.IndexStatus === 'ACTIVE');
}

function refuseOtherSchema(table: TableDescription, name: string): void {
  const difference =
    otherKeys(table) ?? TABLE.GlobalSecondaryIndexes.flatMap(one => otherIndex(table, one))[0];
  if (difference === undefined) return;
  throw new Error(
    `The table ${name} exists but is not Switchboard's: ${difference}. Use another table name (TABLE_NAME).`,
  );
}

function otherKeys(table: TableDescription): string | undefined {
  if (!sameKeys(table.KeySchema, TABLE.KeySchema)) return 'its key is not pk, sk';
  const types = new Map(table.AttributeDefinitions?.map(one => [one.AttributeName, one.AttributeType]));
  // An index key that is missing altogether is reported with its index.
  const wrong = TABLE.AttributeDefinitions.find(one => (types.get(one.AttributeName) ?? 'S') !== 'S');
  return wrong && `its attribute ${wrong.AttributeName} is not a string`;
}

function otherIndex(
  table: TableDescription,
  wanted: (typeof TABLE.GlobalSecondaryIndexes)[number],
): string[] {
  const name = wanted.IndexName;
  const found = table.GlobalSecondaryIndexes?.find(index => index.IndexName === name);
  if (!found) return [`it lacks the index ${name}`];
  if (!sameKeys(found.KeySchema, wanted.KeySchema)) return [`its index ${name} has another key`];
  const all = found.Projection?.ProjectionType === 'ALL';
  return all ? [] : [`its index ${name} does not project all attributes`];
}

function sameKeys(found: KeySchemaElement[] | undefined, wanted: KeySchemaElement[]): boolean {
  const normal = (keys: KeySchemaElement[]) => keys.map(key => `${key.KeyType} ${key.AttributeName}`).sort();
  return isDeepStrictEqual(normal(found ?? []), normal(wanted));
}
