import { randomUUID } from 'node:crypto';
import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DescribeTableCommand,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TABLE } from '../../../lib/store/table.ts';
import { ensureTable } from '../../../local/engine/ensureTable.ts';
import { availableKinds, startTestEngine, type TestEngine, testClient } from '../../support/engine.ts';

describe.each(availableKinds())('ensureTable on %s', kind => {
  let engine: TestEngine;
  beforeAll(async () => {
    engine = await startTestEngine(kind);
  });
  afterAll(() => engine?.stop());

  const newName = () => `table-${randomUUID()}`;
  const createOther = async (change: Partial<CreateTableCommandInput>) => {
    const TableName = newName();
    await engine.client.send(new CreateTableCommand({ ...TABLE, ...change, TableName }));
    return TableName;
  };
  const string = (AttributeName: string) => ({ AttributeName, AttributeType: 'S' as const });
  const [gsi1, gsi2, gsi3] = TABLE.GlobalSecondaryIndexes;

  it('creates the table with its indexes, and leaves it alone the next time', async () => {
    const name = newName();
    await ensureTable(engine.client, name);
    const describeIt = () => engine.client.send(new DescribeTableCommand({ TableName: name }));
    const first = (await describeIt()).Table;
    expect(first?.TableStatus).toBe('ACTIVE');
    const indexes = first?.GlobalSecondaryIndexes?.map(one => `${one.IndexName} ${one.IndexStatus}`);
    expect(indexes?.sort()).toEqual(['gsi1 ACTIVE', 'gsi2 ACTIVE', 'gsi3 ACTIVE']);
    await ensureTable(engine.client, name);
    expect((await describeIt()).Table?.CreationDateTime).toEqual(first?.CreationDateTime);
  });

  it('takes the table that another process created first', async () => {
    const name = newName();
    const client = testClient(engine.endpoint);
    client.middlewareStack.add(
      (next, context) => async args => {
        if (context.commandName === 'CreateTableCommand') await ensureTable(engine.client, name);
        return next(args);
      },
      { step: 'initialize' },
    );
    await ensureTable(client, name);
  });

  it('serves many callers at once', async () => {
    const name = newName();
    await Promise.all(Array.from({ length: 8 }, () => ensureTable(engine.client, name)));
  });

  it.each<[string, string, Partial<CreateTableCommandInput>]>([
    [
      'other keys',
      'its key is not pk, sk',
      {
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
        AttributeDefinitions: [...TABLE.AttributeDefinitions.slice(2), string('id')],
      },
    ],
    [
      'a number as sort key',
      'its attribute sk is not a string',
      {
        AttributeDefinitions: TABLE.AttributeDefinitions.map(one =>
          one.AttributeName === 'sk' ? { AttributeName: 'sk', AttributeType: 'N' as const } : one,
        ),
      },
    ],
    [
      'a missing index',
      'it lacks the index gsi3',
      {
        GlobalSecondaryIndexes: TABLE.GlobalSecondaryIndexes.slice(0, 2),
        AttributeDefinitions: TABLE.AttributeDefinitions.slice(0, 6),
      },
    ],
    [
      'an index with another key',
      'its index gsi2 has another key',
      {
        GlobalSecondaryIndexes: [gsi1, { ...gsi2, KeySchema: gsi2?.KeySchema.slice(0, 1) }, gsi3] as never,
        AttributeDefinitions: TABLE.AttributeDefinitions.filter(one => one.AttributeName !== 'gsi2sk'),
      },
    ],
    [
      'an index of keys only',
      'its index gsi1 does not project all attributes',
      {
        GlobalSecondaryIndexes: [
          { ...gsi1, Projection: { ProjectionType: 'KEYS_ONLY' } },
          gsi2,
          gsi3,
        ] as never,
      },
    ],
  ])('refuses a table with %s', async (_, message, change) => {
    const name = await createOther(change);
    await expect(ensureTable(engine.client, name)).rejects.toThrow(
      `${name} exists but is not Switchboard's: ${message}`,
    );
  });
});
